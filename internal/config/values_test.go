package config_test

import (
	"encoding/json"
	"maps"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/invalid"
	"github.com/dreamseed/platform/internal/mocktest"
)

// changes maps paths, for example services.auth.image or cluster.zones.0, to values.
type changes map[string]any

// absent removes the key.
var absent = new(struct{})

// given returns a stack's configuration with these changes.
func given(t *testing.T, stack string, made changes) map[string]string {
	t.Helper()
	values := maps.Clone(mocktest.StackConfig(t, stack))
	for path, value := range made {
		key, below, nested := strings.Cut(path, ".")
		key = "dreamseed:" + key
		switch {
		case value == absent && !nested:
			delete(values, key)
		case nested:
			var tree any
			require.NoError(t, json.Unmarshal([]byte(values[key]), &tree), key)
			values[key] = text(t, put(tree, strings.Split(below, "."), value))
		default:
			values[key] = text(t, value)
		}
	}
	return values
}

// put sets the value at a path in a tree; a number is an index into a list.
func put(tree any, path []string, value any) any {
	if len(path) == 0 {
		return value
	}
	if list, ok := tree.([]any); ok {
		if at, err := strconv.Atoi(path[0]); err == nil {
			list[at] = put(list[at], path[1:], value)
			return list
		}
	}
	object, _ := tree.(map[string]any)
	if object == nil {
		object = map[string]any{}
	}
	if value == absent && len(path) == 1 {
		delete(object, path[0])
		return object
	}
	object[path[0]] = put(object[path[0]], path[1:], value)
	return object
}

// text returns a value as the engine passes it.
func text(t *testing.T, value any) string {
	t.Helper()
	if plain, ok := value.(string); ok {
		return plain
	}
	encoded, err := json.Marshal(value)
	require.NoError(t, err)
	return string(encoded)
}

// load returns the configuration of a stack with these changes, which must be valid.
func load(t *testing.T, stack string, made changes) *config.Config {
	t.Helper()
	cfg, err := config.Load(given(t, stack, made), nil)
	require.NoError(t, err)
	return cfg
}

// problems returns the mistakes in production's configuration after these changes.
func problems(t *testing.T, made changes) invalid.Problems {
	t.Helper()
	cfg, err := config.Load(given(t, "production", made), nil)
	require.Error(t, err)
	require.Nil(t, cfg, "what is wrong is not to be used")
	var found invalid.Problems
	require.ErrorAs(t, err, &found)
	return found
}

func keys(problems invalid.Problems) []string {
	found := []string{}
	for _, problem := range problems {
		found = append(found, problem.Key)
	}
	return found
}

// refusal returns the error of a configuration that must not load.
func refusal(t *testing.T, values map[string]string) error {
	t.Helper()
	_, err := config.Load(values, nil)
	require.Error(t, err)
	return err
}

func keysOfRefusal(t *testing.T, values map[string]string) []string {
	t.Helper()
	var found invalid.Problems
	require.ErrorAs(t, refusal(t, values), &found)
	return keys(found)
}
