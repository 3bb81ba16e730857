package full

import (
	"os/exec"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/monitoring/alert/alerttest"
)

func TestPromtoolAcceptsTheRulesAndTheirCases(t *testing.T) {
	t.Parallel()
	rules, tests := alerttest.Write(t, t.TempDir())
	require.NotEmpty(t, rules)
	require.NotEmpty(t, tests)
	for command, files := range map[string][]string{"check": rules, "test": tests} {
		words := append([]string{command, "rules"}, files...)
		printed, err := exec.CommandContext(t.Context(), local.Layout.Binary("promtool"), words...).CombinedOutput()
		require.NoError(t, err, string(printed))
	}
}
