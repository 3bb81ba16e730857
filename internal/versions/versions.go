// Package versions lists what the project pins: images, charts, modules, actions, and the versions of Kubernetes and
// Go.
package versions

import (
	"github.com/dreamseed/platform/internal/operator"
)

// Kind is what a pin is of.
type Kind string

// The kinds, in the order in which they are listed.
const (
	Go         Kind = "go"
	Kubernetes Kind = "kubernetes"
	Image      Kind = "image"
	Chart      Kind = "chart"
	Module     Kind = "module"
	Action     Kind = "action"
)

// Pin is one pinned version.
type Pin struct {
	Kind Kind `json:"kind"`
	// Name is the name without the version, such as a repository or the path of a module.
	Name string `json:"name"`
	// Version is the version that people read: a tag, a digest, a module's version.
	Version string `json:"version"`
	// Commit is the commit of an action, which decides what runs. Empty for anything else, and where a tag decides.
	Commit string `json:"commit,omitempty"`
	// Where is the file that pins it, relative to the project, and the key in it.
	Where string `json:"where"`
}

// Collect returns every pin of the project in a folder. The error is a stackfile.ContentError if the configuration of a
// stack is wrong.
func Collect(project string) ([]Pin, error) {
	var all []Pin
	for _, read := range []func(string) ([]Pin, error){stacks, platformImages, charts, modules, actions} {
		found, err := read(project)
		if err != nil {
			return nil, err
		}
		all = append(all, found...)
	}
	return sorted(all), nil
}

func charts(string) ([]Pin, error) {
	var pins []Pin
	for _, one := range operator.Charts() {
		pins = append(pins, Pin{Kind: Chart, Name: one.Repository + " " + one.Name, Version: one.Version,
			Where: "internal/operator"})
	}
	return pins, nil
}
