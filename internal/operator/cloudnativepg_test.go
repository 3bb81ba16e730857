package operator_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/namespace"
	"github.com/dreamseed/platform/internal/operator"
	"github.com/dreamseed/platform/internal/operator/charttest"
	"github.com/dreamseed/platform/internal/sandbox/operators"
)

func TestCloudNativePGReachesInstancesAndIsReachedByTheAPIServer(t *testing.T) {
	var found []string
	for _, policy := range charttest.Operator(t, operator.CloudNativePG).Policies() {
		for _, peer := range policy.Peers {
			found = append(found, fmt.Sprint(policy.Direction, peer.Anywhere, peer.Namespace, peer.Pods.Labels, peer.TCP))
		}
	}
	assert.Contains(t, found, fmt.Sprint(namespace.Egress, false, services,
		map[string]string{"cnpg.io/podRole": "instance"}, []int{8000}))
	assert.Contains(t, found, fmt.Sprint(namespace.Ingress, true, "", map[string]string(nil), []int{9443}))
	assert.Len(t, found, 3, "and the API server")
}

// The source of the operator that a sandbox builds says the same ports and the same label.
func TestThePortsOfCloudNativePGAreThoseOfItsSource(t *testing.T) {
	source, _, err := operators.Source(t.Context(), charttest.Project(t), operator.CloudNativePG)
	require.NoError(t, err)
	pod := read(t, source, "config", "manager", "manager.yaml")
	assert.Contains(t, pod, "--webhook-port=9443")
	assert.Contains(t, pod, fmt.Sprintf("containerPort: %d", charttest.Operator(t, operator.CloudNativePG).MetricsPort))
	assert.Contains(t, read(t, source, "pkg", "management", "url", "url.go"),
		fmt.Sprintf("StatusPort int32 = %d", operator.InstanceStatusPort))
	labels := read(t, source, "pkg", "utils", "labels_annotations.go")
	_, label, _ := strings.Cut(operator.InstanceLabel, "/")
	assert.Regexp(t, fmt.Sprintf(`PodRoleLabelName\s+= MetadataNamespace \+ "/%s"`, label), labels)
	assert.Regexp(t, fmt.Sprintf(`PodRoleInstance PodRole = "%s"`, operator.Instance), labels)
}

// Without these, an update of the operator restarts every PostgreSQL, and it would watch every namespace.
func TestCloudNativePGIsConfiguredByItsOwnNames(t *testing.T) {
	source, _, err := operators.Source(t.Context(), charttest.Project(t), operator.CloudNativePG)
	require.NoError(t, err)
	known := read(t, source, "internal", "configuration", "configuration.go")
	values := charttest.Values(t, charttest.Registered(t, operator.CloudNativePG))
	data := values["config"].(map[string]any)["data"].(map[string]any)
	assert.Equal(t, services, data["WATCH_NAMESPACE"])
	for name := range data {
		assert.Contains(t, known, fmt.Sprintf(`env:"%s"`, name))
	}
}
