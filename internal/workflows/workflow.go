// Package workflows reads the workflows and actions under .github, for the tests that hold them to rules and for those
// that run them. It reads what these tests ask about, in GitHub's syntax
// (https://docs.github.com/actions/reference/workflows-and-actions/workflow-syntax).
package workflows

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"go.yaml.in/yaml/v3"
)

// Folder is where GitHub looks for workflows, relative to the project.
const Folder = ".github/workflows"

// File is a workflow or a local action.
type File struct {
	// Path is relative to the project.
	Path string `yaml:"-"`
	// Triggers are the events that start a workflow. An action has none.
	Triggers Triggers `yaml:"on"`
	// Permissions are nil if the file does not state any.
	Permissions Permissions `yaml:"permissions"`
	Concurrency Concurrency `yaml:"concurrency"`
	Jobs        map[string]Job
	// Runs is what an action does.
	Runs struct{ Steps []Step }
}

// Job is a job of a workflow.
type Job struct {
	// Uses is the workflow that the job calls, if it calls one.
	Uses        string
	Permissions Permissions
	Concurrency Concurrency
	Environment string
	Timeout     int `yaml:"timeout-minutes"`
	Steps       []Step
}

// Step is a step of a job or of an action.
type Step struct {
	Uses Uses
	Run  string
	With map[string]string
}

// Permissions maps the scopes of a job's token to read, write or none.
type Permissions map[string]string

// Writes reports whether the token may write anything in the repository. An OIDC token is no right in it.
func (p Permissions) Writes() bool {
	for scope, level := range p {
		if scope != "id-token" && level == "write" {
			return true
		}
	}
	return false
}

// Identifies reports whether the job may ask for an OIDC token, which a cloud exchanges for an identity.
func (p Permissions) Identifies() bool { return p["id-token"] == "write" }

// Concurrency says which runs wait for each other.
type Concurrency struct {
	Group  string
	Cancel *bool `yaml:"cancel-in-progress"`
}

// Uses is the action of a step, with the comment behind it.
type Uses struct{ Action, Comment string }

// UnmarshalYAML keeps the comment.
func (u *Uses) UnmarshalYAML(node *yaml.Node) error {
	u.Action, u.Comment = node.Value, node.LineComment
	return nil
}

// Remote reports whether the action is fetched from another repository.
func (u Uses) Remote() bool { return u.Action != "" && !strings.HasPrefix(u.Action, "./") }

// Name returns the action without its version.
func (u Uses) Name() string {
	name, _, _ := strings.Cut(u.Action, "@")
	return name
}

// Triggers are the names of events.
type Triggers []string

// UnmarshalYAML reads the keys of the section: how an event is filtered does not matter here.
func (t *Triggers) UnmarshalYAML(node *yaml.Node) error {
	var events map[string]yaml.Node
	if err := node.Decode(&events); err != nil {
		return err
	}
	*t = slices.Sorted(maps.Keys(events))
	return nil
}

// Steps returns the steps of a workflow's jobs, job by job, or of an action.
func (f File) Steps() []Step {
	steps := slices.Clone(f.Runs.Steps)
	for _, job := range slices.Sorted(maps.Keys(f.Jobs)) {
		steps = append(steps, f.Jobs[job].Steps...)
	}
	return steps
}

// Parse reads a file's content. The path names it.
func Parse(path string, content []byte) (File, error) {
	read := File{Path: path}
	if err := yaml.Unmarshal(content, &read); err != nil {
		return File{}, fmt.Errorf("reading %s: %w", path, err)
	}
	return read, nil
}

// Read returns the workflows and the local actions of a project, by path.
func Read(project string) ([]File, error) {
	var all []File
	for _, pattern := range []string{Folder + "/*.yml", ".github/actions/*/action.yml"} {
		// Glob returns an error only for an invalid pattern, and these are constant.
		paths, _ := filepath.Glob(filepath.Join(project, pattern))
		for _, path := range paths {
			content, err := os.ReadFile(path)
			if err != nil {
				return nil, fmt.Errorf("reading the workflows: %w", err)
			}
			name, err := filepath.Rel(project, path)
			if err != nil {
				return nil, fmt.Errorf("reading the workflows: %w", err)
			}
			read, err := Parse(name, content)
			if err != nil {
				return nil, err
			}
			all = append(all, read)
		}
	}
	return all, nil
}
