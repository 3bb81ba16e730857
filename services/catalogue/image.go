package catalogue

import (
	"errors"

	"github.com/distribution/reference"
)

// Errors of an image that may not be released. errors.Is tells them apart.
var (
	ErrImageReference = errors.New("must be an image reference such as registry.example.com/auth-service@sha256:…")
	ErrImageLatest    = errors.New("must not be tagged latest: nobody can tell what runs, or return to it")
	ErrImageDigest    = errors.New("must name a digest (…@sha256:…): a tag can be moved to another image")
)

// CheckReference says whether the image is a well-formed reference.
func CheckReference(image string) error {
	if _, err := reference.ParseNormalizedNamed(image); err != nil {
		return ErrImageReference
	}
	return nil
}

// CheckPinned says whether the image can only ever mean one content: it has a digest and is not called latest.
func CheckPinned(image string) error {
	named, err := reference.ParseNormalizedNamed(image)
	if err != nil {
		return ErrImageReference
	}
	if tagged, ok := named.(reference.Tagged); ok && tagged.Tag() == "latest" {
		return ErrImageLatest
	}
	if _, ok := named.(reference.Digested); !ok {
		return ErrImageDigest
	}
	return nil
}
