package drift

import (
	"regexp"
	"slices"
	"strings"
)

// matches reports whether a text has the form of a pattern, in which * stands for any text.
func matches(pattern, text string) bool {
	quoted := strings.ReplaceAll(regexp.QuoteMeta(pattern), `\*`, ".*")
	matched, err := regexp.MatchString("^(?s:"+quoted+")$", text)
	return err == nil && matched
}

// matchesAny reports whether a text has the form of one of the patterns, or there is none.
func matchesAny(patterns []string, text string) bool {
	return len(patterns) == 0 || slices.ContainsFunc(patterns, func(one string) bool { return matches(one, text) })
}
