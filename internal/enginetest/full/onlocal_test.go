package full

import (
	"bytes"
	"context"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/enginetest/testbed"
)

// dreamseed runs the command line on the stack local, and returns what it prints.
func dreamseed(t *testing.T, words ...string) string {
	t.Helper()
	return dreamseedOn(t, local, words...)
}

// dreamseedOn runs the command line on the stack of a testbed, and returns what it prints.
func dreamseedOn(t *testing.T, stand *testbed.Testbed, words ...string) string {
	t.Helper()
	printed, code := on(t.Context(), t, stand, filepath.Join(stand.Project, "dreamseed"), words...)
	require.Zero(t, code, printed)
	return printed
}

// onLocal runs a program on the stack local.
func onLocal(ctx context.Context, t *testing.T, program string, words ...string) (string, int) {
	t.Helper()
	return on(ctx, t, local, program, words...)
}

// on runs a program on the stack of a testbed with the variables that `dreamseed sandbox env` prints. It returns what
// the program printed, and its exit code.
func on(ctx context.Context, t *testing.T, stand *testbed.Testbed, program string, words ...string) (string, int) {
	t.Helper()
	command := exec.CommandContext(ctx, program, words...)
	command.Dir, command.Env = stand.Project, stand.Shell()
	var printed bytes.Buffer
	command.Stdout, command.Stderr = &printed, &printed
	err := command.Run()
	if failed := (&exec.ExitError{}); err != nil {
		require.ErrorAs(t, err, &failed, printed.String())
	}
	return printed.String(), command.ProcessState.ExitCode()
}
