package standin

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Check reports all mistakes in the tables themselves at once: an entry without a source, a rule about a property that
// is not an input, a secret that is not an output, a template with a name that has no meaning.
func (c Cloud) Check() error {
	var wrong []error
	for _, token := range slices.Sorted(maps.Keys(c.Resources)) {
		wrong = append(wrong, c.inEntry(token, c.Resources[token].flaws(c.sample())))
	}
	for _, token := range slices.Sorted(maps.Keys(c.Functions)) {
		wrong = append(wrong, c.inEntry(token, c.Functions[token].flaws(c.sample())))
	}
	for _, token := range slices.Sorted(maps.Keys(c.Rules)) {
		wrong = append(wrong, c.inEntry(token, c.flawsOfRules(token)))
	}
	return errors.Join(wrong...)
}

func (c Cloud) flawsOfRules(token string) refusals {
	known, found := c.Resources[token]
	if !found {
		return refusals{"has rules, and is no resource type"}
	}
	sample := c.sample()
	sample.Inputs, sample.ID = sampleOf(known.Inputs), sampleText
	return c.Rules[token].flaws(sample)
}

// inEntry adds the entry's name to its flaws.
func (c Cloud) inEntry(token string, flaws refusals) error {
	if !strings.HasPrefix(token, c.Package+":") {
		flaws = append(flaws, "is not in the package "+c.Package)
	}
	if err := flaws.err(); err != nil {
		return fmt.Errorf("%s: %w", token, err)
	}
	return nil
}

// sample returns an instance in a cloud with all settings configured.
func (c Cloud) sample() Instance {
	config := map[string]string{}
	for _, name := range c.Config {
		config[name] = sampleText
	}
	return Instance{Config: config, Server: APIServer{URL: "https://127.0.0.1:6443", Authority: sampleText}}
}

// sampleText is the sample value of every input and setting. It is valid base64, like an authority.
const sampleText = "samplesample"

func (r Resource) flaws(sample Instance) refusals {
	flaws := unsourced(r.Source)
	rules := slices.Concat(r.Required, r.Replaces)
	if r.Protection != "" {
		rules = append(rules, r.Protection)
	}
	for _, path := range rules {
		if !slices.ContainsFunc(r.Inputs, func(input string) bool { return touches(segments(input), segments(path)) }) {
			flaws = append(flaws, path+" is no input")
		}
	}
	sample.Inputs = sampleOf(r.Inputs)
	if r.ID == nil {
		return append(flaws, "has no ID")
	}
	id, err := r.identify(sample)
	if err != nil {
		flaws = append(flaws, err.Error())
	}
	sample.ID = id
	return append(flaws, unfilled(r.Outputs, r.Secrets, sample)...)
}

func (f Function) flaws(sample Instance) refusals {
	sample.Inputs = sampleOf(f.Arguments)
	return append(unsourced(f.Source), unfilled(f.Result, f.Secrets, sample)...)
}

func unsourced(source string) refusals {
	if !strings.HasPrefix(source, "https://") {
		return refusals{fmt.Sprintf("has the source %q, not an address", source)}
	}
	return nil
}

// unfilled reports the values that cannot be computed from a complete input, and the secrets without a value.
func unfilled(values map[string]Value, secrets []string, sample Instance) refusals {
	var flaws refusals
	for _, path := range slices.Sorted(maps.Keys(values)) {
		if err := failure(values[path](sample)); err != nil {
			flaws = append(flaws, fmt.Sprintf("filling in %s: %v", path, err))
		}
	}
	for _, path := range secrets {
		if _, found := values[path]; !found {
			flaws = append(flaws, path+" is secret, but filled in by nothing")
		}
	}
	return flaws
}

// sampleOf returns a tree with a value at each of the paths.
func sampleOf(table []string) map[string]any {
	tree := map[string]any{}
	for _, path := range table {
		plant(tree, segments(path))
	}
	return tree
}

func plant(tree map[string]any, path []string) {
	if len(path) == 1 {
		if _, planted := tree[path[0]]; !planted {
			tree[path[0]] = sampleText
		}
		return
	}
	below, is := tree[path[0]].(map[string]any)
	if !is {
		below = map[string]any{}
		tree[path[0]] = below
	}
	plant(below, path[1:])
}
