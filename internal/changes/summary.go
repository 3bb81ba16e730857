// Package changes reads the events of Pulumi's engine: the changes of a run, its failures, and the drift that it found.
// It works on the event log of any environment (pulumi up --event-log).
package changes

import (
	"cmp"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/urn"
)

// Summary is the outcome of one operation, or the expected outcome of a preview.
type Summary struct {
	// Counts is the number of resources per operation: apitype.OpSame, OpCreate, OpUpdate, OpReplace, OpDelete, … It is
	// empty if the engine did not complete.
	Counts map[apitype.OpType]int
	// Steps are the operations that change something, in the order in which they began. A replacement has several.
	Steps []Step

	// Failures are the failed operations, without duplicates.
	Failures []Failure
	// Drifted are the resources that a refresh found missing, changed, or unhealthy.
	Drifted []urn.URN

	// outdated are the resources with outputs in the state that differ from the live ones.
	outdated []urn.URN
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

// Changes returns the number of resources that are not left unchanged.
func (s Summary) Changes() int {
	changes := 0
	for operation, count := range s.Counts {
		if !isQuiet(operation) {
			changes += count
		}
	}
	return changes
}

// IsEmpty reports whether nothing is changed, and nothing was found that needs a change.
func (s Summary) IsEmpty() bool { return s.Changes() == 0 && len(s.Steps) == 0 && len(s.Drifted) == 0 }

// isQuiet reports whether an operation changes nothing.
func isQuiet(operation apitype.OpType) bool {
	return slices.Contains([]apitype.OpType{
		apitype.OpSame, apitype.OpRead, apitype.OpRefresh, apitype.OpReadDiscard,
	}, operation)
}

// Summarize returns an operation's outcome from its events.
func Summarize(events []apitype.EngineEvent) Summary {
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
			summary.Failures = appendFailure(summary.Failures, *event.DiagnosticEvent)
		case event.SummaryEvent != nil:
			for operation, count := range event.SummaryEvent.ResourceChanges {
				summary.Counts[operation] += count
			}
		}
	}
	summary.Failures = withSilent(withoutGeneral(summary.Failures), failed)
	return summary
}

// add records a step. A refresh reports its findings only together with its outputs, so both events of a step are read.
func (s *Summary) add(event apitype.StepEventMetadata) {
	step := Step{Operation: event.Op, URN: event.URN, Type: event.Type, Name: urn.URN(event.URN).Name()}
	if isQuiet(event.Op) || slices.Contains(s.Steps, step) {
		return
	}
	s.Steps = append(s.Steps, step)
}

// noteDrift records the findings of a refresh. An unhealthy resource has no difference, but has to be awaited again all
// the same: for that the state has to know about it.
func (s *Summary) noteDrift(found apitype.StepEventMetadata) {
	differs := !isQuiet(found.Op) || len(found.Diffs) > 0 || len(found.DetailedDiff) > 0
	at := urn.URN(found.URN)
	switch {
	case found.New == nil || differs || len(found.New.InitErrors) > 0:
		s.Drifted = appendNew(s.Drifted, at)
	case found.Old != nil && !reflect.DeepEqual(lasting(found.Old.Outputs), lasting(found.New.Outputs)):
		s.outdated = appendNew(s.outdated, at)
	}
}

// ToReadBack returns the resources that must be refreshed in the state before an update: those that drifted, and those
// that the plan changes and that are outdated. The provider compares with the outputs, and an update may return the
// object as it was before: a later update back to that would do nothing.
func (s *Summary) ToReadBack() []urn.URN {
	all := slices.Clone(s.Drifted)
	for _, step := range s.Steps {
		if at := urn.URN(step.URN); slices.Contains(s.outdated, at) {
			all = appendNew(all, at)
		}
	}
	return all
}

// lasting returns the outputs without those that change by themselves.
func lasting(outputs map[string]any) map[string]any {
	kept := maps.Clone(outputs)
	delete(kept, "status")
	if metadata, ok := kept["metadata"].(map[string]any); ok {
		metadata = maps.Clone(metadata)
		for _, name := range []string{"generation", "managedFields", "resourceVersion"} {
			delete(metadata, name)
		}
		kept["metadata"] = metadata
	}
	return kept
}

func appendNew(urns []urn.URN, at urn.URN) []urn.URN {
	if slices.Contains(urns, at) {
		return urns
	}
	return append(urns, at)
}

// Sorted returns failures by resource, then by reason.
func Sorted(failures []Failure) []Failure {
	return slices.SortedFunc(slices.Values(failures), func(a, b Failure) int {
		return cmp.Or(strings.Compare(a.Resource, b.Resource), strings.Compare(a.Reason, b.Reason))
	})
}
