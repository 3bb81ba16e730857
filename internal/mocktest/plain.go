package mocktest

import (
	"math"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// plain converts an input into a value for comparisons: string, bool, int, float64, []any, map[string]any. It unwraps
// secrets; unknown values become nil.
func plain(value resource.PropertyValue) any {
	switch {
	case value.IsSecret():
		return plain(value.SecretValue().Element)
	case value.IsOutput():
		return plain(value.OutputValue().Element)
	case value.IsObject():
		object := map[string]any{}
		for key, field := range value.ObjectValue() {
			object[string(key)] = plain(field)
		}
		return object
	case value.IsArray():
		list := []any{}
		for _, item := range value.ArrayValue() {
			list = append(list, plain(item))
		}
		return list
	case value.IsNumber() && value.NumberValue() == math.Trunc(value.NumberValue()):
		return int(value.NumberValue())
	case value.IsBool(), value.IsNumber(), value.IsString():
		return value.V
	default:
		return nil
	}
}

// secrets lists the paths of secret values, with dots between the keys. A secret inside a list counts for the list.
func secrets(path string, value resource.PropertyValue) []string {
	switch {
	case value.IsSecret() || value.IsOutput() && value.OutputValue().Secret:
		return []string{path}
	case value.IsObject():
		var paths []string
		for key, field := range value.ObjectValue() {
			paths = append(paths, secrets(join(path, string(key)), field)...)
		}
		slices.Sort(paths)
		return paths
	case value.IsArray():
		var paths []string
		for _, item := range value.ArrayValue() {
			paths = append(paths, secrets(path, item)...)
		}
		return slices.Compact(paths)
	default:
		return nil
	}
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}
