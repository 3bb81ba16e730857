package standin

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Shaped refuses a text that does not match a pattern as a whole.
func Shaped(path, pattern, source string) Limit {
	whole := regexp.MustCompile("^(?:" + pattern + ")$")
	return Limit{Source: source, Refuses: func(r Request) string {
		for _, text := range r.Texts(path) {
			if !whole.MatchString(text) {
				return fmt.Sprintf("%s: %q does not match %s", path, text, pattern)
			}
		}
		return ""
	}}
}

// OneOf refuses a text that is not among the allowed ones.
func OneOf(path, source string, allowed ...string) Limit {
	return Limit{Source: source, Refuses: func(r Request) string {
		for _, text := range r.Texts(path) {
			if !slices.Contains(allowed, text) {
				return fmt.Sprintf("%s: %q is none of %s", path, text, strings.Join(allowed, ", "))
			}
		}
		return ""
	}}
}

// AtLeast refuses a number below a bound.
func AtLeast(path string, bound int, source string) Limit {
	return Limit{Source: source, Refuses: func(r Request) string {
		if number, given := r.Number(path); given && number < bound {
			return fmt.Sprintf("%s: %d is less than %d", path, number, bound)
		}
		return ""
	}}
}

// Ordered refuses numbers that are not in ascending order.
func Ordered(source string, paths ...string) Limit {
	return Limit{Source: source, Refuses: func(r Request) string {
		for i, path := range paths[1:] {
			lower, has := r.Number(paths[i])
			upper, given := r.Number(path)
			if has && given && lower > upper {
				return fmt.Sprintf("%s: %d is greater than %d, which is %s", paths[i], lower, upper, path)
			}
		}
		return ""
	}}
}
