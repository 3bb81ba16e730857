package standin

import (
	"errors"
	"fmt"
	"regexp"
)

var placeholder = regexp.MustCompile(`\{([^{}]*)\}`)

// fill returns the template with its placeholders filled in, or an error that names the unknown ones.
func (i Instance) fill(template string) any {
	var failures []error
	text := placeholder.ReplaceAllStringFunc(template, func(found string) string {
		value, given := i.lookup(placeholder.FindStringSubmatch(found)[1])
		if !given {
			failures = append(failures, fmt.Errorf("there is no %s for %q", found, template))
		}
		return fmt.Sprint(value)
	})
	if len(failures) > 0 {
		return errors.Join(failures...)
	}
	return text
}

// lookup returns the value of a placeholder. A resource's own input, such as its region, takes precedence over the
// provider's setting.
func (i Instance) lookup(name string) (any, bool) {
	switch name {
	case "id":
		return i.ID, i.ID != ""
	case "serial":
		return i.Serial, i.Serial != ""
	}
	if value, given := i.Input(name); given {
		return value, true
	}
	value, given := i.Config[name]
	return value, given
}

// Input returns an input by its path, and whether it was set.
func (i Instance) Input(path string) (any, bool) {
	var value any = i.Inputs
	for _, key := range segments(path) {
		if value == unknown {
			return unknown, true
		}
		object, _ := value.(map[string]any)
		next, given := object[key]
		if !given {
			return nil, false
		}
		value = next
	}
	return value, true
}
