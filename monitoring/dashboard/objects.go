package dashboard

import (
	"fmt"

	"github.com/grafana/grafana-foundation-sdk/go/units"

	"github.com/dreamseed/platform/monitoring/contract"
)

// objects shows the Kubernetes objects that kube-state-metrics sees: those of the platform.
func objects() page {
	return page{
		uid: "platform-objects", title: "Kubernetes objects", folder: platformFolder,
		answers: "Do the objects of the platform have the state that they should have?",
		rows: []row{
			{"Pods", podStates()},
			{"Workloads", workloads()},
			{"Limits", limits()},
		},
	}
}

// within is the legend of series by namespace and another label.
func within(label string) string { return "{{" + contract.LabelNamespace + "}} {{" + label + "}}" }

// byNamespace lists the labels of series by namespace and another label.
func byNamespace(label string) string { return contract.LabelNamespace + ", " + label }

func podStates() []panel {
	restarts := object("kube_pod_container_status_restarts_total")
	return []panel{
		{
			kind: lines, title: "Pods by phase", unit: units.Short,
			description: "Pods by namespace and phase. Succeeded are finished Jobs; Pending ones find no node, image or volume.",
			queries:     []query{{sum(byNamespace("phase"), object("kube_pod_status_phase")) + " > 0", within("phase")}},
		},
		{
			kind: lines, title: "Pods that run and are not ready", unit: units.Short,
			description: "Pods that get no requests: they are starting, or fail their probe.",
			queries:     []query{{unready(), "{{" + contract.LabelNamespace + "}}"}},
		},
		{
			kind: lines, title: "Restarts", unit: units.Short,
			description: "The ten pods with the most restarts in the hour before.",
			queries: []query{{
				"topk(10, " + sum(byNamespace(contract.LabelPod), "increase("+restarts+"[1h])") + ")", within(contract.LabelPod),
			}},
		},
	}
}

// unready counts the running pods that are not ready. A finished pod is not ready, either.
func unready() string {
	notReady := object("kube_pod_status_ready", contract.Equal(labelCondition, "false"))
	return sum(contract.LabelNamespace, ofRunning(notReady))
}

func workloads() []panel {
	deployment := func(name string) string {
		return sum(byNamespace("deployment"), object("kube_deployment_"+name))
	}
	autoscaler := func(name string, matchers ...string) string {
		return sum(byNamespace(labelAutoscaler), object("kube_horizontalpodautoscaler_"+name, matchers...))
	}
	blind := autoscaler("status_condition",
		contract.Equal(labelCondition, "ScalingActive"), contract.Equal(labelStatus, "false"))
	jobs := func(state string) query {
		counted := sum(contract.LabelNamespace, object("kube_job_status_"+state))
		return query{counted, "{{" + contract.LabelNamespace + "}} " + state}
	}
	return []panel{
		{
			kind: lines, title: "Unavailable replicas", unit: units.Short,
			description: "Pods that Deployments lack. During a release that is normal.",
			queries: []query{{
				deployment("spec_replicas") + " - " + deployment("status_replicas_available"), within("deployment"),
			}},
		},
		{
			kind: lines, title: "Autoscalers", unit: units.PercentUnit,
			description: "Replicas as a share of the autoscaler's maximum. At 100 % further load makes the workload slow.",
			queries: []query{{
				autoscaler("status_current_replicas") + " / " + autoscaler("spec_max_replicas"), within(labelAutoscaler),
			}},
		},
		{
			kind: lines, title: "Autoscalers without metrics", unit: units.Short,
			description: "1 for an autoscaler that cannot read its metrics, and therefore does not scale.",
			queries:     []query{{blind, within(labelAutoscaler)}},
		},
		{
			kind: lines, title: "Jobs", unit: units.Short,
			description: "Pods of Jobs that run, succeeded and failed. The Jobs of services are their migrations.",
			queries:     []query{jobs("active"), jobs("succeeded"), jobs("failed")},
		},
	}
}

func limits() []panel {
	quota := func(kind string) string {
		amounts := object("kube_resourcequota", contract.Equal("type", kind))
		return sum(byNamespace("resourcequota")+", "+labelResource, amounts)
	}
	volume := func(name string) string {
		return highest(byNamespace("persistentvolumeclaim"),
			job(contract.JobKubeletVolumes).Of("kubelet_volume_stats_"+name+"_bytes"))
	}
	return []panel{
		{
			kind: lines, title: "Quotas", unit: units.PercentUnit,
			description: "The share of each quota that is used. At 100 % the API server refuses further pods.",
			queries:     []query{{fmt.Sprintf("%s / (%s > 0)", quota("used"), quota("hard")), within(labelResource)}},
		},
		{
			kind: lines, title: "Volumes", unit: units.PercentUnit,
			description: "The share of each mounted volume that is used. A full volume stops its program.",
			queries:     []query{{volume("used") + " / " + volume("capacity"), within("persistentvolumeclaim")}},
		},
	}
}
