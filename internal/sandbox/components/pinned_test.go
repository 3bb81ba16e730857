package components_test

import (
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/operator"
	"github.com/dreamseed/platform/internal/sandbox/components"
	"github.com/dreamseed/platform/internal/sandbox/layout"
	"github.com/dreamseed/platform/internal/sandbox/monitoring"
	"github.com/dreamseed/platform/internal/sandbox/operators"
)

func TestTheComponentsArePinned(t *testing.T) {
	project, err := filepath.Abs("../../..")
	require.NoError(t, err)
	names := map[string]bool{}
	for _, c := range slices.Concat(
		components.Always(), operators.Components(operator.Names()), components.Metrics(), monitoring.Components(),
		monitoring.Logs(), components.Judges(),
	) {
		assert.False(t, names[c.Name], "%s is listed twice", c.Name)
		names[c.Name] = true
		assert.FileExists(t, filepath.Join(project, c.Module, "go.mod"))
		flags, version, err := components.LinkerFlags(layout.Default(project), c)
		require.NoError(t, err, c.Name)
		if len(c.Variables) > 0 {
			assert.NotContains(t, flags, "{", c.Name)
			assert.Contains(t, flags, version, c.Name)
		}
	}
	assert.Len(t, names, 35)
}
