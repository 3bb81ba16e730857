package engine

import (
	"cmp"
	"maps"
	"reflect"
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
	// outdated are those of which the state knows outputs that are not the live ones any more.
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
	switch {
	case found.New == nil || differs || len(found.New.InitErrors) > 0:
		s.drifted = appendNew(s.drifted, at)
	case found.Old != nil && !reflect.DeepEqual(lasting(found.Old.Outputs), lasting(found.New.Outputs)):
		s.outdated = appendNew(s.outdated, at)
	}
}

// toReadBack are the resources that the state has to know better before an update: what drifted, and of what the plan
// changes whatever is outdated. The provider compares with the outputs, and what it returns from an update may be the
// object as it was before: an update back to that would be none.
func (s *Summary) toReadBack() []urn.URN {
	all := slices.Clone(s.drifted)
	for _, step := range s.Steps {
		if at := urn.URN(step.URN); slices.Contains(s.outdated, at) {
			all = appendNew(all, at)
		}
	}
	return all
}

// lasting are outputs without what changes by itself.
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

// sortedFailures orders failures for people: by resource, then by reason.
func sortedFailures(failures []Failure) []Failure {
	return slices.SortedFunc(slices.Values(failures), func(a, b Failure) int {
		return cmp.Or(strings.Compare(a.Resource, b.Resource), strings.Compare(a.Reason, b.Reason))
	})
}
