package drift

import (
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"sigs.k8s.io/yaml"
)

// Acceptance is one accepted deviation: exactly one, so that a further one is a finding again.
type Acceptance struct {
	// Stack is the stack that it is about.
	Stack string `json:"stack"`
	// Object is the object as a finding names it: "NetworkPolicy.networking.k8s.io dreamseed-production/allow-debug".
	Object string `json:"object"`
	// Path is the field as a finding names it. Empty for a whole object.
	Path string `json:"path,omitempty"`
	// Manager is the writer. Empty accepts whoever it is.
	Manager string `json:"manager,omitempty"`
	// Reason says why, in at least 10 characters.
	Reason string `json:"reason"`
	// Expires is the last day, in UTC, at most 90 days ahead: "2026-12-31".
	Expires string `json:"expires"`

	expired bool
}

const (
	reasonCharacters = 10
	longest          = 90 * 24 * time.Hour
)

// AcceptedError is a file of accepted deviations that cannot be used. Nothing was compared.
type AcceptedError struct{ Err error }

func (e *AcceptedError) Error() string { return e.Err.Error() }

// Unwrap returns the reason.
func (e *AcceptedError) Unwrap() error { return e.Err }

// ReadAccepted reads the accepted deviations of one stack from a file, and checks those of all stacks. Its errors are
// of type AcceptedError. An entry that has expired accepts nothing, and is a finding by itself.
func ReadAccepted(path, stack string, now time.Time) ([]Acceptance, error) {
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, &AcceptedError{fmt.Errorf("reading the accepted deviations: %w", err)}
	}
	var all []Acceptance
	if err := yaml.UnmarshalStrict(content, &all); err != nil {
		return nil, &AcceptedError{fmt.Errorf("reading the accepted deviations in %s: %w", path, err)}
	}
	var mistakes []error
	var ours []Acceptance
	for i := range all {
		for _, mistake := range all[i].check(now) {
			mistakes = append(mistakes, fmt.Errorf("%s: entry %d: %w", path, i+1, mistake))
		}
		if all[i].Stack == stack {
			ours = append(ours, all[i])
		}
	}
	if len(mistakes) > 0 {
		return nil, &AcceptedError{errors.Join(mistakes...)}
	}
	return ours, nil
}

// check returns the mistakes of an entry, and notes whether it has expired.
func (a *Acceptance) check(now time.Time) []error {
	var mistakes []error
	mistake := func(key, value, rule string) {
		mistakes = append(mistakes, fmt.Errorf("%s is %q: it %s", key, value, rule))
	}
	if a.Stack == "" {
		mistake("stack", a.Stack, "must be the name of a stack")
	}
	if kind, name, two := strings.Cut(a.Object, " "); !two || kind == "" || name == "" || strings.Contains(name, " ") {
		mistake("object", a.Object, "must be a kind and a name, as dreamseed drift prints them")
	}
	if strings.Contains(a.Object+a.Manager, "*") {
		mistake("object", a.Object, "must name one object: no pattern is accepted")
	}
	if len([]rune(strings.TrimSpace(a.Reason))) < reasonCharacters {
		mistake("reason", a.Reason, fmt.Sprintf("must have at least %d characters", reasonCharacters))
	}
	last, err := time.Parse(time.DateOnly, a.Expires)
	switch end := last.Add(24 * time.Hour); {
	case err != nil:
		mistake("expires", a.Expires, "must be a day such as 2026-12-31")
	case end.Sub(now) > longest+24*time.Hour:
		mistake("expires", a.Expires, fmt.Sprintf("must be at most %d days ahead", longest/(24*time.Hour)))
	default:
		a.expired = !now.Before(end)
	}
	return mistakes
}

// accepts reports whether an entry is about a finding.
func (a *Acceptance) accepts(found Finding) bool {
	return a.Object == found.Object.String() && a.Path == found.Path &&
		(a.Manager == "" || a.Manager == found.By.Manager)
}

// accept marks the accepted findings, and adds one for each entry that accepts nothing any more: it would let the same
// deviation pass the next time, unseen.
func accept(found []Finding, entries []Acceptance) []Finding {
	for _, entry := range entries {
		used := false
		for i := range found {
			if !entry.expired && found[i].Class != Benign && entry.accepts(found[i]) {
				found[i].Accepted, used = &entry, true
			}
		}
		if !used {
			found = append(found, entry.unneeded())
		}
	}
	return found
}

func (a *Acceptance) unneeded() Finding {
	kind, name, _ := strings.Cut(a.Object, " ")
	why := "the entry in the file of accepted deviations accepts nothing: remove it"
	if a.expired {
		why = "the entry in the file of accepted deviations expired on " + a.Expires + ": remove it or renew it"
	}
	return Finding{
		Class: Suspicious, Change: Unneeded, Object: Object{Kind: kind, Name: name}, Path: a.Path,
		By: Writer{Manager: a.Manager}, Why: why,
	}
}
