// Package naming makes the physical names that are not fixed by design, never longer than what they name allows.
package naming

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
)

// Rule is how long a kind of name may be and what it looks like.
type Rule struct {
	// Length is the most characters that a name may have.
	Length int
	// Separator stands between the base and the hash.
	Separator string
	// HashLength is how many hexadecimal digits the hash has.
	HashLength int
}

// Label is the rule of a DNS label (RFC 1123), the tightest limit of the Kubernetes objects named here.
var Label = Rule{Length: 63, Separator: "-", HashLength: 10}

// WithHash is a DNS label by Rule.WithHash.
func WithHash(base string, content map[string]string) string { return Label.WithHash(base, content) }

// WithHash is base, the separator and a hash of the content: another content gives another name. A base that is too
// long is cut; the hash then covers the whole base too, so that two long names that begin alike stay apart.
func (r Rule) WithHash(base string, content map[string]string) string {
	hash := hashOf(base, content)[:r.HashLength]
	if room := r.Room(); len(base) > room {
		base = strings.TrimRight(base[:room], "-.")
	}
	return base + r.Separator + hash
}

// Room is how long a base may be without being cut.
func (r Rule) Room() int { return r.Length - r.HashLength - len(r.Separator) }

func hashOf(base string, content map[string]string) string {
	// Maps are encoded with sorted keys, and a map of strings cannot fail to encode.
	encoded, _ := json.Marshal(content)
	sum := sha256.Sum256(append([]byte(base+"\x00"), encoded...))
	return hex.EncodeToString(sum[:])
}
