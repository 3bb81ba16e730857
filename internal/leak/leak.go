// Package leak finds secrets where none belongs.
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

// Secrets are values that must not be found, by what they are.
type Secrets map[string]string

// Find says of each secret that one of the places holds which place that is and in what form: as it is, escaped, or
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

// formIn is the form in which the text holds the value, empty where it does not.
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

// longestLine stands in YAML as it is, where a block of several lines is indented.
func longestLine(value string) string {
	return slices.MaxFunc(strings.Split(value, "\n"), func(a, b string) int { return cmp.Compare(len(a), len(b)) })
}

// within is what every base64 text has in common that encodes something with the value in it, so many bytes after the
// beginning of a group of three. Digits that also depend on what stands before or after are left out.
func within(encoding *base64.Encoding, value string, offset int) string {
	encoded := encoding.EncodeToString(append(make([]byte, offset), value...))
	first := (offset*8 + 5) / 6
	end := (offset + len(value)) * 8 / 6
	return encoded[first:end]
}
