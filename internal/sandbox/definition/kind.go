// Package definition makes stand-ins for the definitions of an operator's kinds, of known facts about them. An operator
// that cannot be built here has a stand-in in the sandbox, and its kinds come from here.
package definition

import (
	"maps"
	"slices"
)

// Type is the type of a field.
type Type string

// The types.
const (
	String  Type = "string"
	Integer Type = "integer"
	Boolean Type = "boolean"
	// Open is an object of any fields: settings that the program reads itself.
	Open Type = "settings"
	// Pod is a template of a pod, and Claim a volume claim, as Kubernetes has them.
	Pod   Type = "pod template"
	Claim Type = "volume claim"
)

// Kind is a kind of an operator, with the fields that the platform sets.
type Kind struct {
	// Group, Name and Plural name the kind. Its version is v1.
	Group, Name, Plural string
	// Source is the address of the definition that the facts were read in.
	Source string
	// Fields maps the path of each known field below spec to its type. [] stands for each element of a list.
	Fields map[string]Type
}

// Paths returns the paths of the fields, sorted.
func (k Kind) Paths() []string { return slices.Sorted(maps.Keys(k.Fields)) }
