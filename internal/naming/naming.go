// Package naming generates the physical names that are not fixed by design, within the length limit of each kind.
package naming

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
)

// Rule describes the names of one kind.
type Rule struct {
	// Length is the maximum number of characters in a name.
	Length int
	// Separator stands between the base and the hash.
	Separator string
	// HashLength is the number of hexadecimal digits in the hash.
	HashLength int
}

// Label is the rule of a DNS label (RFC 1123), the tightest limit of the Kubernetes objects named here.
var Label = Rule{Length: 63, Separator: "-", HashLength: 10}

// WithHash returns a DNS label, as Label.WithHash does.
func WithHash(base string, content map[string]string) string { return Label.WithHash(base, content) }

// WithHash returns the base, the separator and a hash of the content: another content gives another name. A base that
// is too long is cut; the hash then covers the whole base too, so that two long names with the same beginning differ.
func (r Rule) WithHash(base string, content map[string]string) string {
	hash := hashOf(base, content)[:r.HashLength]
	if room := r.Room(); len(base) > room {
		base = strings.TrimRight(base[:room], "-.")
	}
	return base + r.Separator + hash
}

// Room returns the maximum length of a base that is not cut.
func (r Rule) Room() int { return r.Length - r.HashLength - len(r.Separator) }

func hashOf(base string, content map[string]string) string {
	// Maps are encoded with sorted keys, and a map of strings cannot fail to encode.
	encoded, _ := json.Marshal(content)
	sum := sha256.Sum256(append([]byte(base+"\x00"), encoded...))
	return hex.EncodeToString(sum[:])
}
