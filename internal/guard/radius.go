package guard

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/dreamseed/platform/internal/changeset"
)

// Radius counts, by kind, the resources of the stack that live in another one.
type Radius map[string]int

// Total returns the number of resources.
func (r Radius) Total() int {
	total := 0
	for _, count := range r {
		total += count
	}
	return total
}

// named limits how many kinds are named.
const named = 5

func (r Radius) String() string {
	kinds := slices.SortedFunc(maps.Keys(r), func(a, b string) int {
		if r[a] != r[b] {
			return r[b] - r[a]
		}
		return strings.Compare(a, b)
	})
	var parts []string
	for _, kind := range kinds[:min(named, len(kinds))] {
		parts = append(parts, fmt.Sprintf("%d %s", r[kind], kind))
	}
	if more := len(kinds) - named; more > 0 {
		parts = append(parts, fmt.Sprintf("%d further kinds", more))
	}
	return fmt.Sprintf("%d resources live in it: %s", r.Total(), strings.Join(parts, ", "))
}

// inhabits reports whether a resource lives in a changed one.
type inhabits func(changed *changeset.Change, one changeset.Resource) bool

// inhabitants says for a noun what lives in it. In any other resource live those that it is the parent of.
var inhabitants = map[string]inhabits{
	"namespace":      liesInNamespace,
	"cluster":        isOfKubernetes,
	"network":        isOfKubernetes,
	"resource group": isAnything,
	"provider":       goesThrough,
}

func radius(set *changeset.Set, changed *changeset.Change) Radius {
	lives, special := inhabitants[noun(changed)]
	counted := Radius{}
	for _, one := range set.Resources {
		if one.URN == changed.URN || changeset.IsComponent(one.URN) {
			continue
		}
		if special && lives(changed, one) || slices.Contains(set.Ancestors(one.URN), changed.URN) {
			counted[string(one.URN.Type().Name())]++
		}
	}
	return counted
}

func liesInNamespace(changed *changeset.Change, one changeset.Resource) bool {
	metadata, _ := changed.Old.Inputs["metadata"].(map[string]any)
	return one.Namespace != "" && one.Namespace == metadata["name"]
}

func isOfKubernetes(_ *changeset.Change, one changeset.Resource) bool {
	return one.URN.Type().Package() == "kubernetes"
}

func isAnything(*changeset.Change, changeset.Resource) bool { return true }

func goesThrough(changed *changeset.Change, one changeset.Resource) bool {
	return one.Provider == changed.URN
}
