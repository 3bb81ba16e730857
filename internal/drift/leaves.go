package drift

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"sigs.k8s.io/structured-merge-diff/v6/fieldpath"
)

// leaves returns the scalar values below a value, with their paths.
func leaves(path fieldpath.Path, of any) iter.Seq2[fieldpath.Path, any] {
	return func(yield func(fieldpath.Path, any) bool) { visit(path, of, yield) }
}

func visit(path fieldpath.Path, of any, yield func(fieldpath.Path, any) bool) bool {
	switch typed := of.(type) {
	case map[string]any:
		for _, name := range slices.Sorted(maps.Keys(typed)) {
			if !visit(child(path, named(name)), typed[name], yield) {
				return false
			}
		}
		return true
	case []any:
		key, keyed := keyOf(typed)
		for i, one := range typed {
			at := fieldpath.IndexElement(i)
			if keyed {
				at = fieldpath.KeyElementByFields(key, one.(map[string]any)[key])
			}
			if !visit(child(path, at), one, yield) {
				return false
			}
		}
		return true
	}
	return yield(path, of)
}

// text returns a value as a rule compares it.
func text(value any) string {
	switch typed := value.(type) {
	case nil:
		return ""
	case map[string]any, []any:
		return encoded(typed)
	}
	return fmt.Sprint(value)
}

// sortedObjects returns the names of objects in one order for every run.
func sortedObjects[V any](objects map[Object]V) []Object {
	return slices.SortedFunc(maps.Keys(objects), func(a, b Object) int { return strings.Compare(a.String(), b.String()) })
}
