package drift

import (
	_ "embed"
	"fmt"
	"slices"

	"sigs.k8s.io/yaml"
)

// rule gives a class to deviations. An empty condition holds for all of them. The first rule whose conditions hold
// decides.
type rule struct {
	// Changes are the changes that it is about.
	Changes []Change `json:"changes,omitempty"`
	// Kinds are patterns of the object's kind, as Object.Kind has it.
	Kinds []string `json:"kinds,omitempty"`
	// Paths are patterns of the field. A field below a path that matches is meant too. An object as a whole has none.
	Paths []string `json:"paths,omitempty"`
	// Values are patterns of the live value.
	Values []string `json:"values,omitempty"`
	// Managers are patterns of the name that the writer gave itself.
	Managers []string `json:"managers,omitempty"`
	// Autoscaled limits the rule to a replica count within the bounds of an autoscaler.
	Autoscaled bool `json:"autoscaled,omitempty"`

	Class Class  `json:"class"`
	Why   string `json:"why"`
}

// circumstance is what the rules decide on.
type circumstance struct {
	kind, path, manager string
	change              Change
	value               any
	autoscaled          bool
}

// rules is the table of rulesFile.
type rules []rule

//go:embed rules.yaml
var rulesFile []byte

// readRules reads the table, which is part of the program.
func readRules() (rules, error) {
	var all rules
	if err := yaml.UnmarshalStrict(rulesFile, &all); err != nil {
		return nil, fmt.Errorf("reading the rules of drift: %w", err)
	}
	return all, nil
}

// judge returns the class and its reason. What no rule knows is suspicious.
func (r rules) judge(about circumstance) (Class, string) {
	for _, one := range r {
		if one.holds(about) {
			return one.Class, one.Why
		}
	}
	return Suspicious, "no rule knows it"
}

func (r rule) holds(about circumstance) bool {
	return (len(r.Changes) == 0 || slices.Contains(r.Changes, about.change)) &&
		matchesAny(r.Kinds, about.kind) && matchesAny(r.Managers, about.manager) &&
		(!r.Autoscaled || about.autoscaled) &&
		matchesAny(r.Values, text(about.value)) &&
		(len(r.Paths) == 0 || slices.ContainsFunc(r.Paths, func(path string) bool { return covers(path, about.path) }))
}

// covers reports whether a pattern of a path means a field: the field itself or one above it.
func covers(pattern, path string) bool {
	return matches(pattern, path) || matches(pattern+".*", path) || matches(pattern+"[*", path)
}
