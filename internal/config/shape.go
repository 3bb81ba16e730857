package config

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/internal/invalid"
)

var quantityType = reflect.TypeFor[resource.Quantity]()

// checkShape compares the value of a key with the Go type that it is decoded into, and reports all unknown keys, nulls
// and wrong types. encoding/json stops at its first error and knows no path; after this check it finds none.
func checkShape(key string, given any, want reflect.Type, problems *invalid.Problems) {
	if given == nil && want.Kind() != reflect.Interface {
		problems.Add(key, orNull(given), "must have a value: remove the key to get its default")
		return
	}
	if want == quantityType {
		checkQuantity(key, given, problems)
		return
	}
	switch want.Kind() {
	case reflect.Struct:
		checkObject(key, given, fieldTypes(want), problems)
	case reflect.Map:
		checkMap(key, given, want.Elem(), problems)
	case reflect.Slice:
		checkList(key, given, want.Elem(), problems)
	case reflect.Int:
		checkInteger(key, given, problems)
	case reflect.Float64:
		expect[json.Number](key, given, "must be a number", problems)
	case reflect.Bool:
		expect[bool](key, given, "must be true or false", problems)
	case reflect.Interface:
		// Any value is allowed here; its reader checks it.
	default:
		expect[string](key, given, "must be a string: quote it", problems)
	}
}

// orNull returns a value as a message shows it: an explicit null is not missing.
func orNull(given any) any {
	if given == nil {
		return "null"
	}
	return given
}

func checkObject(key string, given any, fields map[string]reflect.Type, problems *invalid.Problems) {
	object, ok := expect[map[string]any](key, given, "must be an object with keys", problems)
	if !ok {
		return
	}
	for _, name := range slices.Sorted(maps.Keys(object)) {
		field, known := fields[name]
		if !known {
			problems.Add(key+"."+name, orNull(object[name]), "is not a known key; %s has %s", key, list(fields))
			continue
		}
		checkShape(key+"."+name, object[name], field, problems)
	}
}

func checkMap(key string, given any, elem reflect.Type, problems *invalid.Problems) {
	object, _ := expect[map[string]any](key, given, "must be an object with keys", problems)
	for _, name := range slices.Sorted(maps.Keys(object)) {
		checkShape(key+"."+name, object[name], elem, problems)
	}
}

func checkList(key string, given any, elem reflect.Type, problems *invalid.Problems) {
	items, _ := expect[[]any](key, given, "must be a list", problems)
	for i, item := range items {
		checkShape(fmt.Sprintf("%s[%d]", key, i), item, elem, problems)
	}
}

func checkInteger(key string, given any, problems *invalid.Problems) {
	number, ok := given.(json.Number)
	// Kubernetes counts in 32 bits, and this way the sums over all services fit into an int.
	if _, err := strconv.ParseInt(number.String(), 10, 32); !ok || err != nil {
		problems.Add(key, given, "must be a whole number below 2147483648")
	}
}

func expect[T any](key string, given any, rule string, problems *invalid.Problems) (T, bool) {
	value, ok := given.(T)
	if !ok {
		problems.Add(key, given, "%s", rule)
	}
	return value, ok
}

// fieldTypes maps the keys of a configuration struct to their types.
func fieldTypes(of reflect.Type) map[string]reflect.Type {
	fields := map[string]reflect.Type{}
	for i := range of.NumField() {
		if key := of.Field(i).Tag.Get("json"); key != "" && key != "-" {
			fields[key] = of.Field(i).Type
		}
	}
	return fields
}

func list[V any](keys map[string]V) string {
	return strings.Join(slices.Sorted(maps.Keys(keys)), ", ")
}
