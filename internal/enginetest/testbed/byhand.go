package testbed

import (
	"context"
	"io"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// ByHand is the result of a run of the pulumi command line as a person runs it.
type ByHand struct {
	Output string
	Err    error
}

// Pulumi runs pulumi in a folder, with the variables that `dreamseed sandbox env` prints and further ones after them.
// It also works during a test's clean-up.
func (s *Testbed) Pulumi(t *testing.T, folder string, environment []string, words ...string) ByHand {
	t.Helper()
	return s.runByHand(t, folder, nil, environment, words...)
}

// PulumiReading is Pulumi with a text on its standard input.
func (s *Testbed) PulumiReading(t *testing.T, folder, text string, words ...string) ByHand {
	t.Helper()
	return s.runByHand(t, folder, strings.NewReader(text), nil, words...)
}

func (s *Testbed) runByHand(
	t *testing.T, folder string, stdin io.Reader, environment []string, words ...string,
) ByHand {
	t.Helper()
	s.hold.noteByHand(words)
	command := exec.CommandContext(context.WithoutCancel(t.Context()), s.Layout.Binary("pulumi"),
		append(words, "--non-interactive", "--color=never")...)
	command.Dir, command.Stdin = folder, stdin
	command.Env = append(s.Shell(), environment...)
	printed, err := command.CombinedOutput()
	return ByHand{Output: string(printed), Err: err}
}

// Shell returns the environment of a person who has evaluated what `dreamseed sandbox env` prints.
func (s *Testbed) Shell() []string {
	environment := os.Environ()
	for name, value := range s.Box.Variables() {
		environment = append(environment, name+"="+value)
	}
	return environment
}
