package drift

import (
	"cmp"
	"context"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/structured-merge-diff/v6/fieldpath"
)

// Sources are what drift is found in.
type Sources struct {
	// Stack is the stack's name.
	Stack string
	// State is what the program deployed last.
	State *apitype.DeploymentV3
	// Cluster reads from the stack's cluster. Nil for a stack without one.
	Cluster Reader
	// Refreshed are the events of a refreshing preview, which compares the cloud with the state.
	Refreshed []apitype.EngineEvent
	// Accepted are the stack's accepted deviations.
	Accepted []Acceptance
	// Sandbox reports whether the cluster is a sandbox, which provides some objects in place of a cloud.
	Sandbox bool
}

// scan compares the program with the cluster.
type scan struct {
	stack   string
	program program
	live    *inventory
	rules   rules
	known   []known
}

// Look finds the drift of a stack. It changes nothing.
func Look(ctx context.Context, from Sources) (*Report, error) {
	table, err := readRules()
	if err != nil {
		return nil, err
	}
	made, err := readProgram(from.State)
	if err != nil {
		return nil, err
	}
	s := &scan{stack: from.Stack, program: made, rules: table, known: slices.Concat(ofTheCluster, ofOperators)}
	if from.Sandbox {
		s.known = append(s.known, ofTheSandbox...)
	}
	refreshed := readRefresh(from.State, from.Refreshed)
	found := s.inTheCloud(refreshed)
	report := &Report{Stack: from.Stack, Resources: len(refreshed.seen), Incomplete: refreshed.problems, scan: s}
	if from.Cluster != nil {
		if s.live, err = takeInventory(ctx, from.Cluster, made); err != nil {
			return nil, err
		}
		inCluster, err := s.inTheCluster(refreshed)
		if err != nil {
			return nil, err
		}
		found = append(found, inCluster...)
		report.Objects, report.Live, report.Kinds = len(made.objects), len(s.live.objects), s.live.listed
		for _, one := range s.live.unread {
			report.leaveOut(one)
		}
	}
	report.Findings = sorted(accept(found, from.Accepted))
	return report, nil
}

func (s *scan) inTheCluster(refreshed refreshed) ([]Finding, error) {
	var found []Finding
	for _, one := range s.program.objects {
		deviating, err := s.deviating(one)
		if err != nil {
			return nil, err
		}
		if len(deviating) == 0 { // what the engine alone sees
			deviating = s.asTheEngineSays(one, refreshed.paths[one.urn])
		}
		found = append(found, deviating...)
	}
	strangers, err := s.strangers()
	return append(found, strangers...), err
}

// deviating compares one object of the program with its inputs.
func (s *scan) deviating(of managed) ([]Finding, error) {
	object, lives := s.live.objects[of.Object]
	switch {
	case !lives && s.live.isUnread(of.GroupKind()):
		return nil, nil
	case !lives:
		return []Finding{s.whole(of, Gone, Writer{})}, nil
	}
	fields, err := byOthers(object, of.manager, of.inputs)
	if err != nil {
		return nil, err
	}
	fields = withoutRepeated(object, append(fields, lacking(object, of)...))
	found := s.grouped(object, of.urn, of.inputs, fields)
	if !slices.ContainsFunc(object.managers(), func(manager string) bool { return manager == of.manager }) {
		found = append(found, s.whole(of, Replaced, object.creator()))
	}
	return found, nil
}

// lacking returns what the object lacks of the inputs. Of a Secret nothing is read that could be compared.
func lacking(object live, of managed) []field {
	if object.isMetadata() {
		return nil
	}
	return shortfall(nil, of.inputs, object.Object)
}

// withoutRepeated removes the fields that nobody claims and that lie at, above or below one that somebody does: two
// sources saw the same. An item that another hand put into a list without keys shifts the others, too.
func withoutRepeated(object live, fields []field) []field {
	var claimed []string
	for _, one := range fields {
		if one.by != (Writer{}) {
			claimed = append(claimed, place(object.Object, one.owned), place(object.Object, one.path))
		}
	}
	return slices.DeleteFunc(fields, func(one field) bool {
		at := place(object.Object, listOf(one.path))
		return one.by == (Writer{}) && slices.ContainsFunc(claimed, func(other string) bool {
			return inside(at, other) || inside(other, at)
		})
	})
}

// listOf returns the list that a path goes through, if its items have no key, or else the path.
func listOf(path fieldpath.Path) fieldpath.Path {
	if i := slices.IndexFunc(path, func(one fieldpath.PathElement) bool { return one.Index != nil }); i >= 0 {
		return path[:i]
	}
	return path
}

// grouped makes findings of single fields. The fields of a list item that the program does not have are one finding.
func (s *scan) grouped(object live, urn string, inputs map[string]any, fields []field) []Finding {
	var order []string
	groups := map[string]*Finding{}
	for _, one := range fields {
		at := itemOf(one, inputs).String()
		key := at + "\x00" + one.by.Manager + "\x00" + string(one.change)
		group, begun := groups[key]
		if !begun {
			group = &Finding{Change: one.change, Object: object.object(), URN: urn, Path: at, By: one.by}
			groups[key], order = group, append(order, key)
		}
		class, why := s.rules.judge(s.circumstance(object, one))
		if worse := group.Class.Worse(class); worse != group.Class {
			group.Class, group.Why = worse, why
		}
		group.fields = append(group.fields, one)
	}
	var found []Finding
	for _, key := range order {
		one := *groups[key]
		one.Remedy = s.remedy(object, one)
		found = append(found, one)
	}
	return found
}

// itemOf returns the list item that a field came with, or the field itself.
func itemOf(one field, inputs map[string]any) fieldpath.Path {
	if one.change != Added {
		return one.path
	}
	for i := range one.path {
		if _, known := lookUp(inputs, one.path[:i+1]); !known && one.path[i].Key != nil {
			return one.path[:i+1]
		}
	}
	return one.path
}

func (s *scan) circumstance(object live, one field) circumstance {
	return circumstance{
		kind: object.object().Kind, path: one.path.String(), manager: one.by.Manager, change: one.change, value: one.value,
		autoscaled: s.withinBounds(object, one.value),
	}
}

// withinBounds reports whether a number of replicas lies within the bounds of the program's autoscaler for the object,
// which is a HorizontalPodAutoscaler or a ScaledObject.
func (s *scan) withinBounds(object live, replicas any) bool {
	for _, one := range s.program.objects {
		spec, _ := one.inputs["spec"].(map[string]any)
		target, _ := spec["scaleTargetRef"].(map[string]any)
		if one.Namespace != object.GetNamespace() ||
			target["kind"] != object.GetKind() || target["name"] != object.GetName() {
			continue
		}
		lowest := max(number(spec["minReplicas"]), number(spec["minReplicaCount"]), 1)
		highest := max(number(spec["maxReplicas"]), number(spec["maxReplicaCount"]))
		return number(replicas) >= lowest && number(replicas) <= highest
	}
	return false
}

func number(value any) float64 {
	count, _ := plain(value).(float64)
	return count
}

// whole is a finding about an object of the program as a whole.
func (s *scan) whole(of managed, change Change, by Writer) Finding {
	found := Finding{Change: change, Object: of.Object, URN: of.urn, By: by, Remedy: s.command(of, change)}
	found.Class, found.Why = s.rules.judge(circumstance{kind: of.Object.Kind, change: change, manager: by.Manager})
	return found
}

// asTheEngineSays are differences of an object that only the refresh found.
func (s *scan) asTheEngineSays(of managed, paths []difference) []Finding {
	var found []Finding
	for _, one := range paths {
		finding := Finding{
			Change: one.change, Object: of.Object, URN: of.urn, Path: one.path, Remedy: s.command(of, one.change),
		}
		finding.Class, finding.Why = s.rules.judge(circumstance{kind: of.Object.Kind, path: one.path, change: one.change})
		found = append(found, finding)
	}
	return found
}

func (i *inventory) isUnread(kind schema.GroupKind) bool {
	return slices.ContainsFunc(i.unread, func(one unread) bool { return one.GroupKind == kind })
}

// sortedPaths returns differences in one order for every run.
func sortedPaths(all []difference) []difference {
	return slices.SortedFunc(slices.Values(all), func(a, b difference) int { return cmp.Compare(a.path, b.path) })
}
