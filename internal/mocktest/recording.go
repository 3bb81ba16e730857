package mocktest

import (
	"reflect"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// Recording is what a program registered.
type Recording struct {
	// Resources are sorted by type and name. The stack itself is not among them.
	Resources []*Resource
	// Outputs are the stack's outputs, as plain values.
	Outputs map[string]any
}

// Resource is one registration.
type Resource struct {
	// Type is the type token, for example kubernetes:core/v1:Namespace.
	Type string
	// Name is the logical name.
	Name string
	// Custom tells a resource that a provider manages from a component.
	Custom bool
	// Inputs are plain values: string, bool, int, float64, []any and map[string]any. Secrets are unwrapped in them.
	Inputs map[string]any
	// Secrets are the paths of the inputs that are secret, for example stringData.url.
	Secrets []string
	// Parent is the Ref of the parent; empty for what the stack itself holds.
	Parent string
	// Provider is the Ref of the explicit provider; empty where the engine would take a default one.
	Provider string
	// Dependencies are the Refs of what the engine finishes first, whether by DependsOn or by an input; sorted.
	Dependencies []string
	// Protect to UpdateTimeout are the resource options of these names.
	Protect             bool
	IgnoreChanges       []string
	ReplaceOnChanges    []string
	DeleteBeforeReplace bool
	CreateTimeout       string
	UpdateTimeout       string
	// Aliases are the Refs of former selves; an SDK adds types without a name, a rename a name.
	Aliases []string
}

// Ref is how a recording names a resource in Parent, Provider, Dependencies and Aliases.
func Ref(typeToken, name string) string { return typeToken + "::" + name }

// Ref is the resource's own name in the recording.
func (r *Resource) Ref() string { return Ref(r.Type, r.Name) }

// At is the input at a path of keys (string) and positions (int), or nil where there is none.
func (r *Resource) At(path ...any) any { return At(r.Inputs, path...) }

// At is what a plain value holds at a path of keys (string) and positions (int), or nil where there is nothing.
func At(value any, path ...any) any {
	for _, step := range path {
		switch at := step.(type) {
		case string:
			object, _ := value.(map[string]any)
			value = object[at]
		case int:
			list, _ := value.([]any)
			if at >= len(list) {
				return nil
			}
			value = list[at]
		}
	}
	return value
}

// Get is the one resource of this type and logical name. The test ends where there is none.
func (r *Recording) Get(tb testing.TB, typeToken, name string) *Resource {
	tb.Helper()
	found := r.find(Ref(typeToken, name))
	require.NotNil(tb, found, "no %s is called %s; there are %v", typeToken, name, Names(r.OfType(typeToken)))
	return found
}

// OfType lists the resources of a type in the order of their names.
func (r *Recording) OfType(typeToken string) []*Resource {
	return r.where(func(one *Resource) bool { return one.Type == typeToken })
}

// Children lists the resources that have this parent.
func (r *Recording) Children(parent *Resource) []*Resource {
	return r.where(func(one *Resource) bool { return one.Parent == parent.Ref() })
}

// Names are the logical names.
func Names(resources []*Resource) []string {
	names := make([]string, len(resources))
	for i, one := range resources {
		names[i] = one.Name
	}
	return names
}

// Refs are the names in the recording.
func Refs(resources []*Resource) []string {
	refs := make([]string, len(resources))
	for i, one := range resources {
		refs[i] = one.Ref()
	}
	return refs
}

// Changed lists the logical names of the resources that are not the same in both recordings: those with another
// registration, and those that only one of them has. Sorted, each once.
func Changed(before, after *Recording) []string {
	changed := []string{}
	compare := func(from, to *Recording) {
		for _, one := range from.Resources {
			if !reflect.DeepEqual(one, to.find(one.Ref())) {
				changed = append(changed, one.Name)
			}
		}
	}
	compare(before, after)
	compare(after, before)
	slices.Sort(changed)
	return slices.Compact(changed)
}

func (r *Recording) find(ref string) *Resource {
	at := slices.IndexFunc(r.Resources, func(one *Resource) bool { return one.Ref() == ref })
	if at < 0 {
		return nil
	}
	return r.Resources[at]
}

func (r *Recording) where(holds func(*Resource) bool) []*Resource {
	var found []*Resource
	for _, one := range r.Resources {
		if holds(one) {
			found = append(found, one)
		}
	}
	return found
}
