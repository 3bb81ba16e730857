// Package sealing encrypts values for Sealed Secrets' controller (https://github.com/bitnami/sealed-secrets),
// which alone can read them.
package sealing

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/bitnami/sealed-secrets/pkg/crypto"
)

// ErrNotSealed says that a text is no sealed value.
var ErrNotSealed = errors.New("must be a sealed value")

// Seal encrypts a value for the Secret of exactly this namespace and name: under any other one nobody can read it.
func (c *Certificate) Seal(namespace, name string, value []byte) (string, error) {
	sealed, err := crypto.HybridEncrypt(rand.Reader, c.key, value, []byte(namespace+"/"+name))
	if err != nil {
		return "", fmt.Errorf("sealing for %s/%s: %w", namespace, name, err)
	}
	return base64.StdEncoding.EncodeToString(sealed), nil
}

const (
	// lengthBytes hold how long the encrypted session key is.
	lengthBytes = 2
	// keyBytes bound an encrypted session key: RSA with 2048 to 8192 bits.
	minKeyBytes = 256
	maxKeyBytes = 1024
	// tagBytes are what AES-GCM adds to a value.
	tagBytes = 16
)

// Check says whether a text has the form of a sealed value. The error is ErrNotSealed, and does not hold the text: it
// may be a password in clear.
func Check(sealed string) error {
	data, err := base64.StdEncoding.DecodeString(sealed)
	if err != nil || len(data) < lengthBytes {
		return ErrNotSealed
	}
	key := int(binary.BigEndian.Uint16(data))
	if key < minKeyBytes || key > maxKeyBytes || len(data) < lengthBytes+key+tagBytes {
		return ErrNotSealed
	}
	return nil
}
