package drift

import (
	"slices"

	"k8s.io/apimachinery/pkg/runtime"
	"sigs.k8s.io/structured-merge-diff/v6/fieldpath"
)

// desired returns what the program is to apply again: its inputs, without the fields that somebody else may keep. Where
// the API server owns a whole map as one field, and only some of its keys stay, their live values join the inputs.
func desired(of managed, keep, takeBack []field) map[string]any {
	config := runtime.DeepCopyJSON(of.inputs)
	for _, one := range keep {
		if one.by.Manager == of.manager {
			continue // a default that the API server fills in again
		}
		partly := slices.ContainsFunc(takeBack, func(other field) bool { return under(other.path, one.owned) })
		switch {
		case !partly:
			remove(config, one.owned)
		case one.change == Removed:
			remove(config, one.path)
		default:
			set(config, one.path, one.value)
		}
	}
	return config
}

// remove deletes what is at a path, if it is there.
func remove(object any, path fieldpath.Path) {
	last := path[len(path)-1]
	parent, found := lookUp(object, path[:len(path)-1])
	if !found {
		return
	}
	if fields, isMap := parent.(map[string]any); isMap && last.FieldName != nil {
		delete(fields, *last.FieldName)
		return
	}
	list, isList := parent.([]any)
	if !isList || len(path) < 2 {
		return
	}
	kept := slices.Clone(list)
	for i, item := range list {
		if isAt(last, i, item) {
			kept = slices.Delete(kept, i, i+1)
			break
		}
	}
	set(object, path[:len(path)-1], kept)
}

// set sets a field of a map that is there.
func set(object any, path fieldpath.Path, value any) {
	parent, found := lookUp(object, path[:len(path)-1])
	fields, isMap := parent.(map[string]any)
	if name := path[len(path)-1].FieldName; found && isMap && name != nil {
		fields[*name] = value
	}
}
