package mocktest

import (
	"encoding/json"
	"maps"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

// Stacks are the stacks whose configuration is tracked.
func Stacks() []string { return []string{"local", "staging", "production"} }

// ProjectKey is what Pulumi.yaml says about one configuration key.
type ProjectKey struct {
	Type        string `yaml:"type"`
	Description string `yaml:"description"`
	// Default is nil where the key has none.
	Default any `yaml:"default"`
	// Value is what the project sets and no stack may change.
	Value any `yaml:"value"`
}

// StackConfig is what the engine hands to the program of a tracked stack: the stack's file over the project's
// defaults, scalars as plain strings, lists and objects as JSON.
func StackConfig(t testing.TB, stack string) map[string]string {
	t.Helper()
	values := ProjectDefaults(t)
	maps.Copy(values, StackFile(t, stack))
	return values
}

// StackFile is the stack's file alone, in the form of StackConfig.
func StackFile(t testing.TB, stack string) map[string]string {
	t.Helper()
	var file struct {
		Config map[string]any `yaml:"config"`
	}
	readYAML(t, "Pulumi."+stack+".yaml", &file)
	values := map[string]string{}
	for key, value := range file.Config {
		values[key] = handedOver(t, value)
	}
	return values
}

// ProjectDefaults is what Pulumi.yaml gives to every stack, in the form of StackConfig.
func ProjectDefaults(t testing.TB) map[string]string {
	t.Helper()
	values := map[string]string{}
	for key, about := range ProjectKeys(t) {
		if !strings.Contains(key, ":") {
			key = Project + ":" + key
		}
		for _, value := range []any{about.Default, about.Value} {
			if value != nil {
				values[key] = handedOver(t, value)
			}
		}
	}
	return values
}

// ProjectKeys are the configuration keys that Pulumi.yaml describes.
func ProjectKeys(t testing.TB) map[string]ProjectKey {
	t.Helper()
	var file struct {
		Config map[string]ProjectKey `yaml:"config"`
	}
	readYAML(t, "Pulumi.yaml", &file)
	return file.Config
}

func handedOver(t testing.TB, value any) string {
	t.Helper()
	if text, ok := value.(string); ok {
		return text
	}
	encoded, err := json.Marshal(value)
	require.NoError(t, err)
	return string(encoded)
}

func readYAML(t testing.TB, name string, target any) {
	t.Helper()
	_, here, _, _ := runtime.Caller(0)
	content, err := os.ReadFile(filepath.Join(filepath.Dir(here), "..", "..", name)) //nolint:gosec // a tracked file
	require.NoError(t, err)
	require.NoError(t, yaml.Unmarshal(content, target))
}
