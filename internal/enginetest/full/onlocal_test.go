package full

import (
	"bytes"
	"context"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// dreamseed runs the command line on the stack local, and returns what it prints.
func dreamseed(t *testing.T, words ...string) string {
	t.Helper()
	printed, code := onLocal(t.Context(), t, filepath.Join(local.Project, "dreamseed"), words...)
	require.Zero(t, code, printed)
	return printed
}

// onLocal runs a program on the stack local with the variables that `dreamseed sandbox env` prints. It returns what the
// program printed, and its exit code.
func onLocal(ctx context.Context, t *testing.T, program string, words ...string) (string, int) {
	t.Helper()
	command := exec.CommandContext(ctx, program, words...)
	command.Dir, command.Env = local.Project, local.Shell()
	var printed bytes.Buffer
	command.Stdout, command.Stderr = &printed, &printed
	err := command.Run()
	if failed := (&exec.ExitError{}); err != nil {
		require.ErrorAs(t, err, &failed, printed.String())
	}
	return printed.String(), command.ProcessState.ExitCode()
}
