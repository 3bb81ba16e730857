package changeset

import (
	"errors"
	"maps"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/urn"

	"github.com/dreamseed/platform/internal/changes"
)

// collector builds a set from events.
type collector struct {
	set     *Set
	changes map[urn.URN]*Change
	// refreshing are the resources of which the next result is that of a refresh.
	refreshing map[urn.URN]bool
	// trouble holds the events that say what went wrong.
	trouble []apitype.EngineEvent
	summary *apitype.SummaryEvent
	ended   bool
}

func newCollector(project, stack string) *collector {
	return &collector{
		set: &Set{
			Project: project, Stack: stack, Resources: map[urn.URN]Resource{}, parents: map[urn.URN]urn.URN{},
		},
		changes: map[urn.URN]*Change{}, refreshing: map[urn.URN]bool{},
	}
}

func (c *collector) event(event apitype.EngineEvent) error {
	switch {
	case event.ResourcePreEvent != nil:
		return c.begun(event.ResourcePreEvent.Metadata)
	case event.ResOutputsEvent != nil:
		return c.done(event.ResOutputsEvent.Metadata)
	case event.ResOpFailedEvent != nil, event.DiagnosticEvent != nil:
		c.trouble = append(c.trouble, event)
	case event.SummaryEvent != nil:
		c.summary = event.SummaryEvent
	case event.CancelEvent != nil:
		c.ended = true
	}
	return nil
}

func (c *collector) begun(step apitype.StepEventMetadata) error {
	if err := c.check(step); err != nil {
		return err
	}
	c.refreshing[urn.URN(step.URN)] = step.Op == apitype.OpRefresh
	if step.Op != apitype.OpRefresh {
		c.step(step)
	}
	return nil
}

// done reads the result of a step. That of a refresh is what somebody else did, and no change of this run.
func (c *collector) done(step apitype.StepEventMetadata) error {
	if err := c.check(step); err != nil {
		return err
	}
	at := urn.URN(step.URN)
	if c.refreshing[at] {
		c.refreshing[at] = false
		c.remember(step.Old)
		if step.New == nil || step.Op != apitype.OpRefresh && step.Op != apitype.OpSame {
			c.set.Drifted = append(c.set.Drifted, at)
		}
		return nil
	}
	c.step(step)
	return nil
}

// complete returns the set if the log has everything that a run writes: the engine's last words are a summary and the
// end of the run.
func (c *collector) complete() (*Set, error) {
	if !c.ended {
		return nil, errors.New("it is cut off: the engine did not end its run")
	}
	if c.summary == nil {
		return nil, errors.New("it has no summary: the engine did not get to planning the change")
	}
	if c.summary.MaybeCorrupt {
		return nil, errors.New("the engine says that the stack's state may be corrupt: look at it with pulumi stack export")
	}
	c.set.Preview = c.summary.IsPreview
	c.set.Failures = changes.Sorted(changes.Summarize(c.trouble).Failures)
	if c.summary.Result == apitype.OperationResultFailed && len(c.set.Failures) == 0 {
		c.set.Failures = []changes.Failure{{Reason: "the engine failed, and does not say why"}}
	}
	if c.summary.Result == apitype.OperationResultCanceled {
		c.set.Failures = append(c.set.Failures, changes.Failure{Reason: "the run was cancelled"})
	}
	maps.DeleteFunc(c.changes, func(at urn.URN, _ *Change) bool { return isRoot(at) })
	maps.DeleteFunc(c.set.Resources, func(at urn.URN, _ Resource) bool { return isRoot(at) })
	c.set.Changes = sorted(c.changes)
	c.set.Unchanged = c.summary.ResourceChanges[apitype.OpSame]
	return c.set, nil
}
