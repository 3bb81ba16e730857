package stackfile

import (
	"fmt"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/yamlutil"
	"go.yaml.in/yaml/v3"

	"github.com/dreamseed/platform/internal/invalid"
)

// Set changes only the value at a path: a key of the project, and the keys below it. The file is written as `pulumi
// config set` writes it: comments, order and braces stay.
func (f *File) Set(value, top string, below ...string) error {
	var document map[string]any
	if err := yaml.Unmarshal(f.content, &document); err != nil {
		return fmt.Errorf("reading %s again: %w", f.name, err)
	}
	config, _ := document["config"].(map[string]any)
	if err := put(document, slices.Concat([]string{"config", written(config, top)}, below), value); err != nil {
		return &ContentError{fmt.Errorf("changing %s: %w", f.name, err)}
	}
	changed, err := yamlutil.Edit(f.content, document)
	if err != nil {
		return fmt.Errorf("changing %s: %w", f.name, err)
	}
	f.content = changed
	return nil
}

// written returns a key of the project as it appears in the file: Pulumi accepts it without the project's name too.
func written(config map[string]any, key string) string {
	if _, found := config[key]; found {
		return key
	}
	return invalid.ConfigNamespace + ":" + key
}

// put sets a value at a path, and creates missing objects.
func put(object map[string]any, path []string, value string) error {
	if len(path) == 1 {
		object[path[0]] = value
		return nil
	}
	if object[path[0]] == nil {
		object[path[0]] = map[string]any{}
	}
	below, isObject := object[path[0]].(map[string]any)
	if !isObject {
		return fmt.Errorf("%s is no object", path[0])
	}
	return put(below, path[1:], value)
}
