package permissions

import "strings"

// matches says whether a pattern stands for a text, whatever its case: * for any part of it, and ? for one character.
func matches(pattern, text string) bool {
	return stands(strings.ToLower(pattern), strings.ToLower(text))
}

// stands goes back to the last * where the rest does not fit, and lets it stand for one character more.
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
