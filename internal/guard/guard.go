// Package guard finds in a set of changes what would hurt a running environment: what is replaced or deleted although
// it holds data or everything else, and safeguards that are taken away. Each finding needs an approval of its own.
package guard

import (
	"cmp"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/urn"

	"github.com/dreamseed/platform/internal/changeset"
)

// Operation is what an approval approves.
type Operation string

// The operations that the guard refuses without an approval.
const (
	// Replace deletes a resource and creates it anew, without what was in it.
	Replace Operation = "replace"
	// Delete deletes a resource with everything in it.
	Delete Operation = "delete"
	// Unprotect lets later runs delete a resource.
	Unprotect Operation = "unprotect"
	// Weaken takes away a safeguard of a resource that stays.
	Weaken Operation = "weaken"
)

// Finding is one change that needs an approval.
type Finding struct {
	URN       urn.URN
	Operation Operation
	// What is the field's noun for the resource, such as "node pool".
	What string
	// Why says what the change does, as a part of a sentence.
	Why string
	// Radius counts what lives in the resource by kind.
	Radius Radius
	// Digest identifies the change with its values. An approval of another change of the same resource does not fit.
	Digest string
}

// Find returns the findings in a set: first those in which most lives, safeguards last.
func Find(set *changeset.Set) []Finding {
	var all []Finding
	for _, change := range set.Changes {
		for _, finding := range judge(change) {
			finding.URN, finding.Digest = change.URN, change.Digest()
			finding.What = noun(change)
			if finding.Operation == Replace || finding.Operation == Delete {
				finding.Radius = radius(set, change)
			}
			all = append(all, finding)
		}
	}
	slices.SortStableFunc(all, func(a, b Finding) int {
		return cmp.Or(cmp.Compare(a.rank(), b.rank()), cmp.Compare(b.Radius.Total(), a.Radius.Total()))
	})
	return all
}

// rank orders findings: what goes with everything in it, then what is less safe.
func (f Finding) rank() int {
	if f.Why == itsSafeguard || f.Operation == Weaken || f.Operation == Unprotect {
		return 1
	}
	return 0
}

// destructive are the changes after which a resource, as it was, is not there any more.
var destructive = map[changeset.Operation]Operation{changeset.Replace: Replace, changeset.Delete: Delete}

// judge returns the findings of one change, at most one for each operation.
func judge(change *changeset.Change) []Finding {
	var found []Finding
	if unprotects(change) {
		found = append(found, Finding{Operation: Unprotect, Why: "is not protected from deletion any more"})
	}
	why, guarded := whyKept(change)
	if ends, deletes := destructive[change.Operation]; deletes && guarded {
		found = append(found, Finding{Operation: ends, Why: why})
	}
	if lost := lostSafeguards(change); len(lost) > 0 && change.New != nil {
		found = append(found, Finding{Operation: Weaken, Why: sentence(lost)})
	}
	return found
}

// unprotects reports whether a resource that stays loses the engine's protection. The engine refuses only what is
// protected before and after, so a change that does both at once would pass
// (https://github.com/pulumi/pulumi/blob/v3.216.0/pkg/resource/deploy/step_generator.go).
func unprotects(change *changeset.Change) bool {
	return change.Old != nil && change.New != nil &&
		(change.Old.Protect && !change.New.Protect || change.Old.RetainOnDelete && !change.New.RetainOnDelete)
}

// whyKept returns why a resource may not be replaced or deleted unseen, if so.
func whyKept(change *changeset.Change) (string, bool) {
	if change.Old == nil {
		return "", false
	}
	if change.Operation == changeset.Delete && change.Old.RetainOnDelete {
		return itsRemains, true
	}
	if kind, guarded := kindOf(change.Type()); guarded {
		return kind.why, true
	}
	return "was protected", change.Old.Protect || change.Old.RetainOnDelete
}

// noun returns the field's word for a resource.
func noun(change *changeset.Change) string {
	if kind, guarded := kindOf(change.Type()); guarded {
		return kind.noun
	}
	return string(change.URN.Type().Name())
}

// Unapproved returns the findings that no approval covers.
func Unapproved(findings []Finding, approvals []Approval) []Finding {
	return slices.DeleteFunc(slices.Clone(findings), func(finding Finding) bool {
		return slices.ContainsFunc(approvals, func(one Approval) bool { return one.covers(finding) })
	})
}
