package changeset

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// OldValue returns the value of a property before the change, and whether there was one. Where the engine compared with
// the live resource, that is the live value. A secret is masked.
func (c *Change) OldValue(path string) (any, bool) {
	if diff, differs := c.Paths[path]; differs && !diff.InputDiff {
		return valueIn(path, c.Old, live, given)
	}
	return valueIn(path, c.Old, given, live)
}

// NewValue returns the value of a property after the change, and whether there is one. A secret is masked.
func (c *Change) NewValue(path string) (any, bool) { return valueIn(path, c.New, given, live) }

// side is one of the two sets of properties that a resource has.
type side func(*State) map[string]any

// given are the properties that the program gave, live those that the provider returned.
func given(state *State) map[string]any { return state.Inputs }
func live(state *State) map[string]any  { return state.Outputs }

// valueIn returns the value at a path on the first side that has one.
func valueIn(path string, state *State, sides ...side) (any, bool) {
	steps, err := resource.ParsePropertyPath(path)
	if state == nil || err != nil { // the engine writes paths that it parses itself
		return nil, false
	}
	for _, properties := range sides {
		if value, found := follow(properties(state), steps); found {
			return value, true
		}
	}
	return nil, false
}

func follow(value any, steps resource.PropertyPath) (any, bool) {
	for _, step := range steps {
		var found bool
		if value, found = below(value, step); !found {
			return nil, false
		}
	}
	return masked(value), true
}

func below(value, step any) (any, bool) {
	switch container := value.(type) {
	case map[string]any:
		key, _ := step.(string)
		item, found := container[key]
		return item, found
	case []any:
		index, isIndex := step.(int)
		if !isIndex || index < 0 || index >= len(container) {
			return nil, false
		}
		return container[index], true
	default:
		return nil, false
	}
}
