package enginetest

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/enginetest/testbed"
)

const namespaceOfAPerson = `{"apiVersion": "v1", "kind": "Namespace", "metadata": {
	"name": "` + namespace + `", "labels": {"pod-security.kubernetes.io/enforce": "baseline"}}}`

const deploymentOfAPerson = `{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {
	"name": "auth-service", "namespace": "` + namespace + `"}, "spec": {
		"replicas": 0,
		"selector": {"matchLabels": {"app": "theirs"}},
		"template": {"metadata": {"labels": {"app": "theirs"}}, "spec": {
			"containers": [{"name": "theirs", "image": "theirs"}]}}}}`

func TestWhatIsThereAlreadyIsNamedBeforeItIsTakenOver(t *testing.T) {
	dying.AsTracked(t)
	dying.Destroy(t)
	dying.create(t, namespaceOfAPerson)
	dying.create(t, deploymentOfAPerson)

	_, _, err := dying.TryPreview(t, testbed.Tracked)

	require.ErrorContains(t, err, "deployment auth-service of namespace dreamseed-local", "its selector cannot be changed")
	require.ErrorContains(t, err, "Nothing was changed")
	_, _, err = dying.TryUp(t, testbed.Tracked)
	require.ErrorContains(t, err, "kubectl delete deployment auth-service --namespace dreamseed-local", "the way out")
	assert.Empty(t, dying.List(t, "services", "--namespace", namespace))

	dying.Kubectl(t, "delete", "deployment", "auth-service", "--namespace", namespace)
	_, shown, err := dying.TryPreview(t, testbed.Tracked)
	require.NoError(t, err, shown)
	warning := "namespace dreamseed-local is there already"
	assert.Contains(t, shown, warning)
	assert.Contains(t, shown, "a destroy deletes it with everything in it")
	dying.Up(t, testbed.Tracked)

	enforced := dying.Kubectl(t, "get", "namespace", namespace,
		`--output=jsonpath={.metadata.labels.pod-security\.kubernetes\.io/enforce}`)
	assert.Equal(t, "restricted", enforced)
	_, shown, err = dying.TryPreview(t, testbed.Tracked)
	require.NoError(t, err, shown)
	assert.NotContains(t, shown, warning, "it is the platform's now")
}

// create adds an object that stays when the test ends.
func (s *subject) create(t *testing.T, manifest string) {
	t.Helper()
	printed, err := s.TryKubectl(t.Context(), strings.NewReader(manifest), "create", "--filename=-")
	require.NoError(t, err, printed)
}
