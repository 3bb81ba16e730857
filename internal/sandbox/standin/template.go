package standin

import (
	"fmt"
	"regexp"
	"strings"
)

var placeholder = regexp.MustCompile(`\{[\w.]+\}`)

// fill is the template with its placeholders filled in. It is unknown where one of them is, and an error where one
// means nothing.
func (i Instance) fill(template string) any {
	var failure error
	isUnknown := false
	filled := placeholder.ReplaceAllStringFunc(template, func(name string) string {
		value, found := i.lookup(strings.Trim(name, "{}"))
		switch {
		case !found:
			failure = fmt.Errorf("filling in %q: there is no %s", template, name)
		case value == unknown{}:
			isUnknown = true
		}
		return fmt.Sprint(value)
	})
	switch {
	case failure != nil:
		return failure
	case isUnknown:
		return unknown{}
	default:
		return filled
	}
}

func (i Instance) lookup(name string) (any, bool) {
	switch name {
	case "id":
		return i.ID, i.ID != ""
	case "serial":
		return i.Serial, i.Serial != ""
	}
	if value, found := i.Config[name]; found {
		return value, true
	}
	return i.Input(name)
}

// Input is an input by its path, and whether it was given.
func (i Instance) Input(path string) (any, bool) {
	var value any = i.Inputs
	for key := range strings.SplitSeq(path, ".") {
		object, _ := value.(map[string]any)
		next, found := object[key]
		if !found {
			return nil, false
		}
		value = next
	}
	return value, true
}
