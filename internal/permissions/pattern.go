package permissions

import "strings"

// matches reports whether a pattern matches a text, ignoring case: * matches any part of it, and ? one character.
func matches(pattern, text string) bool {
	return stands(strings.ToLower(pattern), strings.ToLower(text))
}

// stands returns to the last * when the rest does not match, and lets it match one more character.
func stands(pattern, text string) bool {
	at, star, from := 0, -1, 0
	for i := 0; i < len(text); {
		switch {
		case at < len(pattern) && pattern[at] == '*':
			star, from = at, i
			at++
		case at < len(pattern) && (pattern[at] == '?' || pattern[at] == text[i]):
			at++
			i++
		case star >= 0:
			from++
			at, i = star+1, from
		default:
			return false
		}
	}
	return strings.Trim(pattern[at:], "*") == ""
}
