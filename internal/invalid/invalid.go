// Package invalid describes what is wrong with a configuration, so that every mistake can be reported at once.
package invalid

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Namespace is the configuration namespace of the project: the part of a key before its colon.
const Namespace = "dreamseed"

// Problem is one mistake: which key, which value, and what is allowed there.
type Problem struct {
	// Key is the path below the namespace, for example services.auth.image.
	Key string
	// Value is what was found. Nil where nothing was found.
	Value any
	// Rule says what is allowed, as the end of the sentence "it …".
	Rule string
	// Secret hides the value.
	Secret bool
	// Foreign says that Key is a whole key, and not one of Namespace.
	Foreign bool
}

// Error reads as one sentence that a person can act on.
func (p Problem) Error() string {
	if p.Foreign {
		return fmt.Sprintf("%s %s: it %s", p.Key, p.finding(), p.Rule)
	}
	return fmt.Sprintf("%s:%s %s: it %s", Namespace, p.Key, p.finding(), p.Rule)
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

// Problems is a list of mistakes that is an error as soon as it holds one.
type Problems []Problem

// Add notes a mistake. The rule is a format with its arguments.
func (p *Problems) Add(key string, value any, rule string, args ...any) {
	*p = append(*p, Problem{Key: key, Value: value, Rule: fmt.Sprintf(rule, args...)})
}

// AddForeign notes a key of another namespace, whose value nobody knows enough of to show it.
func (p *Problems) AddForeign(key string, rule string, args ...any) {
	*p = append(*p, Problem{Key: key, Value: "(not shown)", Rule: fmt.Sprintf(rule, args...), Foreign: true})
}

// AddSecret notes a mistake whose value no message may show.
func (p *Problems) AddSecret(key string, rule string, args ...any) {
	*p = append(*p, Problem{Key: key, Value: "", Rule: fmt.Sprintf(rule, args...), Secret: true})
}

// Err is nil when there is no problem.
func (p Problems) Err() error {
	if len(p) == 0 {
		return nil
	}
	return p
}

// Error lists the problems, one on a line.
func (p Problems) Error() string {
	lines := make([]string, len(p))
	for i, problem := range p {
		lines[i] = problem.Error()
	}
	return strings.Join(lines, "\n")
}

// Unwrap gives the single problems to errors.As and errors.Is.
func (p Problems) Unwrap() []error {
	all := make([]error, len(p))
	for i, problem := range p {
		all[i] = problem
	}
	return all
}

// Section is the top-level key that the mistake is found below: egress, where the key is egress[0].cidr.
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

// OneOf is the rule for a value of a fixed set: "must be one of a, b, c".
func OneOf[S ~string](allowed []S) string {
	names := make([]string, len(allowed))
	for i, value := range allowed {
		names[i] = string(value)
	}
	return "must be one of " + strings.Join(names, ", ")
}
