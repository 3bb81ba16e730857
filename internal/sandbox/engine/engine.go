// Package engine drives the pulumi command line for one stack of the sandbox.
//
// It uses the command line rather than the Automation API because the command line shows the engine's own progress,
// handles signals as in a user's run, and adds no code to compile. This package adds what a user's run does not need:
// an environment in which nothing ambient can redirect the engine, a project folder of its own, the outcome as data,
// and the repair of what a killed run left behind.
package engine

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"github.com/pulumi/pulumi/sdk/v3/go/common/diag/colors"

	"github.com/dreamseed/platform/internal/changes"
	"github.com/dreamseed/platform/internal/sandbox/layout"
)

// Engine runs Pulumi operations on one stack, one at a time: the caller holds the stack's lock.
type Engine struct {
	layout layout.Layout
	stack  layout.Stack
}

// New returns the engine of one stack. It touches nothing yet.
func New(l layout.Layout, s layout.Stack) *Engine {
	return &Engine{layout: l, stack: s}
}

// Options configures one operation. The zero value is silent, without colours, and trusts the state.
type Options struct {
	// Out receives a line for each resource that changes, and warnings. Errors are returned. Default: no output.
	Out io.Writer
	// Color colours the lines. Default: plain text.
	Color bool
	// Refresh makes a preview compare with the live objects, which shows drift; an up always does. Default: trust the
	// state.
	Refresh bool
	// ExpectNoChanges makes any change an error. Destroy ignores it. Default: changes are allowed.
	ExpectNoChanges bool
	// Environment is appended to the engine's environment, as "NAME=value". Default: empty.
	Environment []string

	// expected is the number of lines on Out, or 0 if it is not known.
	expected int
}

// Preview shows what an Up would do and changes nothing.
func (e *Engine) Preview(ctx context.Context, options Options) (changes.Summary, error) {
	return e.operate(ctx, "preview", options, options.drift(), options.expectation())
}

// Destroy deletes everything in the state. If any of it is protected, a preview runs first and fails before anything is
// touched.
func (e *Engine) Destroy(ctx context.Context, options Options) (changes.Summary, error) {
	state, err := e.readState()
	if err != nil {
		return changes.Summary{}, err
	}
	if state.protects() {
		if summary, err := e.operate(ctx, "destroy", options.silent(), []string{"--preview-only"}); err != nil {
			return summary, err
		}
	}
	options.expected = state.size()
	return e.operate(ctx, "destroy", options, approved)
}

func (o Options) report() *changes.Report {
	color := colors.Never
	if o.Color {
		color = colors.Always
	}
	return changes.NewReport(o.Out, color, o.expected)
}

// quiet omits the stack's outputs, which add nothing to the output of the run.
var quiet = []string{"--suppress-outputs"}

// approved answers the confirmation that a terminal would prompt for.
var approved = []string{"--yes", "--skip-preview"}

// silent returns the options without output.
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

// parallelism is the number of concurrent operations. It is far above the engine's default, because the provider spends
// most of an operation waiting for a quiet period.
const parallelism = "64"

// operate runs a command that changes or compares resources, and reads the outcome from its event log.
func (e *Engine) operate(
	ctx context.Context, command string, options Options, flags ...[]string,
) (changes.Summary, error) {
	events, err := newEventLog(e.stack.Processes())
	if err != nil {
		return changes.Summary{}, err
	}
	arguments := []string{command, "--parallel", parallelism, "--event-log", events.path}
	for _, more := range flags {
		arguments = append(arguments, more...)
	}
	end := changes.Follow(events.path, options.report())
	complaint, runErr := e.pulumi(ctx, options, arguments...)
	happened, readErr := end()
	summary := changes.Summarize(happened)
	if runErr == nil {
		// Warnings from before the operation began are in no event.
		say(options.Out, "%s", complaint)
	} else {
		runErr = &RunError{
			Command: command, Stack: e.stack.Name, Failures: summary.Failures, Complaint: complaint, Err: runErr,
		}
	}
	return summary, errors.Join(runErr, readErr, events.remove())
}

func (e *Engine) record() string { return filepath.Join(e.stack.Processes(), "engine.json") }

func (e *Engine) stackConfig() string {
	return filepath.Join(e.stack.Project(), fmt.Sprintf("Pulumi.%s.yaml", e.stack.Name))
}
