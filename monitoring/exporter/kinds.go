package exporter

import (
	"slices"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/kube"
)

// kind is a kind of object that kube-state-metrics reads.
type kind struct {
	group, resource string
	// labels are the labels of the object that its metric kube_<kind>_labels carries, as label_ and the name with
	// underscores: other metrics are joined with it.
	labels []string
	// metrics are the metrics about it
	// (https://github.com/kubernetes/kube-state-metrics/tree/v2.15.0/docs/metrics).
	metrics []string
}

// zoneLabel is the well-known label of a node's zone
// (https://kubernetes.io/docs/reference/labels-annotations-taints/#topologykubernetesiozone).
const zoneLabel = "topology.kubernetes.io/zone"

// namespacedKinds returns the kinds that are read in every watched namespace. ReplicaSets are not among them: pods are
// assigned to their workload by label. Neither is any Secret or ConfigMap: reading their names means reading their
// values.
func namespacedKinds() []kind {
	return []kind{
		{
			resource: "pods", labels: []string{kube.NameLabel, kube.ComponentLabel}, metrics: []string{
				"kube_pod_container_resource_limits",
				"kube_pod_container_resource_requests",
				"kube_pod_container_status_last_terminated_reason",
				"kube_pod_container_status_restarts_total",
				"kube_pod_container_status_waiting_reason",
				"kube_pod_info",
				"kube_pod_labels",
				"kube_pod_status_phase",
				"kube_pod_status_ready",
				"kube_pod_status_reason",
				"kube_pod_status_scheduled",
			},
		},
		{group: "apps", resource: "deployments", metrics: []string{
			"kube_deployment_metadata_generation",
			"kube_deployment_spec_replicas",
			"kube_deployment_status_condition",
			"kube_deployment_status_observed_generation",
			"kube_deployment_status_replicas",
			"kube_deployment_status_replicas_available",
			"kube_deployment_status_replicas_updated",
		}},
		{group: "autoscaling", resource: "horizontalpodautoscalers", metrics: []string{
			"kube_horizontalpodautoscaler_spec_max_replicas",
			"kube_horizontalpodautoscaler_spec_min_replicas",
			"kube_horizontalpodautoscaler_status_condition",
			"kube_horizontalpodautoscaler_status_current_replicas",
			"kube_horizontalpodautoscaler_status_desired_replicas",
		}},
		{group: "batch", resource: "cronjobs", metrics: []string{
			"kube_cronjob_created",
			"kube_cronjob_status_last_successful_time",
		}},
		{
			// kube_job_failed has no series as long as no Job has failed; the status metrics have one for every Job.
			group: "batch", resource: "jobs", labels: []string{kube.NameLabel, kube.ComponentLabel}, metrics: []string{
				"kube_job_labels",
				"kube_job_status_active",
				"kube_job_status_failed",
				"kube_job_status_start_time",
				"kube_job_status_succeeded",
			},
		},
		{resource: "persistentvolumeclaims", metrics: []string{
			"kube_persistentvolumeclaim_resource_requests_storage_bytes",
			"kube_persistentvolumeclaim_status_phase",
		}},
		{group: "policy", resource: "poddisruptionbudgets", metrics: []string{
			"kube_poddisruptionbudget_status_current_healthy",
			"kube_poddisruptionbudget_status_desired_healthy",
			"kube_poddisruptionbudget_status_pod_disruptions_allowed",
		}},
		{resource: "resourcequotas", metrics: []string{"kube_resourcequota"}},
	}
}

// clusterKinds returns the kinds that belong to no namespace.
func clusterKinds() []kind {
	return []kind{{
		resource: "nodes", labels: []string{cluster.PoolLabel, cluster.CapacityLabel, zoneLabel}, metrics: []string{
			"kube_node_created",
			"kube_node_info",
			"kube_node_labels",
			"kube_node_spec_taint",
			"kube_node_spec_unschedulable",
			"kube_node_status_allocatable",
			"kube_node_status_condition",
		},
	}}
}

// StateMetrics returns the names of the metrics that kube-state-metrics serves, sorted. It serves no others: add one to
// its kind before a rule or a panel reads it.
func StateMetrics() []string {
	var names []string
	for _, kind := range append(namespacedKinds(), clusterKinds()...) {
		names = append(names, kind.metrics...)
	}
	slices.Sort(names)
	return names
}
