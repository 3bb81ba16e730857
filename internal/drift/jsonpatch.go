package drift

import (
	"cmp"
	"encoding/json"
	"slices"
	"strconv"
	"strings"

	"sigs.k8s.io/structured-merge-diff/v6/fieldpath"
)

// operation is one operation of a JSON patch (RFC 6902).
type operation struct {
	Op    string `json:"op"`
	Path  string `json:"path"`
	Value any    `json:"value,omitempty"`
}

// removal returns a JSON patch that removes fields from an object. It fails where a list item is no longer at its
// place.
func removal(object map[string]any, paths []fieldpath.Path) []operation {
	var pointers []string
	tests := map[string][]operation{}
	for _, path := range paths {
		at, found := pointer(object, path)
		if !found || slices.Contains(pointers, at) {
			continue
		}
		pointers = append(pointers, at)
		tests[at] = placeTests(object, path)
	}
	slices.SortFunc(pointers, lastFirst)
	var patch []operation
	for _, at := range pointers {
		if !slices.ContainsFunc(pointers, func(above string) bool { return strings.HasPrefix(at, above+"/") }) {
			patch = append(append(patch, tests[at]...), operation{Op: "remove", Path: at})
		}
	}
	return patch
}

// placeTests check that the items on the way are those that were seen.
func placeTests(object map[string]any, path fieldpath.Path) []operation {
	var tests []operation
	for i, element := range path {
		if element.Key == nil {
			continue
		}
		at, _ := pointer(object, path[:i+1])
		item, _ := lookUp(object, path[:i+1])
		fields, _ := item.(map[string]any)
		for _, one := range *element.Key {
			if has, said := fields[one.Name]; said {
				tests = append(tests, operation{Op: "test", Path: at + "/" + escaped(one.Name), Value: has})
			}
		}
	}
	return tests
}

// lastFirst orders pointers so that removing one moves none of the following.
func lastFirst(a, b string) int {
	one, other := strings.Split(a, "/"), strings.Split(b, "/")
	for i := range min(len(one), len(other)) {
		first, err := strconv.Atoi(one[i])
		second, fail := strconv.Atoi(other[i])
		order := strings.Compare(one[i], other[i])
		if err == nil && fail == nil {
			order = cmp.Compare(first, second)
		}
		if order != 0 {
			return -order
		}
	}
	return len(other) - len(one)
}

func encoded(patch any) string {
	text, err := json.Marshal(patch)
	if err != nil { // it was decoded from JSON
		return err.Error()
	}
	return string(text)
}
