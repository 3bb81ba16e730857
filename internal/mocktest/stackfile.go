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

// Stacks returns the names of the tracked stacks.
func Stacks() []string { return []string{"local", "staging", "production"} }

// ProjectKey is the entry of one configuration key in Pulumi.yaml.
type ProjectKey struct {
	Type        string `yaml:"type"`
	Description string `yaml:"description"`
	// Default is nil if the key has none.
	Default any `yaml:"default"`
	// Value is set by the project, and no stack may change it.
	Value any `yaml:"value"`
}

// StackConfig returns the configuration that the engine passes to the program of a tracked stack: the stack's file over
// the project's defaults, scalars as plain strings, lists and objects as JSON.
func StackConfig(tb testing.TB, stack string) map[string]string {
	tb.Helper()
	values := ProjectDefaults(tb)
	maps.Copy(values, StackFile(tb, stack))
	return values
}

// StackConfigOn is StackConfig with the cluster on another cloud: the section in that cloud's documentation replaces
// the tracked one.
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

// StackFile returns the content of the stack's file alone, in the form of StackConfig.
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

// ProjectDefaults returns the values that Pulumi.yaml sets for every stack, in the form of StackConfig.
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

// ProjectKeys returns the configuration keys that Pulumi.yaml describes.
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
