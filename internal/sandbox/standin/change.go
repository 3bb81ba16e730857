package standin

import (
	"maps"
	"reflect"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// change is a property with two different values. A nil value means that the property is missing.
type change struct {
	path     resource.PropertyPath
	from, to any
}

// changes returns the differences between two trees, in no particular order. An unknown value counts as different.
func changes(path resource.PropertyPath, from, to any) []change {
	before, after := children(from), children(to)
	if (before == nil && from != nil) || (after == nil && to != nil) || len(before)+len(after) == 0 {
		if to != unknown && reflect.DeepEqual(from, to) {
			return nil
		}
		return []change{{path, from, to}}
	}
	steps := map[any]any{}
	maps.Copy(steps, before)
	maps.Copy(steps, after)
	var found []change
	for step := range steps {
		found = append(found, changes(at(path, step), before[step], after[step])...)
	}
	return found
}

// children returns the elements of an object or a list, by key or position, and nil for anything else.
func children(value any) map[any]any {
	found := map[any]any{}
	switch value := value.(type) {
	case map[string]any:
		for key, field := range value {
			found[key] = field
		}
	case []any:
		for i, item := range value {
			found[i] = item
		}
	default:
		return nil
	}
	return found
}

// kind returns the engine's term for the change.
func (c change) kind() pulumirpc.PropertyDiff_Kind {
	switch {
	case c.from == nil:
		return pulumirpc.PropertyDiff_ADD
	case c.to == nil:
		return pulumirpc.PropertyDiff_DELETE
	default:
		return pulumirpc.PropertyDiff_UPDATE
	}
}

// replacing maps the kind of a change to the kind of a change that replaces the resource.
var replacing = map[pulumirpc.PropertyDiff_Kind]pulumirpc.PropertyDiff_Kind{
	pulumirpc.PropertyDiff_ADD:    pulumirpc.PropertyDiff_ADD_REPLACE,
	pulumirpc.PropertyDiff_DELETE: pulumirpc.PropertyDiff_DELETE_REPLACE,
	pulumirpc.PropertyDiff_UPDATE: pulumirpc.PropertyDiff_UPDATE_REPLACE,
}
