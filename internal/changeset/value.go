package changeset

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// OldValue and NewValue return the value of a property before and after a change, and whether there is one. A secret is
// "[secret]".

// OldValue returns the value before the change.
func (c *Change) OldValue(path string) (any, bool) { return valueIn(c.Old, path) }

// NewValue returns the value after the change.
func (c *Change) NewValue(path string) (any, bool) { return valueIn(c.New, path) }

// valueIn reads the program's value, and where it gave none, the provider's.
func valueIn(state *State, path string) (any, bool) {
	if state == nil {
		return nil, false
	}
	steps, err := resource.ParsePropertyPath(path)
	if err != nil {
		return nil, false // the engine writes paths that it parses itself
	}
	if value, found := follow(state.Inputs, steps); found {
		return value, true
	}
	return follow(state.Outputs, steps)
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
