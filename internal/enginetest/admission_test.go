package enginetest

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPodSecurityAdmissionRefusesWhatIsNotRestricted(t *testing.T) {
	local.AsTracked(t)
	for _, where := range []string{namespace, "dreamseed-monitoring"} {
		t.Run(where, func(t *testing.T) {
			pod := `{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "intruder"},
				"spec": {"containers": [{"name": "intruder", "image": "intruder"}]}}`

			printed, err := local.TryKubectl(t.Context(), strings.NewReader(pod),
				"create", "--dry-run=server", "--namespace", where, "--filename=-")

			require.Error(t, err, "the control: the same API server admitted the platform's own pods")
			assert.Contains(t, printed, `violates PodSecurity "restricted:latest"`)
		})
	}
}

func TestQuotaRefusesWhatIsBeyondIt(t *testing.T) {
	local.AsTracked(t)
	pod := `{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "glutton"}, "spec": {
		"securityContext": {"runAsNonRoot": true, "runAsUser": 1000, "seccompProfile": {"type": "RuntimeDefault"}},
		"containers": [{"name": "glutton", "image": "glutton",
			"securityContext": {"allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}},
			"resources": {"requests": {"cpu": "1000", "memory": "1Gi"}, "limits": {"cpu": "1000", "memory": "1Gi"}}}]}}`

	printed, err := local.TryKubectl(t.Context(), strings.NewReader(pod),
		"create", "--dry-run=server", "--namespace", namespace, "--filename=-")

	require.Error(t, err)
	assert.Contains(t, printed, "exceeded quota")
}

func TestNodesMirrorTheNodePools(t *testing.T) {
	local.AsTracked(t)

	zones := map[string]int{}
	spot := 0
	for _, node := range local.Each(t, "nodes") {
		zones[node.Metadata.Labels["topology.kubernetes.io/zone"]]++
		capacity := node.Status["capacity"].(map[string]any)
		assert.Equal(t, "4", capacity["cpu"])
		assert.Equal(t, "16Gi", capacity["memory"])
		assert.True(t, node.Ready(), node.Metadata.Name)
		if taints, tainted := node.Spec["taints"]; tainted {
			spot++
			assert.Equal(t, []any{map[string]any{"key": "dreamseed.ai/spot", "value": "true", "effect": "NoSchedule"}}, taints)
		}
	}

	assert.Equal(t, map[string]int{"local-a": 2, "local-b": 2, "local-c": 2}, zones)
	assert.Equal(t, 3, spot)
}
