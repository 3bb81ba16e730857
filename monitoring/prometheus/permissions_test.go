package prometheus_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/mocktest"
)

// permission is a rule as the API server reads it, of the core group.
func permission(resource string, verbs ...any) map[string]any {
	return map[string]any{"apiGroups": []any{""}, "resources": []any{resource}, "verbs": verbs}
}

func TestPrometheusMayListThePodsOfWhatItScrapesAndNothingElse(t *testing.T) {
	recording := built(t, production())
	var namespaces []any
	for _, role := range recording.Each(t, roleType) {
		namespaces = append(namespaces, role.At("metadata", "namespace"))
		assert.Equal(t, []any{permission("pods", "list", "watch")}, role.At("rules"))
	}
	assert.ElementsMatch(t, []any{"services", "argo-rollouts"}, namespaces)
}

func TestInTheWholeClusterItMayFindNodesAndReadTheirMetrics(t *testing.T) {
	roles := built(t, production()).OfType(clusterRoleType)
	require.Len(t, roles, 1)
	assert.Equal(t, []any{permission("nodes", "list", "watch"), permission("nodes/metrics", "get")}, roles[0].At("rules"))
	assert.Equal(t, "monitoring-prometheus", roles[0].At("metadata", "name"))
}

func TestPermissionsAreBoundToTheAccountOfPrometheus(t *testing.T) {
	recording := built(t, production())
	bindings := map[string]string{roleBindType: "Role", clusterBindType: "ClusterRole"}
	for token, kind := range bindings {
		for _, binding := range recording.Each(t, token) {
			assert.Equal(t, []any{map[string]any{
				"kind": "ServiceAccount", "name": "prometheus", "namespace": "monitoring",
			}}, binding.At("subjects"))
			assert.Equal(t, map[string]any{
				"apiGroup": "rbac.authorization.k8s.io", "kind": kind, "name": binding.At("metadata", "name"),
			}, binding.At("roleRef"))
		}
	}
	for _, role := range recording.Each(t, roleType) {
		namespace, _ := role.At("metadata", "namespace").(string)
		binding := recording.Get(t, roleBindType, "prometheus-pods-of-"+namespace+"-binding")
		assert.Equal(t, namespace, binding.At("metadata", "namespace"))
	}
}

func TestAReplicaStartsOnceItMayDiscover(t *testing.T) {
	recording := built(t, production())
	for _, deployment := range recording.Each(t, deploymentType) {
		deployment.AssertDependsOn(t,
			mocktest.Ref(roleBindType, "prometheus-pods-of-services-binding"),
			mocktest.Ref(roleBindType, "prometheus-pods-of-argo-rollouts-binding"),
			mocktest.Ref(clusterBindType, "prometheus-nodes-binding"))
	}
}

func TestPermissionsAndFilesWaitForTheirNamespaces(t *testing.T) {
	recording := built(t, production())
	for _, token := range []string{roleType, roleBindType, clusterRoleType, clusterBindType, configMapType} {
		for _, one := range recording.Each(t, token) {
			one.AssertDependsOn(t, mocktest.EarlierRef)
		}
	}
}
