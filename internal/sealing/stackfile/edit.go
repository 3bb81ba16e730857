package stackfile

import (
	"fmt"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/util/yamlutil"
	"go.yaml.in/yaml/v3"

	"github.com/dreamseed/platform/internal/invalid"
)

// set changes only the value below a key of the project. The file is written as `pulumi config set` writes it:
// comments, order and braces stay.
func (f *File) set(value, top string, below ...string) error {
	var document map[string]any
	if err := yaml.Unmarshal(f.content, &document); err != nil {
		return fmt.Errorf("reading %s again: %w", f.name, err)
	}
	config, _ := document["config"].(map[string]any)
	put(document, slices.Concat([]string{"config", written(config, top)}, below), value)
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

// put sets a value at a path, and creates missing objects. Open has refused anything else on the path.
func put(object map[string]any, path []string, value string) {
	if len(path) == 1 {
		object[path[0]] = value
		return
	}
	below, found := object[path[0]].(map[string]any)
	if !found {
		below = map[string]any{}
		object[path[0]] = below
	}
	put(below, path[1:], value)
}
