package standin

import (
	"fmt"
	"math"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
)

// unknown represents an unknown value among plain ones. It is the engine's own string for it: a Value computed from it
// contains it, and is unknown, too.
const unknown = plugin.UnknownStringValue

// plain converts properties to plain Go types: string, bool, int, float64, []any, map[string]any. Secrets are
// unwrapped.
func plain(value resource.PropertyValue) any {
	switch {
	case value.IsComputed(), value.IsOutput() && !value.OutputValue().Known:
		return unknown
	case value.IsOutput():
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
	case value.IsNumber() && value.NumberValue() == math.Trunc(value.NumberValue()):
		return int(value.NumberValue()) // so that a template writes 1000000 and not 1e+06
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

// property is the reverse of plain. A value that contains an unknown part is unknown as a whole.
func property(value any) resource.PropertyValue {
	if strings.Contains(fmt.Sprint(value), unknown) {
		return notKnown()
	}
	return resource.NewPropertyValue(value)
}

func notKnown() resource.PropertyValue { return resource.MakeComputed(resource.NewStringProperty("")) }

// fill puts a value at a path of keys into properties. An existing value stays: the program set it.
func fill(properties resource.PropertyMap, path []string, value resource.PropertyValue) {
	key := resource.PropertyKey(path[0])
	properties[key] = filled(properties[key], path[1:], value)
}

func filled(old resource.PropertyValue, path []string, value resource.PropertyValue) resource.PropertyValue {
	switch {
	case old.IsSecret():
		return resource.MakeSecret(filled(old.SecretValue().Element, path, value))
	case len(path) == 0 && old.IsNull():
		return value
	case len(path) == 0:
		return old
	case old.IsNull():
		old = resource.NewObjectProperty(resource.PropertyMap{})
	}
	switch {
	case old.IsObject():
		fill(old.ObjectValue(), path, value)
	case old.IsArray():
		for i, item := range old.ArrayValue() {
			old.ArrayValue()[i] = filled(item, path, value)
		}
	}
	return old
}
