package exporter_test

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/pod-security-admission/api"

	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/monitoring/exporter"
)

// watched are two namespaces, one of them twice and not in order.
func watched() []string {
	return []string{"dreamseed-staging", "dreamseed-monitoring", "dreamseed-staging"}
}

// readers returns the Deployments of kube-state-metrics: that of namespaced objects, and that of nodes.
func readers(t *testing.T) (objects, nodes *mocktest.Resource) {
	t.Helper()
	built := both(t)
	require.Len(t, built.OfType(deploymentType), 2)
	return built.Get(t, deploymentType, "state-objects-deployment"), built.Get(t, deploymentType, "state-nodes-deployment")
}

func list(flag string) []string { return strings.Split(flag, ",") }

// A second pod would return every series again, and a sum over them would double.
func TestEveryObjectIsReadByOnePod(t *testing.T) {
	for _, deployment := range both(t).Each(t, deploymentType) {
		assert.Equal(t, 1, deployment.At("spec", "replicas"), deployment.Name)
		assert.Equal(t, map[string]any{"type": "Recreate"}, deployment.At("spec", "strategy"), "not even during an update")
	}
}

// A process with more than one namespace returns each series of a node as often
// (https://github.com/kubernetes/kube-state-metrics/issues/2878).
func TestNodesAreReadWithoutNamespaces(t *testing.T) {
	objects, nodes := readers(t)
	assert.Equal(t, "nodes", flags(t, nodes)["--resources"])
	assert.NotContains(t, flags(t, nodes), "--namespaces")
	assert.NotContains(t, list(flags(t, objects)["--resources"]), "nodes")
}

func TestObjectsAreReadInTheWatchedNamespaces(t *testing.T) {
	objects, _ := readers(t)
	assert.Equal(t, "dreamseed-monitoring,dreamseed-staging", flags(t, objects)["--namespaces"], "each once")
	assert.ElementsMatch(t, []string{
		"cronjobs", "deployments", "horizontalpodautoscalers", "jobs", "persistentvolumeclaims", "poddisruptionbudgets",
		"pods", "resourcequotas",
	}, list(flags(t, objects)["--resources"]))
}

// Without the argument, it would try to read every namespace, and be refused.
func TestAtLeastOneNamespaceIsWatched(t *testing.T) {
	try := func(watched ...string) error {
		_, err := mocktest.Try(func(ctx *pulumi.Context) error {
			_, err := exporter.NewKubeStateMetrics(ctx, "state", &exporter.KubeStateMetricsArgs{
				Namespace: "dreamseed-monitoring", Watched: watched,
			})
			return err
		})
		return err
	}
	require.ErrorContains(t, try(), "building state: no namespace is watched")
	assert.NoError(t, try("dreamseed-staging"))
}

// rights returns the resources that the rules of a role let somebody list and watch, and fails on any other verb.
func rights(t *testing.T, role *mocktest.Resource) []string {
	t.Helper()
	rules, _ := role.At("rules").([]any)
	require.NotEmpty(t, rules, role.Name)
	var resources []string
	for _, rule := range rules {
		assert.Equal(t, []any{"list", "watch"}, mocktest.At(rule, "verbs"), role.Name)
		assert.Nil(t, mocktest.At(rule, "nonResourceURLs"))
		for _, resource := range mocktest.At(rule, "resources").([]any) {
			resources = append(resources, resource.(string))
		}
	}
	return resources
}

// account is the subject of a binding: the service account of a reader.
func account(name string) []any {
	return []any{map[string]any{"kind": "ServiceAccount", "name": name, "namespace": "dreamseed-monitoring"}}
}

func TestObjectsMayBeReadWhereTheyAreWatchedAndNowhereElse(t *testing.T) {
	built := both(t)
	objects, _ := readers(t)
	var namespaces []any
	for _, role := range built.Each(t, roleType) {
		assert.ElementsMatch(t, list(flags(t, objects)["--resources"]), rights(t, role), role.Name)
		namespaces = append(namespaces, role.At("metadata", "namespace"))
	}
	assert.ElementsMatch(t, []any{"dreamseed-monitoring", "dreamseed-staging"}, namespaces)
	var bound []any
	for _, binding := range built.Each(t, bindingType) {
		assert.Equal(t, map[string]any{
			"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": "kube-state-metrics",
		}, binding.At("roleRef"))
		assert.Equal(t, account("kube-state-metrics"), binding.At("subjects"))
		bound = append(bound, binding.At("metadata", "namespace"))
	}
	assert.ElementsMatch(t, namespaces, bound)
}

func TestNodesAreAllThatMayBeReadInTheWholeCluster(t *testing.T) {
	built := both(t)
	require.Len(t, built.OfType(clusterRoleType), 1)
	role := built.Get(t, clusterRoleType, "state-nodes-cluster-role")
	assert.Equal(t, []string{"nodes"}, rights(t, role))
	assert.Equal(t, "dreamseed-monitoring-kube-state-metrics-nodes", role.At("metadata", "name"),
		"another kube-state-metrics of the cluster keeps its own")
	require.Len(t, built.OfType(clusterBindingType), 1)
	binding := built.Get(t, clusterBindingType, "state-nodes-cluster-binding")
	assert.Equal(t, account("kube-state-metrics-nodes"), binding.At("subjects"))
	assert.Equal(t, map[string]any{
		"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": role.At("metadata", "name"),
	}, binding.At("roleRef"))
}

// The groups are those of https://kubernetes.io/docs/reference/kubernetes-api.
func TestRightsNameTheGroupOfEachKind(t *testing.T) {
	groups := map[string]string{
		"cronjobs": "batch", "deployments": "apps", "horizontalpodautoscalers": "autoscaling", "jobs": "batch", "nodes": "",
		"persistentvolumeclaims": "", "poddisruptionbudgets": "policy", "pods": "", "resourcequotas": "",
	}
	built := both(t)
	for _, role := range append(built.Each(t, roleType), built.Each(t, clusterRoleType)...) {
		rules, _ := role.At("rules").([]any)
		require.NotEmpty(t, rules)
		for _, rule := range rules {
			resource, _ := mocktest.At(rule, "resources", 0).(string)
			assert.Equal(t, []any{groups[resource]}, mocktest.At(rule, "apiGroups"), resource)
		}
	}
}

// It backs off from a kind that it may not read.
func TestAReadersFirstPodHasItsRights(t *testing.T) {
	objects, nodes := readers(t)
	objects.AssertDependsOn(t, mocktest.Ref(bindingType, "state-objects-binding-dreamseed-monitoring"),
		mocktest.Ref(bindingType, "state-objects-binding-dreamseed-staging"))
	nodes.AssertDependsOn(t, mocktest.Ref(clusterBindingType, "state-nodes-cluster-binding"))
}

// The allowlist consists of regular expressions that match anywhere in a name.
func TestOnlyTheListedMetricsAreServed(t *testing.T) {
	objects, nodes := readers(t)
	var served []string
	for _, deployment := range []*mocktest.Resource{objects, nodes} {
		for _, pattern := range list(flags(t, deployment)["--metric-allowlist"]) {
			name := strings.Trim(pattern, "^$")
			assert.Regexp(t, pattern, name)
			assert.NotRegexp(t, pattern, name+"_time", "a longer name is another metric")
			assert.NotRegexp(t, pattern, "x"+name)
			served = append(served, name)
		}
	}
	assert.ElementsMatch(t, exporter.StateMetrics(), served)
	assert.Regexp(t, "kube_pod_status_ready", "kube_pod_status_ready_time", "the control")
}

// Series without an own name for a label could not be joined with anything.
func TestLabelsThatMetricsAreJoinedByAreServed(t *testing.T) {
	objects, nodes := readers(t)
	assert.Equal(t, "pods=[app.kubernetes.io/name,app.kubernetes.io/component],"+
		"jobs=[app.kubernetes.io/name,app.kubernetes.io/component]", flags(t, objects)["--metric-labels-allowlist"])
	assert.Equal(t, "nodes=[dreamseed.ai/pool,dreamseed.ai/capacity,topology.kubernetes.io/zone]",
		flags(t, nodes)["--metric-labels-allowlist"])
	assert.Subset(t, exporter.StateMetrics(), []string{"kube_job_labels", "kube_node_labels", "kube_pod_labels"},
		"the labels are on these metrics alone")
}

// kube_job_failed exists for Jobs that have failed only: an alert on it would look healthy for the wrong reason.
func TestMetricsThatExistOnlyInTroubleAreLeftOut(t *testing.T) {
	assert.NotContains(t, exporter.StateMetrics(), "kube_job_failed")
	assert.Contains(t, exporter.StateMetrics(), "kube_job_status_failed")
}

func TestPortsAreThoseOfTheContract(t *testing.T) {
	for _, deployment := range both(t).Each(t, deploymentType) {
		given := flags(t, deployment)
		assert.Equal(t, strconv.Itoa(exporter.KubeStateMetricsPort), given["--port"])
		assert.Equal(t, strconv.Itoa(exporter.KubeStateMetricsTelemetryPort), given["--telemetry-port"])
		assert.Equal(t, []corev1.ContainerPort{
			{Name: "metrics", ContainerPort: 8080, Protocol: corev1.ProtocolTCP},
			{Name: "telemetry", ContainerPort: 8081, Protocol: corev1.ProtocolTCP},
		}, container(t, deployment).Ports)
	}
}

// /livez fails while the API server is away, and a restarted process could not start without it.
func TestAnAPIServerThatIsAwayRestartsNothing(t *testing.T) {
	for _, deployment := range both(t).Each(t, deploymentType) {
		probed := container(t, deployment)
		assert.Equal(t, "/healthz", probed.LivenessProbe.HTTPGet.Path)
		assert.Equal(t, "metrics", probed.LivenessProbe.HTTPGet.Port.String())
		assert.Equal(t, "/readyz", probed.ReadinessProbe.HTTPGet.Path)
		assert.Equal(t, "telemetry", probed.ReadinessProbe.HTTPGet.Port.String(), "the other port has no such path")
	}
}

func TestTheEngineWaitsForTheNewReaders(t *testing.T) {
	for _, deployment := range both(t).Each(t, deploymentType) {
		annotation, _ := deployment.At("metadata", "annotations", "pulumi.com/waitFor").(string)
		var conditions []string
		require.NoError(t, json.Unmarshal([]byte(annotation), &conditions), annotation)
		assert.Contains(t, conditions, "jsonpath={$.spec[?$.status.availableReplicas == $.spec.replicas]}")
		assert.Equal(t, 300, deployment.At("spec", "progressDeadlineSeconds"), "less than the engine's ten minutes")
	}
}

func TestReadersAreRestricted(t *testing.T) {
	for _, deployment := range both(t).Each(t, deploymentType) {
		assert.Empty(t, violations(t, api.LevelRestricted, pod(t, deployment)), deployment.Name)
	}
}

func TestDependentsWaitForTheReaders(t *testing.T) {
	mocktest.Run(t, func(ctx *pulumi.Context) error {
		metrics, err := exporter.NewKubeStateMetrics(ctx, "state", &exporter.KubeStateMetricsArgs{
			Namespace: "dreamseed-monitoring", Watched: watched(),
		})
		require.NoError(t, err)
		assert.Len(t, metrics.Objects, 2)
		return nil
	})
}
