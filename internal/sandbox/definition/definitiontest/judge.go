// Package definitiontest judges resources by the facts about their kinds.
package definitiontest

import (
	"bytes"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/dreamseed/platform/internal/sandbox/definition"
)

// Mistakes returns the fields of a resource's spec that the kind does not have, or that have another type, sorted.
func Mistakes(kind definition.Kind, spec any) []string {
	var found []string
	judge(kind, "", spec, &found, map[string]bool{})
	slices.Sort(found)
	return found
}

// Unused returns the known fields that a resource's spec does not set, sorted.
func Unused(kind definition.Kind, spec any) []string {
	used := map[string]bool{}
	judge(kind, "", spec, &[]string{}, used)
	return slices.DeleteFunc(kind.Paths(), func(path string) bool { return used[path] })
}

func judge(kind definition.Kind, path string, value any, found *[]string, used map[string]bool) {
	if of, known := kind.Fields[path]; known {
		used[path] = true
		if err := fits(of, value); err != nil {
			*found = append(*found, fmt.Sprintf("%s: %v", path, err))
		}
		return
	}
	switch node := value.(type) {
	case map[string]any:
		if !leads(kind, path) {
			break
		}
		for name, inner := range node {
			judge(kind, strings.TrimPrefix(path+"."+name, "."), inner, found, used)
		}
		return
	case []any:
		for _, inner := range node {
			judge(kind, path+"[]", inner, found, used)
		}
		return
	}
	*found = append(*found, path+": the kind has no such field")
}

// leads reports whether a field is known below a path.
func leads(kind definition.Kind, path string) bool {
	below := func(known string) bool { return strings.HasPrefix(known, path+".") }
	return path == "" || slices.ContainsFunc(kind.Paths(), below)
}

// fits checks the type of a value.
func fits(of definition.Type, value any) error {
	switch of {
	case definition.String:
		if _, is := value.(string); !is {
			return fmt.Errorf("%v is no string", value)
		}
	case definition.Integer:
		switch value.(type) {
		case int, int64:
		default:
			return fmt.Errorf("%v is no integer", value)
		}
	case definition.Boolean:
		if _, is := value.(bool); !is {
			return fmt.Errorf("%v is no boolean", value)
		}
	case definition.Open:
		if _, is := value.(map[string]any); !is {
			return fmt.Errorf("%v are no settings", value)
		}
	case definition.Pod:
		return decodes(value, &corev1.PodTemplateSpec{})
	case definition.Claim:
		return decodes(value, &corev1.PersistentVolumeClaim{})
	}
	return nil
}

// decodes refuses fields that Kubernetes' own type does not have.
func decodes(value, into any) error {
	text, err := json.Marshal(value)
	if err != nil {
		return err
	}
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	return decoder.Decode(into)
}
