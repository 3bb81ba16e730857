// Package naming makes the physical names that are not fixed by design, never longer than Kubernetes allows.
package naming

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
)

const (
	// maxLength is that of a DNS label (RFC 1123), the tightest limit of the objects named here.
	maxLength  = 63
	hashLength = 10
)

// WithHash is base, a hyphen and a hash of the content: another content gives another name. A base that is too long
// is cut; the hash then covers the whole base too, so that two long names that begin alike stay apart.
func WithHash(base string, content map[string]string) string {
	hash := hashOf(base, content)
	if room := maxLength - hashLength - 1; len(base) > room {
		base = strings.TrimRight(base[:room], "-.")
	}
	return base + "-" + hash
}

func hashOf(base string, content map[string]string) string {
	// Maps are encoded with sorted keys, and a map of strings cannot fail to encode.
	encoded, _ := json.Marshal(content)
	sum := sha256.Sum256(append([]byte(base+"\x00"), encoded...))
	return hex.EncodeToString(sum[:])[:hashLength]
}
