package standin

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// unknown stands for what is not known yet.
type unknown struct{}

// plain turns properties into plain Go types: string, bool, float64, []any, map[string]any, unknown. Secrets are
// unwrapped.
func plain(value resource.PropertyValue) any {
	switch {
	case value.IsComputed():
		return unknown{}
	case value.IsOutput():
		if !value.OutputValue().Known {
			return unknown{}
		}
		return plain(value.OutputValue().Element)
	case value.IsSecret():
		return plain(value.SecretValue().Element)
	case value.IsObject():
		return plainMap(value.ObjectValue())
	case value.IsArray():
		list := []any{}
		for _, item := range value.ArrayValue() {
			list = append(list, plain(item))
		}
		return list
	default:
		return value.V
	}
}

func plainMap(properties resource.PropertyMap) map[string]any {
	object := map[string]any{}
	for key, value := range properties {
		if strings.HasPrefix(string(key), "__") || value.IsNull() {
			continue // the engine's and the SDK's own
		}
		object[string(key)] = plain(value)
	}
	return object
}

// leaf is a value at the end of a path.
type leaf struct {
	// path names it to the engine: nodeConfig.taints[0].key.
	path string
	// rule names it in the tables, without positions: nodeConfig.taints.key.
	rule  string
	value any
}

// leaves are all values in a tree. An empty object or list is one, too.
func leaves(path, rule string, value any) []leaf {
	var found []leaf
	switch value := value.(type) {
	case map[string]any:
		for _, key := range slices.Sorted(maps.Keys(value)) {
			found = append(found, leaves(join(path, key), join(rule, key), value[key])...)
		}
	case []any:
		for i, item := range value {
			found = append(found, leaves(fmt.Sprintf("%s[%d]", path, i), rule, item)...)
		}
	}
	if found == nil && path != "" {
		return []leaf{{path, rule, value}}
	}
	return found
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// covers says whether a path of a table covers a property: it is the path itself, lies below an object with any keys,
// or is a parent of the path.
func covers(path, rule string) bool {
	if above, anyKey := strings.CutSuffix(path, ".*"); anyKey {
		return rule == above || strings.HasPrefix(rule, above+".")
	}
	return path == rule || strings.HasPrefix(path, rule+".")
}

// change is a property whose value differs.
type change struct {
	path, rule string
	from, to   any
}

// changes are the differences between two trees. A value that is not known yet counts as another one.
func changes(from, to map[string]any) []change {
	before, after := byPath(from), byPath(to)
	all := maps.Clone(before)
	maps.Copy(all, after)
	var found []change
	for _, path := range slices.Sorted(maps.Keys(all)) {
		old, changed := before[path].value, after[path].value
		if changed == any(unknown{}) || !reflect.DeepEqual(old, changed) {
			found = append(found, change{path: path, rule: all[path].rule, from: old, to: changed})
		}
	}
	return found
}

func byPath(tree map[string]any) map[string]leaf {
	found := map[string]leaf{}
	for _, one := range leaves("", "", tree) {
		found[one.path] = one
	}
	return found
}

// set puts a value at a path of keys into properties, which are copied as far as they change.
func set(properties resource.PropertyMap, path string, value resource.PropertyValue) {
	key, below, nested := strings.Cut(path, ".")
	if !nested {
		properties[resource.PropertyKey(key)] = value
		return
	}
	inner := resource.PropertyMap{}
	if existing := properties[resource.PropertyKey(key)]; existing.IsObject() {
		inner = maps.Clone(existing.ObjectValue())
	}
	set(inner, below, value)
	properties[resource.PropertyKey(key)] = resource.NewObjectProperty(inner)
}
