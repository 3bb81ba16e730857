package drifttest

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"

	"github.com/dreamseed/platform/internal/drift"
)

// Shell runs commands as a person does who works on the stack by hand.
type Shell struct {
	// Folder is the project of the stack.
	Folder string
	// Variables are those that `dreamseed sandbox env` prints.
	Variables map[string]string
	// Dreamseed is the path of the command line.
	Dreamseed string
	// Stack is the stack's name.
	Stack string
}

// run runs one command, and returns its standard output and its exit code.
func (s Shell) run(ctx context.Context, stdin []byte, words ...string) (printed []byte, code int, err error) {
	command := exec.CommandContext(ctx, "sh", append([]string{"-c"}, words...)...)
	command.Dir, command.Stdin, command.Env = s.Folder, bytes.NewReader(stdin), os.Environ()
	for name, value := range s.Variables {
		command.Env = append(command.Env, name+"="+value)
	}
	var said strings.Builder
	command.Stderr = &said
	printed, err = command.Output()
	if err != nil {
		err = fmt.Errorf("running %s: %w: %s", words, err, said.String())
	}
	return printed, command.ProcessState.ExitCode(), err
}

// Seen is what dreamseed drift said.
type Seen struct {
	drift.Report
	// Printed is the whole output.
	Printed string
	// Code is the exit code.
	Code int
}

// Look runs dreamseed drift with further flags.
func (s Shell) Look(ctx context.Context, flags ...string) (Seen, error) {
	words := append([]string{`"$0" drift --format json "$@"`, s.Dreamseed, "--stack", s.Stack}, flags...)
	printed, code, ran := s.run(ctx, nil, words...)
	seen := Seen{Printed: string(printed), Code: code}
	if err := json.Unmarshal(printed, &seen.Report); err != nil {
		return seen, errors.Join(ran, fmt.Errorf("reading the report: %w", err))
	}
	return seen, nil
}

// Inject makes the changes.
func (s Shell) Inject(ctx context.Context, all []Mutation) error {
	return each(all, func(one Mutation) error {
		if err := s.kubectl(ctx, one.Command); err != nil {
			return fmt.Errorf("%s: %w", one.Name, err)
		}
		return nil
	})
}

func (s Shell) kubectl(ctx context.Context, command Command) error {
	words := append([]string{`kubectl "$@"`, "kubectl"}, strings.Fields(command.Kubectl)...)
	if command.Patch != nil {
		patch, err := json.Marshal(command.Patch)
		if err != nil {
			return err
		}
		words = append(words, "--patch="+string(patch))
	}
	manifest, err := json.Marshal(command.Manifest)
	if err != nil {
		return err
	}
	_, _, err = s.run(ctx, manifest, words...)
	return err
}

// Restore takes back what a repair left, by the commands that the report names, or else by the mutations' own.
func (s Shell) Restore(ctx context.Context, all []Mutation, left drift.Report) error {
	named := each(left.Findings, func(one drift.Finding) error {
		if !one.Counts() || !strings.HasPrefix(one.Remedy, "kubectl ") || strings.HasPrefix(one.Remedy, "kubectl edit") {
			return nil
		}
		_, _, err := s.run(ctx, nil, one.Remedy)
		return err
	})
	return errors.Join(named, each(all, func(one Mutation) error {
		if one.Undo == nil {
			return nil
		}
		return s.kubectl(ctx, *one.Undo)
	}))
}

// atOnce is the number of commands that run at a time.
const atOnce = 4

func each[T any](all []T, do func(T) error) error {
	problems := make([]error, len(all))
	slots := make(chan struct{}, atOnce)
	var group sync.WaitGroup
	for i, one := range all {
		slots <- struct{}{}
		group.Go(func() {
			problems[i] = do(one)
			<-slots
		})
	}
	group.Wait()
	return errors.Join(problems...)
}
