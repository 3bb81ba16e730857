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

// isQuiet tells operations that change nothing from the others.
func isQuiet(operation apitype.OpType) bool {
	return slices.Contains([]apitype.OpType{
		apitype.OpSame, apitype.OpRead, apitype.OpRefresh, apitype.OpReadDiscard,
	}, operation)
}

// summarize reads an operation's outcome from its events.
func summarize(events []apitype.EngineEvent) Summary {
	summary := Summary{Counts: map[apitype.OpType]int{}}
	failed := map[string]bool{}
	for _, event := range events {
		switch {
		case event.ResourcePreEvent != nil:
			summary.add(event.ResourcePreEvent.Metadata)
		case event.ResOutputsEvent != nil:
			summary.add(event.ResOutputsEvent.Metadata)
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

// sortedFailures orders failures for people: by resource, then by reason.
func sortedFailures(failures []Failure) []Failure {
	return slices.SortedFunc(slices.Values(failures), func(a, b Failure) int {
		return cmp.Or(strings.Compare(a.Resource, b.Resource), strings.Compare(a.Reason, b.Reason))
	})
}
