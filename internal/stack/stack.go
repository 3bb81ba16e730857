// Package stack works on a stack of any environment through the pulumi command line, as its users do: with their login,
// their backend and their secrets provider.
package stack

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"
	"time"
)

// Stack is one stack of a project. The environment decides on the backend and the identity, as it does for pulumi.
type Stack struct {
	// Project is the folder of Pulumi.yaml.
	Project string
	// Name is the name in Pulumi.<stack>.yaml.
	Name string
}

// ErrNoStack means that the backend has no stack of the name.
var ErrNoStack = errors.New("the backend has no such stack")

// noStack is what pulumi says then
// (https://github.com/pulumi/pulumi/blob/v3.246.0/pkg/backend/backenderr/backenderr.go, StackNotFoundError).
const noStack = "no stack named "

// PulumiError means that a command of pulumi failed.
type PulumiError struct {
	// Command is the command without its flags, such as "preview".
	Command string
	// Stack is the stack that it worked on.
	Stack string
	// Said is the end of what pulumi wrote to its standard error.
	Said string
	// Err is the reason.
	Err error
}

func (e *PulumiError) Error() string {
	message := fmt.Sprintf("running pulumi %s on stack %s: %v", e.Command, e.Stack, e.Err)
	if said := strings.TrimSpace(e.Said); said != "" {
		message += "\n" + said
	}
	return message
}

// Unwrap returns the reason.
func (e *PulumiError) Unwrap() error { return e.Err }

// patience is the time that an interrupted engine has to cancel its operations and release its lock.
const patience = time.Minute

// pulumi runs one command and returns its standard output. A cancelled context interrupts the engine as Ctrl-C does.
func (s Stack) pulumi(ctx context.Context, environment []string, words ...string) ([]byte, error) {
	arguments := slices.Concat(words, []string{
		"--stack", s.Name, "--cwd", s.Project, "--non-interactive", "--color", "never",
	})
	command := exec.CommandContext(ctx, "pulumi", arguments...)
	command.Env = append(os.Environ(), environment...)
	command.Cancel = func() error { return command.Process.Signal(os.Interrupt) }
	command.WaitDelay = patience
	var printed, said bytes.Buffer
	command.Stdout, command.Stderr = &printed, &said
	if err := command.Run(); err != nil {
		if ctx.Err() != nil {
			err = errors.Join(context.Cause(ctx), err)
		}
		if strings.Contains(said.String(), noStack) {
			err = ErrNoStack
		}
		return printed.Bytes(), &PulumiError{
			Command: strings.Join(verbs(words), " "), Stack: s.Name, Said: end(said.String() + printed.String()), Err: err,
		}
	}
	return printed.Bytes(), nil
}

// verbs returns the words before the first flag.
func verbs(words []string) []string {
	for i, word := range words {
		if strings.HasPrefix(word, "-") {
			return words[:i]
		}
	}
	return words
}

// shown is how much of a failed command's output an error repeats, in bytes.
const shown = 8 << 10

func end(text string) string { return text[max(0, len(text)-shown):] }
