package engine

import (
	"context"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/urn"

	"github.com/dreamseed/platform/internal/changes"
)

// Up brings the live objects to the program's desired state, and repairs what was changed by others.
//
// It starts with a preview that looks at every live object. The preview is shown only if it fails, so that a forbidden
// change, such as the deletion of a protected object, is found before anything is touched. If the preview finds nothing
// to do, and the last Up of the same program and configuration completed, Up is done.
//
// The update trusts the state, except for the drift that the preview found: that is read into the state first. Reading
// everything again would take as long once more, and would forget which resources an earlier run did not see ready: the
// provider's Read does not judge custom resources, and its result replaces the errors in the state.
func (e *Engine) Up(ctx context.Context, options Options) (changes.Summary, error) {
	plan, err := e.operate(ctx, "preview", options.silent(), refreshing)
	if err != nil {
		return e.upPastPreview(ctx, options, plan, err)
	}
	complete, err := e.isComplete()
	if err != nil {
		return plan, err
	}
	if complete && plan.IsEmpty() {
		say(options.Out, "nothing to do: %s\n", changes.Counted(plan.Counts))
		return plan, nil
	}
	if err := e.readBack(ctx, options, plan.ToReadBack()); err != nil {
		return plan, err
	}
	options.expected = changes.Lines(plan.Steps)
	return e.update(ctx, options)
}

// update runs the update itself, and records that it completed.
func (e *Engine) update(ctx context.Context, options Options, flags ...string) (changes.Summary, error) {
	summary, err := e.operate(ctx, "up", options, approved, quiet, flags, options.expectation())
	if err != nil {
		return summary, err
	}
	return summary, e.markComplete()
}

// upPastPreview continues if a preview fails only because of a live object. If someone adds a field by hand that
// conflicts with one of ours, such as a value beside the valueFrom of a variable, the API server rejects the dry run:
// only an update first takes the field over from its manager, and so removes it. If a preview of the state alone fails
// too, the program is at fault.
func (e *Engine) upPastPreview(
	ctx context.Context, options Options, plan changes.Summary, failure error,
) (changes.Summary, error) {
	if ctx.Err() != nil {
		return plan, failure
	}
	if _, err := e.operate(ctx, "preview", options.silent()); err != nil {
		return plan, failure
	}
	return e.update(ctx, options, refreshing...)
}

// readBack refreshes drifted resources in the state, so that the update sees the difference.
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
