package mocktest

import (
	"reflect"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// Recording holds the resources that a program registered.
type Recording struct {
	// Resources are sorted by type and name, without the stack itself.
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
	// Custom is true for a resource that a provider manages, and false for a component.
	Custom bool
	// Inputs are plain values: string, bool, int, float64, []any and map[string]any. Secrets are unwrapped.
	Inputs map[string]any
	// Secrets are the paths of the secret inputs, for example stringData.url.
	Secrets []string
	// Parent is the Ref of the parent; empty for a child of the stack itself.
	Parent string
	// Provider is the Ref of the explicit provider; empty if the engine would use a default one.
	Provider string
	// Dependencies are the Refs of the resources that the engine finishes first, by DependsOn or by an input; sorted.
	Dependencies []string
	// Protect to UpdateTimeout are the resource options of these names.
	Protect             bool
	RetainOnDelete      bool
	IgnoreChanges       []string
	ReplaceOnChanges    []string
	DeleteBeforeReplace bool
	CreateTimeout       string
	UpdateTimeout       string
	// Aliases are the Refs of the aliases: an SDK adds types without a name, a rename adds a name.
	Aliases []string
}

// Ref returns the name of a resource in Parent, Provider, Dependencies and Aliases.
func Ref(typeToken, name string) string { return typeToken + "::" + name }

// Ref returns the resource's own name in the recording.
func (r *Resource) Ref() string { return Ref(r.Type, r.Name) }

// At returns the input at a path of keys (string) and positions (int), or nil if there is none.
func (r *Resource) At(path ...any) any { return At(r.Inputs, path...) }

// Container returns a container of the pod that a workload describes.
func (r *Resource) Container(tb testing.TB, name string) map[string]any {
	tb.Helper()
	containers, _ := r.At("spec", "template", "spec", "containers").([]any)
	at := slices.IndexFunc(containers, func(one any) bool { return At(one, "name") == name })
	require.GreaterOrEqual(tb, at, 0, "no container of %s is called %s", r.Name, name)
	return containers[at].(map[string]any)
}

// At returns the element of a plain value at a path of keys (string) and positions (int), or nil if there is none.
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

// Get returns the resource of this type and logical name. The test fails and stops if there is none.
func (r *Recording) Get(tb testing.TB, typeToken, name string) *Resource {
	tb.Helper()
	found := r.find(Ref(typeToken, name))
	require.NotNil(tb, found, "no %s is called %s; there are %v", typeToken, name, Names(r.OfType(typeToken)))
	return found
}

// OfType lists the resources of a type, sorted by name.
func (r *Recording) OfType(typeToken string) []*Resource {
	return r.where(func(one *Resource) bool { return one.Type == typeToken })
}

// Each is OfType for a loop over all of them. The test fails and stops if there is none: a loop over nothing would
// prove nothing.
func (r *Recording) Each(tb testing.TB, typeToken string) []*Resource {
	tb.Helper()
	found := r.OfType(typeToken)
	require.NotEmpty(tb, found, "no resource is a %s", typeToken)
	return found
}

// Children lists the resources with this parent.
func (r *Recording) Children(parent *Resource) []*Resource {
	return r.where(func(one *Resource) bool { return one.Parent == parent.Ref() })
}

// Names returns the logical names.
func Names(resources []*Resource) []string {
	names := make([]string, len(resources))
	for i, one := range resources {
		names[i] = one.Name
	}
	return names
}

// Refs returns the names in the recording.
func Refs(resources []*Resource) []string {
	refs := make([]string, len(resources))
	for i, one := range resources {
		refs[i] = one.Ref()
	}
	return refs
}

// Changed lists the logical names of the resources that differ between the two recordings or are in only one of them,
// sorted and without duplicates.
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
