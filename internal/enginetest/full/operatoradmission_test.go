package full

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"

	"github.com/dreamseed/platform/internal/operator"
	"github.com/dreamseed/platform/internal/operator/charttest"
)

// operatorsHome is a namespace like those into which a real environment installs operators. A sandbox has none: its
// operators run beside the control plane.
const operatorsHome = "home-of-operators"

// The pods come from the charts rendered by Helm with our values, or from the recorded facts about a chart.
func TestPodSecurityAdmissionAdmitsTheOperatorsPods(t *testing.T) {
	local.AsTracked(t)
	makeOperatorsHome(t)

	careless := corev1.PodTemplateSpec{Spec: corev1.PodSpec{
		Containers: []corev1.Container{{Name: "careless", Image: "careless"}},
	}}
	printed, err := admit(t, "careless", careless)
	require.Error(t, err, "the control")
	assert.Contains(t, printed, `violates PodSecurity "restricted:latest"`)

	for _, name := range operator.Names() {
		t.Run(string(name), func(t *testing.T) {
			pods := charttest.Pods(t, name)
			require.NotEmpty(t, pods)
			for maker, template := range pods {
				printed, err := admit(t, maker, template)
				assert.NoError(t, err, "%s: %s", maker, printed)
			}
		})
	}
}

// makeOperatorsHome creates the namespace, with the Pod Security level of the services' namespace, until the test ends.
// Its one service account stands for the charts' own: this test does not check permissions.
func makeOperatorsHome(t *testing.T) {
	t.Helper()
	services := local.List(t, "namespaces", "--field-selector", "metadata.name="+local.Namespace())
	require.Len(t, services, 1)
	labels := map[string]string{}
	for key, value := range services[0].Metadata.Labels {
		if strings.HasPrefix(key, "pod-security.kubernetes.io/") {
			labels[key] = value
		}
	}
	require.Equal(t, "restricted", labels["pod-security.kubernetes.io/enforce"])
	manifest, err := json.Marshal(map[string]any{"apiVersion": "v1", "kind": "List", "items": []any{
		map[string]any{"apiVersion": "v1", "kind": "Namespace", "metadata": map[string]any{
			"name": operatorsHome, "labels": labels,
		}},
		map[string]any{"apiVersion": "v1", "kind": "ServiceAccount", "metadata": map[string]any{
			"name": "operator", "namespace": operatorsHome,
		}},
	}})
	require.NoError(t, err)
	t.Cleanup(func() {
		printed, err := local.TryKubectl(context.WithoutCancel(t.Context()), nil,
			"delete", "namespace", operatorsHome, "--ignore-not-found")
		assert.NoError(t, err, printed)
	})
	printed, err := local.TryKubectl(t.Context(), strings.NewReader(string(manifest)), "create", "--filename=-")
	require.NoError(t, err, printed)
}

// admit asks the API server whether it would admit a pod with that template, and returns its answer.
func admit(t *testing.T, name string, template corev1.PodTemplateSpec) (string, error) {
	t.Helper()
	pod := corev1.Pod{Spec: template.Spec}
	pod.APIVersion, pod.Kind = "v1", "Pod"
	pod.Name, pod.Namespace, pod.Labels, pod.Annotations = name, operatorsHome, template.Labels, template.Annotations
	pod.Spec.ServiceAccountName = "operator"
	manifest, err := json.Marshal(pod)
	require.NoError(t, err)
	return local.TryKubectl(t.Context(), strings.NewReader(string(manifest)),
		"create", "--dry-run=server", "--filename=-")
}
