package standin

import (
	"maps"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// anyKey ends the path of an object with any keys.
const anyKey = "*"

// segments returns the keys of a path in a table.
func segments(path string) []string { return strings.Split(path, ".") }

// keys returns the keys of a property's path without positions, as in a table.
func keys(path resource.PropertyPath) []string {
	var found []string
	for _, step := range path {
		if key, is := step.(string); is {
			found = append(found, key)
		}
	}
	return found
}

// at returns a path with one more step.
func at(path resource.PropertyPath, step any) resource.PropertyPath {
	return append(slices.Clone(path), step)
}

// leaf is a value at the end of a path.
type leaf struct {
	path  resource.PropertyPath
	value any
}

// leaves returns all values in a tree. An empty object or list is a leaf, too.
func leaves(path resource.PropertyPath, value any) []leaf {
	var found []leaf
	switch value := value.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(value)) {
			found = append(found, leaves(at(path, key), value[key])...)
		}
	case []any:
		for i, item := range value {
			found = append(found, leaves(at(path, i), item)...)
		}
	}
	if found == nil && len(path) > 0 {
		return []leaf{{path, value}}
	}
	return found
}

// open reports whether a leaf may still turn out to be anything: it is empty or unknown.
func (l leaf) open() bool {
	switch value := l.value.(type) {
	case map[string]any:
		return len(value) == 0
	case []any:
		return len(value) == 0
	default:
		return value == unknown
	}
}

// beginsWith reports whether a path is equal to another one or below it.
func beginsWith(path, above []string) bool {
	return len(path) >= len(above) && slices.Equal(path[:len(above)], above)
}

// covers reports whether a path of a table matches that of a property.
func covers(known, given []string) bool {
	if last := len(known) - 1; known[last] == anyKey {
		return beginsWith(given, known[:last])
	}
	return slices.Equal(known, given)
}

// touches reports whether a property's change affects a path of a table: at it, below it, or above it.
func touches(known, changed []string) bool {
	if last := len(known) - 1; known[last] == anyKey {
		known = known[:last]
	}
	return beginsWith(changed, known) || beginsWith(known, changed)
}
