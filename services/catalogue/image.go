package catalogue

import (
	"errors"
	"fmt"
	"strings"

	"github.com/distribution/reference"
)

// Errors for images that must not be released. errors.Is tells them apart.
var (
	ErrImageReference = errors.New("must be an image reference such as registry.example.com/auth-service@sha256:…")
	ErrImageLatest    = errors.New("must not be tagged latest: nobody can tell what runs, or return to it")
	ErrImageDigest    = errors.New("must name a digest (…@sha256:…): a tag can be moved to another image")
	ErrImageRegistry  = errors.New("must name its registry: an existing cluster has none of its own")
)

// CheckReference returns an error unless the image is a well-formed reference.
func CheckReference(image string) error {
	if _, err := reference.ParseNormalizedNamed(image); err != nil {
		return ErrImageReference
	}
	return nil
}

// CheckPinned returns an error unless the image has a fixed content: it has a digest and is not tagged latest.
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

// CheckRegistry returns an error unless the image names the registry that it is pulled from.
func CheckRegistry(image string) error {
	if !NamesRegistry(image) {
		return ErrImageRegistry
	}
	return nil
}

// CheckRepository returns the rule for an image that may come from the cluster's own registry, which holds one
// repository for each service, named after its workload.
func CheckRepository(workload string) func(image string) error {
	return func(image string) error {
		named, err := reference.ParseNormalizedNamed(image)
		if err != nil || NamesRegistry(image) || reference.FamiliarName(named) == workload {
			return nil
		}
		return fmt.Errorf("must be %s@sha256:… in the cluster's own registry, or name another registry", workload)
	}
}

// NamesRegistry reports whether the image begins with the host of a registry. To Docker, any other image is on Docker
// Hub.
func NamesRegistry(image string) bool {
	named, err := reference.ParseNormalizedNamed(image)
	return err == nil && strings.HasPrefix(image, reference.Domain(named)+"/")
}

// PulledFrom returns the image prefixed with the registry, unless it names one itself.
func PulledFrom(registry, image string) string {
	if registry == "" || NamesRegistry(image) {
		return image
	}
	return registry + "/" + image
}
