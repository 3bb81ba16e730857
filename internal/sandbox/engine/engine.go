// Package engine drives the pulumi command line for one stack of the sandbox.
//
// The command line rather than the Automation API: it shows the engine's own progress, takes signals as a user's run
// does, and compiles nothing more. What it needs beyond a user's run is here: an environment in which nothing ambient
// can redirect it, a project folder of its own, the outcome as data, and the repair of what a killed run left behind.
package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"github.com/dreamseed/platform/internal/sandbox/layout"
)

// Engine runs Pulumi operations on one stack. One at a time: the caller holds the stack's lock.
type Engine struct {
	layout layout.Layout
	stack  layout.Stack
}

// New is the engine of one stack. It touches nothing yet.
func New(l layout.Layout, s layout.Stack) *Engine {
	return &Engine{layout: l, stack: s}
}

// Options shape one operation. The zero value is silent, without colours, and trusts the state.
type Options struct {
	// Out takes a line for each resource that changes, and warnings; errors are in the error. Default: nothing is shown.
	Out io.Writer
	// Color colours the lines. Default: plain text.
	Color bool
	// Refresh makes a preview look at the live objects, and so show drift; an up always does. Default: trust the state.
	Refresh bool
	// ExpectNoChanges makes any change an error; destroy ignores it. Default: changes are what one runs it for.
	ExpectNoChanges bool
	// Environment is added last to the engine's environment, as "NAME=value". Default: nothing.
	Environment []string

	// expected is how many lines there will be on Out, where that is known.
	expected int
}

// Preview says what an Up would do and changes nothing.
func (e *Engine) Preview(ctx context.Context, options Options) (Summary, error) {
	return e.operate(ctx, "preview", options, options.drift(), options.expectation())
}

// Destroy deletes everything that the state knows. Where any of it is protected a preview comes first, which refuses it
// before anything is touched.
func (e *Engine) Destroy(ctx context.Context, options Options) (Summary, error) {
	state, err := e.readState()
	if err != nil {
		return Summary{}, err
	}
	if state.protects() {
		if summary, err := e.operate(ctx, "destroy", options.silent(), []string{"--preview-only"}); err != nil {
			return summary, err
		}
	}
	options.expected = state.size()
	return e.operate(ctx, "destroy", options, approved)
}

// quiet leaves out the stack's outputs, which hold nothing that the run did not show.
var quiet = []string{"--suppress-outputs"}

// approved stands in for the question that a terminal would be asked.
var approved = []string{"--yes", "--skip-preview"}

// silent are the options of an operation that nobody watches.
func (o Options) silent() Options {
	o.Out = nil
	return o
}

func (o Options) drift() []string {
	if !o.Refresh {
		return nil
	}
	return refreshing
}

func (o Options) expectation() []string {
	if !o.ExpectNoChanges {
		return nil
	}
	return []string{"--expect-no-changes"}
}

// parallelism is how many operations run at once. Most of an operation is the provider's wait for quiet, so it is
// far above the engine's default.
const parallelism = "64"

// operate runs one of the commands that change or compare resources, and reads what it did from its event log.
func (e *Engine) operate(ctx context.Context, command string, options Options, flags ...[]string) (Summary, error) {
	events, err := newEventLog(e.stack.Processes())
	if err != nil {
		return Summary{}, err
	}
	arguments := []string{command, "--parallel", parallelism, "--event-log", events.path}
	for _, more := range flags {
		arguments = append(arguments, more...)
	}
	end := events.follow(options.report())
	complaint, runErr := e.pulumi(ctx, options, arguments...)
	happened, readErr := end()
	summary := summarize(happened)
	if runErr == nil {
		// What it warned of before it began is in no event.
		say(options.Out, "%s", complaint)
	} else {
		runErr = &RunError{
			Command: command, Stack: e.stack.Name, Failures: summary.failures, Complaint: complaint, Err: runErr,
		}
	}
	return summary, errors.Join(runErr, readErr, events.remove())
}

func (e *Engine) record() string { return filepath.Join(e.stack.Processes(), "engine.json") }

func (e *Engine) stackConfig() string {
	return filepath.Join(e.stack.Project(), fmt.Sprintf("Pulumi.%s.yaml", e.stack.Name))
}
