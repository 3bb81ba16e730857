package changeset

import (
	"maps"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/urn"
)

// step records one step of a resource. Several steps can belong to one operation.
func (c *collector) step(step apitype.StepEventMetadata) {
	c.remember(step.Old)
	if step.New != nil {
		c.set.parents[urn.URN(step.URN)] = urn.URN(step.New.Parent)
	}
	if isRoot(urn.URN(step.URN)) {
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
