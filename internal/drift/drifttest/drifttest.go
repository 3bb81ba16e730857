// Package drifttest holds what another hand may do to a stack, as data, and judges whether dreamseed drift found it.
// The engine tests and the benchmark share it.
package drifttest

import (
	_ "embed"
	"fmt"
	"slices"
	"strings"

	"sigs.k8s.io/yaml"

	"github.com/dreamseed/platform/internal/drift"
)

// Mutation is one change by another hand: see mutations.yaml.
type Mutation struct {
	Name, Sort, Source string
	Class              drift.Class
	AtLeast            bool
	Command
	Object, Path string
	Left, Stores bool
	Undo         *Command
}

// Command is a call of kubectl.
type Command struct {
	Kubectl  string
	Patch    any
	Manifest any
}

//go:embed mutations.yaml
var file []byte

// Mutations returns all of them.
func Mutations() ([]Mutation, error) {
	var all []Mutation
	if err := yaml.UnmarshalStrict(file, &all); err != nil {
		return nil, fmt.Errorf("reading the mutations: %w", err)
	}
	return all, nil
}

// Recall is how many mutations of a class were found as what they are.
type Recall struct {
	Class drift.Class
	// Found of All.
	Found, All int
	// Missed are the names of the others, with what was reported instead.
	Missed []string
}

// Judge returns the recall by class, the worst first.
func Judge(all []Mutation, report drift.Report) []Recall {
	var recalls []Recall
	for _, class := range []drift.Class{drift.Dangerous, drift.Suspicious, drift.Benign} {
		recall := Recall{Class: class}
		for _, one := range all {
			if one.Class != class {
				continue
			}
			recall.All++
			if was, found := one.in(report); found {
				recall.Found++
			} else {
				recall.Missed = append(recall.Missed, one.Name+": "+was)
			}
		}
		recalls = append(recalls, recall)
	}
	return recalls
}

// in reports whether a report has the mutation with its class, and otherwise what it has.
func (m Mutation) in(report drift.Report) (was string, found bool) {
	was = "not found"
	for _, one := range report.Findings {
		if !m.is(one) {
			continue
		}
		if one.Class == m.Class || m.AtLeast && one.Class.Worse(m.Class) == one.Class {
			return "", true
		}
		was = "found as " + string(one.Class)
	}
	return was, false
}

// is reports whether a finding is about the mutation.
func (m Mutation) is(one drift.Finding) bool { return m.isAbout(one.Object) && m.isPath(one.Path) }

func (m Mutation) isAbout(object drift.Object) bool {
	name, hashed := strings.CutSuffix(m.Object, "*")
	return object.String() == name || hashed && strings.HasPrefix(object.String(), name)
}

// isPath reports whether a finding's path is that of the mutation, or the field below it that shows it.
func (m Mutation) isPath(path string) bool {
	return m.Path == path || m.Path != "" && strings.HasPrefix(path, m.Path)
}

// Unexpected returns the findings that ask for attention and that are about no object of a mutation.
func Unexpected(all []Mutation, report drift.Report) []string {
	var others []string
	for _, one := range report.Findings {
		if one.Counts() && !explained(all, one) {
			others = append(others, fmt.Sprintf("%s %s of %s by %q", one.Change, one.Path, one.Object, one.By.Manager))
		}
	}
	return others
}

func explained(all []Mutation, finding drift.Finding) bool {
	return slices.ContainsFunc(all, func(one Mutation) bool { return one.isAbout(finding.Object) })
}
