// Package leak finds secrets in places where they do not belong.
package leak

import (
	"cmp"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"net/url"
	"slices"
	"strings"
)

// Secrets maps descriptions to values that must not be found.
type Secrets map[string]string

// Find returns, for each secret that a place holds, the place and the form of the secret: unchanged, escaped, or
// encoded, alone or as a part of something longer.
func Find(secrets Secrets, places map[string]string) []string {
	var found []string
	for _, place := range slices.Sorted(maps.Keys(places)) {
		for _, name := range slices.Sorted(maps.Keys(secrets)) {
			if form := formIn(places[place], secrets[name]); form != "" {
				found = append(found, fmt.Sprintf("%s holds %s, %s", place, name, form))
			}
		}
	}
	return found
}

// formIn returns the form in which the text holds the value. Empty if it does not.
func formIn(text, value string) string {
	for _, form := range forms(value) {
		if strings.Contains(text, form.encoded) {
			return form.name
		}
	}
	return ""
}

type form struct{ name, encoded string }

func forms(value string) []form {
	escaped, _ := json.Marshal(value) // a string always encodes
	all := []form{
		{"in clear", value},
		{"in YAML", longestLine(value)},
		{"in JSON", strings.Trim(string(escaped), `"`)},
		{"in a URL", url.QueryEscape(value)},
		{"in hexadecimal", hex.EncodeToString([]byte(value))},
	}
	for offset := range 3 {
		for _, encoding := range []*base64.Encoding{base64.StdEncoding, base64.URLEncoding} {
			all = append(all, form{"in base64", within(encoding, value, offset)})
		}
	}
	return all
}

// longestLine returns the line to search for in YAML, where a block of several lines is indented.
func longestLine(value string) string {
	return slices.MaxFunc(strings.Split(value, "\n"), func(a, b string) int { return cmp.Compare(len(a), len(b)) })
}

// within returns the part that all base64 texts have in common that encode the value at this offset in a group of three
// bytes. Digits that also depend on the bytes before or after are left out.
func within(encoding *base64.Encoding, value string, offset int) string {
	encoded := encoding.EncodeToString(append(make([]byte, offset), value...))
	first := (offset*8 + 5) / 6
	end := (offset + len(value)) * 8 / 6
	return encoded[first:end]
}
