package stand

import (
	"context"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// ByHand is a run of the pulumi command line as a person runs it.
type ByHand struct {
	Output string
	Err    error
}

// Pulumi runs pulumi in a folder, also while a test cleans up, with what `dreamseed sandbox env`
// prints, and more variables after it.
func (s *Stand) Pulumi(t *testing.T, folder string, environment []string, words ...string) ByHand {
	t.Helper()
	return s.runByHand(t, folder, nil, environment, words...)
}

// PulumiReading is Pulumi with a text on its standard input.
func (s *Stand) PulumiReading(t *testing.T, folder, text string, words ...string) ByHand {
	t.Helper()
	return s.runByHand(t, folder, strings.NewReader(text), nil, words...)
}

func (s *Stand) runByHand(
	t *testing.T, folder string, stdin io.Reader, environment []string, words ...string,
) ByHand {
	t.Helper()
	s.hold.noteByHand(words)
	command := exec.CommandContext(context.WithoutCancel(t.Context()), s.Layout.Binary("pulumi"),
		append(words, "--non-interactive", "--color=never")...)
	command.Dir, command.Stdin = folder, stdin
	command.Env = os.Environ()
	for name, value := range s.Box.Variables() {
		command.Env = append(command.Env, name+"="+value)
	}
	command.Env = append(command.Env, environment...)
	printed, err := command.CombinedOutput()
	return ByHand{Output: string(printed), Err: err}
}
