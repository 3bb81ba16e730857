package drift

import (
	"fmt"
	"maps"
	"slices"

	"k8s.io/apimachinery/pkg/api/resource"
	"sigs.k8s.io/structured-merge-diff/v6/fieldpath"

	"github.com/dreamseed/platform/internal/stack"
)

// shortfall returns where the live value lacks what the inputs say. Nobody owns a field that was removed, so managed
// fields cannot tell.
func shortfall(path fieldpath.Path, wanted, has any) []field {
	switch ours := wanted.(type) {
	case map[string]any:
		if stack.IsSecret(ours) {
			return nil // only who owns it can be told
		}
		theirs, isMap := has.(map[string]any)
		if !isMap {
			return []field{{path: path, owned: path, change: Changed, value: has}}
		}
		return lackingKeys(path, ours, theirs)
	case []any:
		theirs, isList := has.([]any)
		if !isList {
			return []field{{path: path, owned: path, change: Changed, value: has}}
		}
		return lackingItems(path, ours, theirs)
	}
	if equivalent(wanted, has) {
		return nil
	}
	return []field{{path: path, owned: path, change: Changed, value: has}}
}

func lackingKeys(path fieldpath.Path, ours, theirs map[string]any) []field {
	var found []field
	for _, name := range slices.Sorted(maps.Keys(ours)) {
		at, wanted := child(path, named(name)), ours[name]
		has, live := theirs[name]
		switch {
		case saysNothing(wanted) && !live:
		case !live:
			found = append(found, field{path: at, owned: at, change: Removed})
		default:
			found = append(found, shortfall(at, wanted, has)...)
		}
	}
	return found
}

// saysNothing reports whether the API server may drop a value.
func saysNothing(value any) bool {
	fields, isMap := value.(map[string]any)
	return isEmpty(value) || isMap && len(fields) == 0 || value == "" || value == false || same(value, 0)
}

// lackingItems compares items with the same key, or else those at the same place. A longer list has further owners,
// which the managed fields name, unless somebody removed them.
func lackingItems(path fieldpath.Path, ours, theirs []any) []field {
	key, keyed := keyOf(ours, theirs)
	var found []field
	for i, wanted := range ours {
		at := child(path, fieldpath.IndexElement(i))
		if keyed {
			at = child(path, fieldpath.KeyElementByFields(key, wanted.(map[string]any)[key]))
		}
		_, has, live := step(theirs, at[len(at)-1])
		if !live {
			found = append(found, field{path: at, owned: at, change: Removed})
			continue
		}
		found = append(found, shortfall(at, wanted, has)...)
	}
	for i := len(ours); !keyed && i < len(theirs); i++ {
		at := child(path, fieldpath.IndexElement(i))
		found = append(found, field{path: at, owned: path, change: Added, value: theirs[i]})
	}
	return found
}

// keys are the fields by which the API server tells items apart, in its lists with x-kubernetes-list-map-keys.
var keys = []string{"name", "mountPath", "devicePath", "containerPort", "topologyKey", "ip", "port"}

// keyOf returns the first field that all items of both lists have with different values.
func keyOf(lists ...[]any) (string, bool) {
	for _, key := range keys {
		if !slices.ContainsFunc(lists, func(list []any) bool { return !isKey(key, list) }) {
			return key, true
		}
	}
	return "", false
}

func isKey(key string, list []any) bool {
	seen := map[string]bool{}
	for _, item := range list {
		fields, _ := item.(map[string]any)
		has, said := fields[key]
		text := fmt.Sprint(plain(has))
		if !said || seen[text] {
			return false
		}
		seen[text] = true
	}
	return true
}

// equivalent reports whether two scalars mean the same: the API server writes quantities its own way.
func equivalent(a, b any) bool {
	if same(a, b) || fmt.Sprint(plain(a)) == fmt.Sprint(plain(b)) {
		return true
	}
	one, isText := a.(string)
	other, areText := b.(string)
	if !isText || !areText {
		return false
	}
	first, err := resource.ParseQuantity(one)
	if err != nil {
		return false
	}
	second, err := resource.ParseQuantity(other)
	return err == nil && first.Cmp(second) == 0
}
