// Package sealedfile keeps the sealed values of an environment's secrets in its stack file.
package sealedfile

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/invalid"
	"github.com/dreamseed/platform/internal/sealing"
	"github.com/dreamseed/platform/internal/stackfile"
)

// ErrNoCertificate means that a stack file has no certificate to seal with.
var ErrNoCertificate = errors.New("must not be missing")

// howToGetCertificate ends a message about an unusable certificate.
const howToGetCertificate = "to get the controller's newest one, run " +
	"`kubectl port-forward --namespace sealed-secrets service/sealed-secrets 8080` beside this and give " +
	"--controller http://localhost:8080"

// File is a stack file that keeps sealed values. Changes stay in memory until Save.
type File struct {
	*stackfile.File
	about *config.Sealable
}

// Open reads the file of a stack that keeps sealed values. The rest of its configuration may be incomplete. The error
// is a stackfile.ContentError if the content is wrong.
func Open(project, stack string) (*File, error) {
	about, err := config.SealableFromStackFile(project, stack)
	if err != nil {
		return nil, &stackfile.ContentError{Err: err}
	}
	file, err := stackfile.Open(project, stack)
	if err != nil {
		return nil, err
	}
	return &File{file, about}, nil
}

// Owner returns the part of the environment with this name that declares secrets, and whether there is one. A value can
// be decrypted only in its owner's namespace.
func (f *File) Owner(name string) (config.SecretOwner, bool) {
	at := slices.IndexFunc(f.about.Owners, func(one config.SecretOwner) bool { return one.Name == name })
	if at < 0 {
		return config.SecretOwner{}, false
	}
	return f.about.Owners[at], true
}

// Owners returns the names of the parts that declare secrets.
func (f *File) Owners() []string {
	var names []string
	for _, one := range f.about.Owners {
		names = append(names, one.Name)
	}
	return names
}

// Certificate returns the certificate with which values are sealed. The error is a stackfile.ContentError with
// ErrNoCertificate or one of sealing's.
func (f *File) Certificate() (*sealing.Certificate, error) {
	certificate, err := f.certificate()
	if err != nil {
		return nil, &stackfile.ContentError{Err: fmt.Errorf("reading %s:secrets.certificate from %s: it %w; %s",
			invalid.ConfigNamespace, f.Name(), err, howToGetCertificate)}
	}
	return certificate, nil
}

func (f *File) certificate() (*sealing.Certificate, error) {
	if f.about.Certificate == "" {
		return nil, ErrNoCertificate
	}
	certificate, err := sealing.ParseCertificate([]byte(f.about.Certificate))
	if err != nil {
		return nil, err
	}
	return certificate, certificate.CheckExpiry(time.Now())
}

// SetCertificate makes the file use another certificate from now on. The error is sealing.ErrExpired, or a
// stackfile.ContentError.
func (f *File) SetCertificate(certificate *sealing.Certificate) error {
	if err := certificate.CheckExpiry(time.Now()); err != nil {
		return fmt.Errorf("taking the controller's certificate: it %w", err)
	}
	f.about.Certificate = certificate.PEM()
	return f.Set(f.about.Certificate, "secrets", "certificate")
}

// Key returns the key of a value in the file.
func Key(owner config.SecretOwner, key string) string {
	return invalid.ConfigNamespace + ":" + owner.Path(key) + ".sealed"
}

// Seal writes a value, which can be decrypted only in the Secret of this owner and key.
func (f *File) Seal(owner config.SecretOwner, key string, value []byte) error {
	certificate, err := f.Certificate()
	if err != nil {
		return err
	}
	sealed, err := certificate.Seal(owner.Namespace, owner.SealedSecret(key), value)
	if err != nil {
		return err
	}
	return f.setSealed(owner, key, sealed)
}

// Controller re-encrypts sealed values, as sealing.Controller does.
type Controller interface {
	Reseal(ctx context.Context, namespace, name string, values map[string]string) (map[string]string, error)
}

// Reseal has the controller re-encrypt every sealed value that Open found, and returns their number. After an error the
// file must not be saved.
func (f *File) Reseal(ctx context.Context, controller Controller) (int, error) {
	if err := f.checkSealed(); err != nil {
		return 0, err
	}
	count := 0
	for _, owner := range f.about.Owners {
		for _, key := range owner.Keys() {
			sealed := owner.Secrets[key].Sealed
			if sealed == "" {
				continue
			}
			resealed, err := controller.Reseal(ctx, owner.Namespace, owner.SealedSecret(key), map[string]string{key: sealed})
			if err != nil {
				return 0, fmt.Errorf("re-sealing %s of %s: %w", key, owner.Name, err)
			}
			if err := f.setSealed(owner, key, resealed[key]); err != nil {
				return 0, err
			}
			count++
		}
	}
	return count, nil
}

// checkSealed finds values in clear before any of them leaves this machine.
func (f *File) checkSealed() error {
	var problems invalid.Problems
	for _, owner := range f.about.Owners {
		for _, key := range owner.Keys() {
			sealed := owner.Secrets[key].Sealed
			if sealed == "" {
				continue
			}
			if err := sealing.Check(sealed); err != nil {
				problems.AddSecret(owner.Path(key)+".sealed", "%v", err)
			}
		}
	}
	if err := problems.Err(); err != nil {
		return &stackfile.ContentError{Err: fmt.Errorf("reading the sealed values of %s:\n%w", f.Name(), err)}
	}
	return nil
}

func (f *File) setSealed(owner config.SecretOwner, key, sealed string) error {
	below := slices.Concat(owner.Section[1:], []string{"secrets", key, "sealed"})
	return f.Set(sealed, owner.Section[0], below...)
}
