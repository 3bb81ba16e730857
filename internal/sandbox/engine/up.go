package engine

import (
	"context"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/urn"
)

// Up makes the live objects what the program says, and repairs what was changed beside it.
//
// A preview that looks at every live object comes first. It is shown only where it fails: what the program may not do,
// such as deleting what is protected, is then found before anything is touched. Where it finds nothing to do, and the
// last Up of the same program and configuration came to its end, that is all.
//
// The update trusts the state, but for what the preview found to be otherwise: that is read into the state before. To
// read all of it again would take as long once more, and would forget which resources an earlier run did not see ready:
// the provider's Read does not judge custom resources, and what it returns replaces the errors in the state.
func (e *Engine) Up(ctx context.Context, options Options) (Summary, error) {
	plan, err := e.operate(ctx, "preview", options.silent(), refreshing)
	if err != nil {
		return e.upPastPreview(ctx, options, plan, err)
	}
	complete, err := e.isComplete()
	if err != nil {
		return plan, err
	}
	if complete && plan.isEmpty() {
		say(options.Out, "nothing to do: %s\n", counted(plan.Counts))
		return plan, nil
	}
	if err := e.readBack(ctx, options, plan.toReadBack()); err != nil {
		return plan, err
	}
	options.expected = lines(plan.Steps)
	return e.update(ctx, options)
}

// update runs the update itself, and notes that it came to its end.
func (e *Engine) update(ctx context.Context, options Options, flags ...string) (Summary, error) {
	summary, err := e.operate(ctx, "up", options, approved, quiet, flags, options.expectation())
	if err != nil {
		return summary, err
	}
	return summary, e.markComplete()
}

// upPastPreview goes on where a preview fails over a live object alone. What a hand put beside a field of ours, such as
// a value beside the valueFrom of a variable, is refused by the API server in a dry run: only an update takes the field
// over from its manager first, and so removes it. What fails by the state, too, is the program's fault.
func (e *Engine) upPastPreview(ctx context.Context, options Options, plan Summary, failure error) (Summary, error) {
	if ctx.Err() != nil {
		return plan, failure
	}
	if _, err := e.operate(ctx, "preview", options.silent()); err != nil {
		return plan, failure
	}
	return e.update(ctx, options, refreshing...)
}

// readBack brings what drifted into the state, so that the update sees the difference.
func (e *Engine) readBack(ctx context.Context, options Options, drifted []urn.URN) error {
	if len(drifted) == 0 {
		return nil
	}
	say(options.Out, "not as the last run left it, and looked at again: %d\n", len(drifted))
	_, err := e.operate(ctx, "refresh", options.silent(), approved, targets(drifted))
	return err
}

// refreshing makes an operation look at the live objects first.
var refreshing = []string{"--refresh"}

func targets(urns []urn.URN) []string {
	var flags []string
	for _, at := range urns {
		flags = append(flags, "--target", string(at))
	}
	return flags
}
