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
func StackConfig(tb testing.TB, stack string) map[string]string {
	tb.Helper()
	values := ProjectDefaults(tb)
	maps.Copy(values, StackFile(tb, stack))
	return values
}

// StackConfigOn is the StackConfig of an environment with its cluster on another cloud: the section that the
// documentation of that cloud has for it takes the place of the tracked one.
func StackConfigOn(tb testing.TB, stack, cloud string) map[string]string {
	tb.Helper()
	var sections map[string]any
	readYAML(tb, filepath.Join("docs", "clouds", cloud, stack+".yaml"), &sections)
	values := StackConfig(tb, stack)
	for key, value := range sections {
		values[key] = handedOver(tb, value)
	}
	return values
}

// StackFile is the stack's file alone, in the form of StackConfig.
func StackFile(tb testing.TB, stack string) map[string]string {
	tb.Helper()
	var file struct {
		Config map[string]any `yaml:"config"`
	}
	readYAML(tb, "Pulumi."+stack+".yaml", &file)
	values := map[string]string{}
	for key, value := range file.Config {
		values[key] = handedOver(tb, value)
	}
	return values
}

// ProjectDefaults is what Pulumi.yaml gives to every stack, in the form of StackConfig.
func ProjectDefaults(tb testing.TB) map[string]string {
	tb.Helper()
	values := map[string]string{}
	for key, about := range ProjectKeys(tb) {
		if !strings.Contains(key, ":") {
			key = Project + ":" + key
		}
		for _, value := range []any{about.Default, about.Value} {
			if value != nil {
				values[key] = handedOver(tb, value)
			}
		}
	}
	return values
}

// ProjectKeys are the configuration keys that Pulumi.yaml describes.
func ProjectKeys(tb testing.TB) map[string]ProjectKey {
	tb.Helper()
	var file struct {
		Config map[string]ProjectKey `yaml:"config"`
	}
	readYAML(tb, "Pulumi.yaml", &file)
	return file.Config
}

func handedOver(tb testing.TB, value any) string {
	tb.Helper()
	if text, ok := value.(string); ok {
		return text
	}
	encoded, err := json.Marshal(value)
	require.NoError(tb, err)
	return string(encoded)
}

func readYAML(tb testing.TB, name string, target any) {
	tb.Helper()
	_, here, _, _ := runtime.Caller(0)
	content, err := os.ReadFile(filepath.Join(filepath.Dir(here), "..", "..", name))
	require.NoError(tb, err)
	require.NoError(tb, yaml.Unmarshal(content, target))
}
