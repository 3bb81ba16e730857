package report

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/dreamseed/platform/internal/changeset"
)

// properties lists the values that differ, a block for each part of the platform.
func (r *Report) properties() []string {
	groups := map[string][]string{}
	for _, change := range r.Set.Changes {
		if !changeset.IsComponent(change.URN) {
			name := ownerOf(r.Set, change.URN).name
			groups[name] = append(groups[name], r.differences(change)...)
		}
	}
	var blocks []string
	for _, name := range slices.Sorted(maps.Keys(groups)) {
		blocks = append(blocks, folded(inline(name), fenced("diff", groups[name])))
	}
	return blocks
}

// signs begin the line of a resource. GitHub colours the lines of a diff by them.
var signs = map[changeset.Operation]string{
	changeset.Create: "+", changeset.Import: "+", changeset.Delete: "-", changeset.Replace: "!",
}

func (r *Report) differences(change *changeset.Change) []string {
	sign, marked := signs[change.Operation]
	if !marked {
		sign = "#"
	}
	lines := []string{fmt.Sprintf("%s %s %s %s", sign, change.Operation, change.URN.Type().Name(), change.Name())}
	for _, path := range slices.Sorted(maps.Keys(change.Paths)) {
		if !r.followsContent(change, path) {
			lines = append(lines, "- "+path+": "+value(change.OldValue(path)), "+ "+path+": "+value(change.NewValue(path)))
		}
	}
	if change.Operation == changeset.Create && change.URN.Type().Name() == "ConfigMap" {
		lines = append(lines, r.newContent(change)...)
	}
	return lines
}

// followsContent reports whether a property only names a ConfigMap of new content, which is shown where it is created.
func (r *Report) followsContent(change *changeset.Change, path string) bool {
	name, _ := change.NewValue(path)
	return slices.ContainsFunc(r.Set.Having(changeset.Create), func(created *changeset.Change) bool {
		its, _ := created.NewValue("metadata.name")
		return its == name && created.URN.Type().Name() == "ConfigMap"
	})
}

// newContent lists what differs from the ConfigMap in whose place a new one is created: its name ends in a digest of
// its content.
func (r *Report) newContent(created *changeset.Change) []string {
	before := map[string]any{}
	for _, deleted := range r.Set.Having(changeset.Delete) {
		if deleted.Type() == created.Type() && withoutDigest(deleted.Name()) == withoutDigest(created.Name()) {
			content, _ := deleted.OldValue("data")
			before, _ = content.(map[string]any)
		}
	}
	content, _ := created.NewValue("data")
	after, _ := content.(map[string]any)
	var lines []string
	for _, key := range slices.Sorted(maps.Keys(union(before, after))) {
		old, had := before[key]
		now, has := after[key]
		if had != has || old != now {
			lines = append(lines, "- data."+key+": "+value(old, had), "+ data."+key+": "+value(now, has))
		}
	}
	return lines
}

func withoutDigest(name string) string { return name[:strings.LastIndex(name, "-")+1] }

func union(a, b map[string]any) map[string]any {
	both := map[string]any{}
	maps.Copy(both, a)
	maps.Copy(both, b)
	return both
}

// drift names what somebody else changed, as far as a refreshing preview sees it.
func (r *Report) drift() []string {
	var blocks []string
	for _, at := range r.Set.Drifted {
		blocks = append(blocks, fmt.Sprintf("- %s %s", at.Type().Name(), code(at.Name())))
	}
	return blocks
}
