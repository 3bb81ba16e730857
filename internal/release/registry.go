package release

import (
	"context"
	"errors"
	"fmt"
	"net/http"

	"github.com/google/go-containerregistry/pkg/authn"
	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/google/go-containerregistry/pkg/v1/remote/transport"
)

// CheckRegistry asks an image's registry for it, with the logins of Docker's configuration
// (https://docs.docker.com/reference/cli/docker/login). The error is a RefusedError if the registry has no such image.
func CheckRegistry(ctx context.Context, image string) error {
	reference, err := name.NewDigest(image)
	if err != nil {
		return fmt.Errorf("reading the image %s: %w", image, err)
	}
	_, err = remote.Head(reference, remote.WithContext(ctx), remote.WithAuthFromKeychain(authn.DefaultKeychain))
	var answer *transport.Error
	if errors.As(err, &answer) && answer.StatusCode == http.StatusNotFound {
		return refused("%s has no image %s", reference.RegistryStr(), image)
	}
	if err != nil {
		return fmt.Errorf("asking the registry for %s: %w", image, err)
	}
	return nil
}
