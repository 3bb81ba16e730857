package sealing

import (
	"crypto/rsa"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"time"
)

// Errors of an invalid certificate. errors.Is tells them apart.
var (
	ErrNoCertificate = errors.New("must be a certificate with an RSA key, in PEM")
	ErrExpired       = errors.New("must not be expired")
)

// Certificate is the public key of a controller.
type Certificate struct {
	*x509.Certificate
	key *rsa.PublicKey
}

// ParseCertificate reads a controller's certificate. The error is ErrNoCertificate.
func ParseCertificate(data []byte) (*Certificate, error) {
	block, _ := pem.Decode(data)
	if block == nil {
		return nil, ErrNoCertificate
	}
	return parse(block)
}

// Newest reads a controller's certificates and returns the one with the latest start of validity. The error is
// ErrNoCertificate.
func Newest(data []byte) (*Certificate, error) {
	var newest *Certificate
	for block, rest := pem.Decode(data); block != nil; block, rest = pem.Decode(rest) {
		certificate, err := parse(block)
		if err != nil {
			return nil, err
		}
		if newest == nil || certificate.NotBefore.After(newest.NotBefore) {
			newest = certificate
		}
	}
	if newest == nil {
		return nil, ErrNoCertificate
	}
	return newest, nil
}

func parse(block *pem.Block) (*Certificate, error) {
	certificate, err := x509.ParseCertificate(block.Bytes)
	if err != nil {
		return nil, ErrNoCertificate
	}
	key, ok := certificate.PublicKey.(*rsa.PublicKey)
	if !ok {
		return nil, ErrNoCertificate
	}
	return &Certificate{certificate, key}, nil
}

// PEM returns the certificate in the format of ParseCertificate.
func (c *Certificate) PEM() string {
	return string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: c.Raw}))
}

// CheckExpiry returns ErrExpired unless values may be sealed with the certificate at this time. The controller can
// still decrypt values that were sealed before.
func (c *Certificate) CheckExpiry(now time.Time) error {
	if now.After(c.NotAfter) {
		return fmt.Errorf("%w: it was valid until %s", ErrExpired, c.NotAfter.Format(time.DateOnly))
	}
	return nil
}
