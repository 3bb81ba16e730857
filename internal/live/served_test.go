package live

import (
	"context"
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/operator"
)

// groupsOnly is an API server that lists its groups, in the format of
// https://kubernetes.io/docs/reference/using-api/#api-groups.
type groupsOnly struct{ answer string }

func (g groupsOnly) Read(_ context.Context, _ string, answer any) error {
	return json.Unmarshal([]byte(g.answer), answer)
}

func (groupsOnly) ReadMetadata(context.Context, string, any) error { return nil }

func TestAnOperatorIsServedInTheVersionThatIsRead(t *testing.T) {
	serves, err := Served(t.Context(), groupsOnly{`{"kind": "APIGroupList", "groups": [
		{"name": "argoproj.io", "versions": [{"groupVersion": "argoproj.io/v1alpha1", "version": "v1alpha1"}]},
		{"name": "external-secrets.io", "versions": [{"groupVersion": "external-secrets.io/v1beta1", "version": "v1beta1"}]}
	]}`})
	require.NoError(t, err)
	assert.True(t, serves(operator.ArgoRollouts))
	assert.False(t, serves(operator.ExternalSecrets), "an older version has other fields")
	assert.False(t, serves(operator.SealedSecrets), "it is not installed")
	assert.False(t, serves(operator.CloudNativePG), "nor is PostgreSQL's")
}
