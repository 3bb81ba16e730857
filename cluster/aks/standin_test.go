package aks_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/internal/sandbox/standin/azurenative"
)

// The stand-in refuses what it does not know. Here it is the other way round: what it knows is used.
func TestTheStandInKnowsNothingThatIsNotBuilt(t *testing.T) {
	private, _ := build(t, production())
	open, _ := build(t, public())
	for token, known := range azurenative.Cloud().Resources {
		resources := slices.Concat(private.OfType(token), open.OfType(token))
		assert.NotEmpty(t, resources, token)
		for _, path := range known.Inputs {
			assert.True(t, anySets(resources, strings.Split(path, ".")), "%s: %s is set by none", token, path)
		}
	}
}

func anySets(resources []*mocktest.Resource, path []string) bool {
	for _, one := range resources {
		if sets(one.Inputs, path) {
			return true
		}
	}
	return false
}

// sets says whether there is a value at a path of the stand-in's table, in any element where there is a list.
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
		for _, item := range value {
			if sets(item, path) {
				return true
			}
		}
	}
	return false
}
