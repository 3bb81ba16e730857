package mocktest

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/dreamseed/platform/internal/sandbox/standin"
)

// AssertTableIsUsed asserts that the recordings, taken together, have a resource of every type in a stand-in's table,
// and a value for every input. The stand-in refuses anything that is not in the table; this is the converse.
func AssertTableIsUsed(tb testing.TB, cloud standin.Cloud, recordings ...*Recording) {
	tb.Helper()
	for token, known := range cloud.Resources {
		var resources []*Resource
		for _, recording := range recordings {
			resources = append(resources, recording.OfType(token)...)
		}
		assert.NotEmpty(tb, resources, token)
		for _, path := range known.Inputs {
			assert.True(tb, anySets(resources, strings.Split(path, ".")), "%s: %s is set by none", token, path)
		}
	}
}

func anySets(resources []*Resource, path []string) bool {
	return slices.ContainsFunc(resources, func(one *Resource) bool { return sets(one.Inputs, path) })
}

// sets reports whether there is a value at a path of the stand-in's table; in a list, any element counts.
func sets(value any, path []string) bool {
	if len(path) == 0 {
		return value != nil
	}
	switch value := value.(type) {
	case map[string]any:
		if path[0] == "*" {
			return len(value) > 0
		}
		return sets(value[path[0]], path[1:])
	case []any:
		return slices.ContainsFunc(value, func(item any) bool { return sets(item, path) })
	}
	return false
}
