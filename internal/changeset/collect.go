package changeset

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/urn"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"

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

// meanings maps the engine's steps to operations. Steps that change nothing have none. This program does not know a
// step that is not in the table (https://github.com/pulumi/pulumi/blob/v3.246.0/sdk/go/common/apitype/history.go).
var meanings = map[apitype.OpType]Operation{
	apitype.OpSame:                 "",
	apitype.OpCreate:               Create,
	apitype.OpUpdate:               Update,
	apitype.OpDelete:               Delete,
	apitype.OpReplace:              Replace,
	apitype.OpCreateReplacement:    Replace,
	apitype.OpDeleteReplaced:       Replace,
	apitype.OpRead:                 "",
	apitype.OpReadReplacement:      Replace,
	apitype.OpRefresh:              "",
	apitype.OpReadDiscard:          "",
	apitype.OpDiscardReplaced:      Replace,
	apitype.OpRemovePendingReplace: "",
	apitype.OpImport:               Import,
	apitype.OpImportReplacement:    Replace,
}

// diffKinds are the kinds of difference that the engine reports.
var diffKinds = []apitype.DiffKind{
	apitype.DiffAdd, apitype.DiffAddReplace, apitype.DiffDelete, apitype.DiffDeleteReplace,
	apitype.DiffUpdate, apitype.DiffUpdateReplace,
}

// check refuses a step that cannot be judged.
func (c *collector) check(step apitype.StepEventMetadata) error {
	at := urn.URN(step.URN)
	if !at.IsValid() {
		return fmt.Errorf("has the URN %q: it is none", step.URN)
	}
	if at.Stack() != tokens.QName(c.set.Stack) || at.Project() != tokens.PackageName(c.set.Project) {
		return fmt.Errorf("is about stack %s of project %s: the log must be of stack %s of project %s",
			at.Stack(), at.Project(), c.set.Stack, c.set.Project)
	}
	if _, known := meanings[step.Op]; !known {
		return fmt.Errorf("has the operation %q, which this program does not know: the engine is newer than it", step.Op)
	}
	for path, diff := range step.DetailedDiff {
		if !slices.Contains(diffKinds, diff.Kind) {
			return fmt.Errorf("has the difference %q at %s, which this program does not know", diff.Kind, path)
		}
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

// step records one step of a resource. Several steps can belong to one operation.
func (c *collector) step(step apitype.StepEventMetadata) {
	c.remember(step.Old)
	if step.New != nil {
		c.set.parents[urn.URN(step.URN)] = urn.URN(step.New.Parent)
	}
	if urn.URN(step.URN).QualifiedType() == rootType {
		c.outputs(step)
	}
	operation := meanings[step.Op]
	if operation == "" {
		if !keepsItsProtection(step) {
			c.merge(step, Keep)
		}
		return
	}
	c.merge(step, operation)
}

// keepsItsProtection reports whether a resource that is otherwise the same is as well protected as before. The engine
// changes that in the state alone, and calls it no change.
func keepsItsProtection(step apitype.StepEventMetadata) bool {
	return step.Old == nil || step.New == nil ||
		step.Old.Protect == step.New.Protect && step.Old.RetainOnDelete == step.New.RetainOnDelete
}

func (c *collector) merge(step apitype.StepEventMetadata, operation Operation) {
	at := urn.URN(step.URN)
	change, found := c.changes[at]
	if !found {
		change = &Change{URN: at, Operation: operation, Paths: map[string]apitype.PropertyDiff{}}
		c.changes[at] = change
	}
	change.Operation = stronger(change.Operation, operation)
	// The engine puts only one of both into a step that creates or deletes one half of a replacement.
	if step.Old != nil {
		change.Old = step.Old
	}
	if step.New != nil {
		change.New = step.New
	}
	maps.Copy(change.Paths, step.DetailedDiff)
	if len(step.DetailedDiff) == 0 {
		for _, path := range step.Diffs {
			change.Paths[path] = apitype.PropertyDiff{Kind: apitype.DiffUpdate, InputDiff: true}
		}
	}
	change.Reasons = union(change.Reasons, step.Keys)
}

// stronger returns the operation that says more about a resource of which the log has several steps: a deletion and a
// creation of the same resource are a replacement.
func stronger(a, b Operation) Operation {
	switch {
	case a == b || a == Replace || b == Keep:
		return a
	case b == Replace || a == Keep:
		return b
	case a == Delete && b == Create, a == Create && b == Delete:
		return Replace
	default:
		return b
	}
}

func union(a, b []string) []string {
	both := slices.Concat(a, b)
	slices.Sort(both)
	return slices.Compact(both)
}

// remember notes a resource that existed before the run.
func (c *collector) remember(old *State) {
	if old == nil {
		return
	}
	metadata, _ := old.Inputs["metadata"].(map[string]any)
	namespace, _ := metadata["namespace"].(string)
	provider, _, _ := cutLast(old.Provider, "::")
	at := urn.URN(old.URN)
	c.set.Resources[at] = Resource{URN: at, Provider: urn.URN(provider), Namespace: namespace}
	if _, found := c.set.parents[at]; !found {
		c.set.parents[at] = urn.URN(old.Parent)
	}
}

// cutLast cuts a text at the last separator. A reference to a provider is its URN, :: and its ID.
func cutLast(text, separator string) (before, after string, found bool) {
	at := strings.LastIndex(text, separator)
	if at < 0 {
		return text, "", false
	}
	return text[:at], text[at+len(separator):], true
}

const rootType = "pulumi:pulumi:Stack"

func (c *collector) outputs(step apitype.StepEventMetadata) {
	if step.Old != nil && len(step.Old.Outputs) > 0 {
		c.set.OldOutputs = step.Old.Outputs
	}
	if step.New != nil && len(step.New.Outputs) > 0 {
		c.set.NewOutputs = step.New.Outputs
	}
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
	maps.DeleteFunc(c.changes, func(at urn.URN, _ *Change) bool { return at.QualifiedType() == rootType })
	c.set.Changes = sorted(c.changes)
	c.set.Unchanged = c.summary.ResourceChanges[apitype.OpSame]
	return c.set, nil
}
