// Package changeset reads the event log of Pulumi's engine as one set of changes that can be judged: what is created,
// updated, replaced or deleted, from which values to which, and what depends on it. A log that is not complete is
// refused, because a judgement about half of a change would be wrong about the other half.
package changeset

import (
	"maps"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/urn"

	"github.com/dreamseed/platform/internal/changes"
)

// Operation is what happens to a resource. A replacement is one operation, whatever steps the engine takes for it.
type Operation string

// The operations. Keep is that of a resource that changes in the state alone, such as its protection.
const (
	Create  Operation = "create"
	Update  Operation = "update"
	Replace Operation = "replace"
	Delete  Operation = "delete"
	Import  Operation = "import"
	Keep    Operation = "keep"
)

// State is a resource before or after a change, as the engine reports it: secrets are masked.
type State = apitype.StepEventStateMetadata

// Change is one resource that does not stay as it is.
type Change struct {
	URN       urn.URN
	Operation Operation
	// Old is nil for a resource that is created, New for one that is deleted.
	Old, New *State
	// Paths are the properties that differ, such as spec.replicas. Empty unless the resource exists before and after.
	Paths map[string]apitype.PropertyDiff
	// Reasons are the properties that force a replacement.
	Reasons []string
}

// Type returns the resource's type, such as kubernetes:apps/v1:Deployment.
func (c *Change) Type() string { return string(c.URN.Type()) }

// Name returns the resource's logical name.
func (c *Change) Name() string { return c.URN.Name() }

// Set is everything that one run of the engine changes, or would change.
type Set struct {
	// Stack and Project are those of every resource.
	Stack, Project string
	// Changes are sorted by URN.
	Changes []*Change
	// Drifted are the resources that somebody else changed or deleted, as far as a refreshing run saw it.
	Drifted []urn.URN
	// Resources are those that existed before the run, by URN.
	Resources map[urn.URN]Resource
	// Unchanged is the number of resources that stay as they are.
	Unchanged int
	// Outputs are the stack's outputs before and after. A preview does not know every one of them.
	OldOutputs, NewOutputs map[string]any
	// parents are the parents of every resource, old or new.
	parents map[urn.URN]urn.URN
	// Failures are the reasons for which the run did not complete. A set with failures is what the engine got to.
	Failures []changes.Failure
	// Preview reports whether nothing was changed yet.
	Preview bool
}

// Failed reports whether the run did not complete.
func (s *Set) Failed() bool { return len(s.Failures) > 0 }

// IsEmpty reports whether the run changes nothing.
func (s *Set) IsEmpty() bool { return len(s.Changes) == 0 }

// Ancestors returns the parents of a resource, the nearest first.
func (s *Set) Ancestors(at urn.URN) []urn.URN {
	var all []urn.URN
	for parent := s.parents[at]; parent != "" && !slices.Contains(all, parent); parent = s.parents[parent] {
		all = append(all, parent)
	}
	return all
}

// Having returns the changes with any of these operations.
func (s *Set) Having(operations ...Operation) []*Change {
	return slices.DeleteFunc(slices.Clone(s.Changes), func(c *Change) bool {
		return !slices.Contains(operations, c.Operation)
	})
}

// sorted returns the changes by URN, so that two logs of the same change give the same set.
func sorted(all map[urn.URN]*Change) []*Change {
	var list []*Change
	for _, at := range slices.Sorted(maps.Keys(all)) {
		list = append(list, all[at])
	}
	return list
}
