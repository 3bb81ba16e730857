// Package invalid describes mistakes in a configuration, so that all of them can be reported at once.
package invalid

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// ConfigNamespace is the configuration namespace of the project: the part of a key before its colon.
const ConfigNamespace = "dreamseed"

// Problem is one mistake: the key, its value, and the rule that it breaks.
type Problem struct {
	// Key is the path below the namespace, for example services.auth.image.
	Key string
	// Value is the value found. Nil if there was none.
	Value any
	// Rule states what is allowed, as the end of the sentence "it …".
	Rule string
	// Secret hides the value.
	Secret bool
	// Foreign reports whether Key is a whole key, and not one in Namespace.
	Foreign bool
}

// Error returns one sentence that a user can act on.
func (p Problem) Error() string {
	if p.Foreign {
		return fmt.Sprintf("%s %s: it %s", p.Key, p.finding(), p.Rule)
	}
	return fmt.Sprintf("%s:%s %s: it %s", ConfigNamespace, p.Key, p.finding(), p.Rule)
}

func (p Problem) finding() string {
	switch value := p.Value.(type) {
	case nil:
		return "is missing"
	case string:
		if p.Secret {
			return "has a wrong value (secret)"
		}
		return fmt.Sprintf("is %q", value)
	default:
		if p.Secret {
			return "has a wrong value (secret)"
		}
		return fmt.Sprintf("is %v", value)
	}
}

// Problems is a list of mistakes. It is an error as soon as it holds one.
type Problems []Problem

// Add adds a mistake. The rule is a format with its arguments.
func (p *Problems) Add(key string, value any, rule string, args ...any) {
	*p = append(*p, Problem{Key: key, Value: value, Rule: fmt.Sprintf(rule, args...)})
}

// AddForeign adds a key of another namespace. Its value is not shown, because its content is unknown.
func (p *Problems) AddForeign(key string, rule string, args ...any) {
	*p = append(*p, Problem{Key: key, Value: "(not shown)", Rule: fmt.Sprintf(rule, args...), Foreign: true})
}

// AddSecret adds a mistake whose value no message may show.
func (p *Problems) AddSecret(key string, rule string, args ...any) {
	*p = append(*p, Problem{Key: key, Value: "", Rule: fmt.Sprintf(rule, args...), Secret: true})
}

// Err returns nil if there is no problem.
func (p Problems) Err() error {
	if len(p) == 0 {
		return nil
	}
	return p
}

// Error lists the problems, one per line.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, problem := range p {
		lines[i] = problem.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap returns the single problems for errors.As and errors.Is.
func (p Problems) Unwrap() []error {
	all := make([]error, len(p))
	for i, problem := range p {
		all[i] = problem
	}
	return all
}

// Section returns the top-level key of the mistake: egress, if the key is egress[0].cidr.
func (p Problem) Section() string {
	if end := strings.IndexAny(p.Key, ".["); end >= 0 {
		return p.Key[:end]
	}
	return p.Key
}

// Hide hides the values of every problem at or below one of the given top-level keys.
func (p Problems) Hide(keys []string) {
	for i := range p {
		hidden := slices.Contains(keys, p[i].Key) || slices.Contains(keys, p[i].Section())
		p[i].Secret = p[i].Secret || hidden
	}
}

// HideBelow hides the values of every problem whose key the pattern matches.
func (p Problems) HideBelow(pattern *regexp.Regexp) {
	for i := range p {
		p[i].Secret = p[i].Secret || pattern.MatchString(p[i].Key)
	}
}

// OneOf returns the rule for a value of a fixed set: "must be one of a, b, c".
func OneOf[S ~string](allowed []S) string {
	names := make([]string, len(allowed))
	for i, value := range allowed {
		names[i] = string(value)
	}
	return "must be one of " + strings.Join(names, ", ")
}

// Given returns the value of a problem, nil for an empty string: no configuration sets one on purpose, so the key "is
// missing".
func Given(value string) any {
	if value == "" {
		return nil
	}
	return value
}

// Listed returns the names that a rule allows, for a person: "there is none" without any.
func Listed(names []string) string {
	if len(names) == 0 {
		return "there is none"
	}
	return strings.Join(names, ", ")
}
