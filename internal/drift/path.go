package drift

import (
	"reflect"
	"strconv"
	"strings"

	"sigs.k8s.io/structured-merge-diff/v6/fieldpath"
	"sigs.k8s.io/structured-merge-diff/v6/value"
)

// lookUp returns the value at a path, and whether there is one.
func lookUp(object any, path fieldpath.Path) (any, bool) {
	for _, element := range path {
		_, next, found := step(object, element)
		if !found {
			return nil, false
		}
		object = next
	}
	return object, true
}

// pointer returns a path as a JSON pointer into an object that has it (RFC 6901).
func pointer(object any, path fieldpath.Path) (string, bool) {
	var at strings.Builder
	for _, element := range path {
		token, next, found := step(object, element)
		if !found {
			return "", false
		}
		at.WriteString("/" + escaped(token))
		object = next
	}
	return at.String(), true
}

// place is pointer for a path that the object may lack: it says what is there of it.
func place(object any, path fieldpath.Path) string {
	var at strings.Builder
	for _, element := range path {
		token, next, found := step(object, element)
		if !found {
			token = strings.TrimPrefix(element.String(), ".")
		}
		at.WriteString("/" + escaped(token))
		object = next
	}
	return at.String()
}

// inside reports whether a pointer is another one or leads below it.
func inside(pointer, other string) bool {
	return pointer == other || strings.HasPrefix(pointer, other+"/")
}

func escaped(token string) string { return strings.NewReplacer("~", "~0", "/", "~1").Replace(token) }

// step goes one element down, and also returns the element's JSON pointer token.
func step(object any, element fieldpath.PathElement) (token string, next any, found bool) {
	if element.FieldName != nil {
		fields, _ := object.(map[string]any)
		next, found = fields[*element.FieldName]
		return *element.FieldName, next, found
	}
	list, _ := object.([]any)
	for i, item := range list {
		if isAt(element, i, item) {
			return strconv.Itoa(i), item, true
		}
	}
	return "", nil, false
}

// isAt reports whether an element of a path names the list's item.
func isAt(element fieldpath.PathElement, index int, item any) bool {
	switch {
	case element.Index != nil:
		return *element.Index == index
	case element.Value != nil:
		return same((*element.Value).Unstructured(), item)
	case element.Key != nil:
		return hasKey(item, *element.Key)
	}
	return false
}

// hasKey reports whether a list's item has the values of the key. The API server fills in a key that the program left
// out, such as a port's protocol: it does not tell items apart.
func hasKey(item any, key value.FieldList) bool {
	fields, isMap := item.(map[string]any)
	for _, one := range key {
		if has, said := fields[one.Name]; said && !same(has, one.Value.Unstructured()) {
			return false
		}
	}
	return isMap
}

// under reports whether a path is another one or lies below it.
func under(path, prefix fieldpath.Path) bool {
	return len(path) >= len(prefix) && path[:len(prefix)].Equals(prefix)
}

// child returns the path with one further element, and shares no memory with it.
func child(path fieldpath.Path, element fieldpath.PathElement) fieldpath.Path {
	return append(path.Copy(), element)
}

func named(name string) fieldpath.PathElement { return fieldpath.FieldNameElement(name) }

// same reports whether two values are the same JSON. Numbers are float64 from one decoder and int64 from the other.
func same(a, b any) bool { return reflect.DeepEqual(plain(a), plain(b)) }

// plain returns a value with one type for numbers, and without what is empty.
func plain(of any) any {
	switch typed := of.(type) {
	case int64:
		return float64(typed)
	case int:
		return float64(typed)
	case map[string]any:
		fields := map[string]any{}
		for name, one := range typed {
			if !isEmpty(one) {
				fields[name] = plain(one)
			}
		}
		return fields
	case []any:
		items := make([]any, len(typed))
		for i, one := range typed {
			items[i] = plain(one)
		}
		return items
	}
	return of
}

// isEmpty reports whether a value says no more than its absence. An empty map may say more: a peer {} of a network
// policy is everybody.
func isEmpty(of any) bool {
	list, isList := of.([]any)
	return of == nil || isList && len(list) == 0
}
