package guard

import (
	"slices"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// The functions of this file read inputs without a type: an event log masks values, and marks what is not known yet, so
// that an object does not always fit its type.

// object returns the object at a path, or nil.
func object(in map[string]any, path ...string) map[string]any {
	value, _, _ := unstructured.NestedFieldNoCopy(in, path...)
	found, _ := value.(map[string]any)
	return found
}

// objects returns the objects of the list at a path.
func objects(in map[string]any, path ...string) []map[string]any {
	value, _, _ := unstructured.NestedFieldNoCopy(in, path...)
	var found []map[string]any
	for _, item := range asList(value) {
		if one, isObject := item.(map[string]any); isObject {
			found = append(found, one)
		}
	}
	return found
}

// lists reports whether the list at a path has an item.
func lists(in map[string]any, item any, path ...string) bool {
	value, _, _ := unstructured.NestedFieldNoCopy(in, path...)
	return slices.Contains(asList(value), item)
}

// is reports whether the value at a path is this one.
func is(in map[string]any, want any, path ...string) bool {
	value, found, _ := unstructured.NestedFieldNoCopy(in, path...)
	return found && value == want
}

func asList(value any) []any {
	list, _ := value.([]any)
	return list
}
