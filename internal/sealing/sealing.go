// Package sealing encrypts values for the Sealed Secrets controller (https://github.com/bitnami/sealed-secrets), which
// alone can decrypt them.
package sealing

import (
	"crypto/rand"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/bitnami/sealed-secrets/pkg/crypto"
)

// ErrNotSealed means that a text is not a sealed value.
var ErrNotSealed = errors.New("must be a sealed value")

// Seal encrypts a value for the Secret of exactly this namespace and name: nobody can decrypt it under another one.
func (c *Certificate) Seal(namespace, name string, value []byte) (string, error) {
	sealed, err := crypto.HybridEncrypt(rand.Reader, c.key, value, []byte(namespace+"/"+name))
	if err != nil {
		return "", fmt.Errorf("sealing for %s/%s: %w", namespace, name, err)
	}
	return base64.StdEncoding.EncodeToString(sealed), nil
}

const (
	// lengthBytes is the size of the field that holds the length of the encrypted session key.
	lengthBytes = 2
	// minKeyBytes and maxKeyBytes bound an encrypted session key: RSA with 2048 to 8192 bits.
	minKeyBytes = 256
	maxKeyBytes = 1024
	// tagBytes is the size of the tag that AES-GCM adds to a value.
	tagBytes = 16
)

// Check returns ErrNotSealed unless a text has the form of a sealed value. The error does not contain the text, which
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
