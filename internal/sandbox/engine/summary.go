package engine

import (
	"cmp"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/urn"
)

// Summary is what one operation did, or, for a preview, would do.
type Summary struct {
	// Counts is the number of resources per operation: apitype.OpSame, OpCreate, OpUpdate, OpReplace, OpDelete, …
	// It is empty when the engine did not come to its end.
	Counts map[apitype.OpType]int
	// Steps are the operations that change something, in the order in which they began. A replacement is several.
	Steps []Step

	failures []Failure
	// drifted are the resources that a refresh found gone, changed, or not well.
	drifted []urn.URN
}

// Step is one operation on one resource.
type Step struct {
	Operation apitype.OpType
	URN       string
	// Type is the resource's type, such as "kubernetes:apps/v1:Deployment".
	Type string
	// Name is the resource's logical name.
	Name string
}

// Changes is the number of resources that are not left as they are.
func (s Summary) Changes() int {
	changes := 0
	for operation, count := range s.Counts {
		if !isQuiet(operation) {
			changes += count
		}
	}
	return changes
}

// isEmpty reports whether nothing is done, and nothing was found that would have to be.
func (s Summary) isEmpty() bool { return s.Changes() == 0 && len(s.Steps) == 0 && len(s.drifted) == 0 }

// isQuiet tells operations that change nothing from the others.
func isQuiet(operation apitype.OpType) bool {
	return slices.Contains([]apitype.OpType{
		apitype.OpSame, apitype.OpRead, apitype.OpRefresh, apitype.OpReadDiscard,
	}, operation)
}

// summarize reads an operation's outcome from its events.
func summarize(events []apitype.EngineEvent) Summary {
	summary := Summary{Counts: map[apitype.OpType]int{}}
	failed, refreshed := map[string]bool{}, map[string]bool{}
	for _, event := range events {
		switch {
		case event.ResourcePreEvent != nil:
			summary.add(event.ResourcePreEvent.Metadata)
			refreshed[event.ResourcePreEvent.Metadata.URN] = event.ResourcePreEvent.Metadata.Op == apitype.OpRefresh
		case event.ResOutputsEvent != nil:
			summary.add(event.ResOutputsEvent.Metadata)
			if refreshed[event.ResOutputsEvent.Metadata.URN] {
				summary.noteDrift(event.ResOutputsEvent.Metadata)
			}
		case event.ResOpFailedEvent != nil:
			failed[event.ResOpFailedEvent.Metadata.URN] = true
		case event.DiagnosticEvent != nil:
			summary.failures = appendFailure(summary.failures, *event.DiagnosticEvent)
		case event.SummaryEvent != nil:
			for operation, count := range event.SummaryEvent.ResourceChanges {
				summary.Counts[operation] += count
			}
		}
	}
	summary.failures = withSilent(withoutGeneral(summary.failures), failed)
	return summary
}

// add notes a step. A refresh says only with its outputs what it found, so that both ends of a step are looked at.
func (s *Summary) add(event apitype.StepEventMetadata) {
	step := Step{Operation: event.Op, URN: event.URN, Type: event.Type, Name: urn.URN(event.URN).Name()}
	if isQuiet(event.Op) || slices.Contains(s.Steps, step) {
		return
	}
	s.Steps = append(s.Steps, step)
}

// noteDrift looks at what a refresh found. What it found not well has no difference, and is to be awaited again all the
// same: for that the state has to know it.
func (s *Summary) noteDrift(found apitype.StepEventMetadata) {
	differs := !isQuiet(found.Op) || len(found.Diffs) > 0 || len(found.DetailedDiff) > 0
	at := urn.URN(found.URN)
	if (found.New == nil || differs || len(found.New.InitErrors) > 0) && !slices.Contains(s.drifted, at) {
		s.drifted = append(s.drifted, at)
	}
}

// sortedFailures orders failures for people: by resource, then by reason.
func sortedFailures(failures []Failure) []Failure {
	return slices.SortedFunc(slices.Values(failures), func(a, b Failure) int {
		return cmp.Or(strings.Compare(a.Resource, b.Resource), strings.Compare(a.Reason, b.Reason))
	})
}
