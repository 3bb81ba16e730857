package release_test

import (
	"context"
	"io"
	"log"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	"github.com/google/go-containerregistry/pkg/v1/random"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/release"
)

// pushed returns the reference of an image that a registry on this machine has, by its digest.
func pushed(t *testing.T) string {
	t.Helper()
	t.Setenv("DOCKER_CONFIG", t.TempDir()) // no login of whoever runs the test
	server := httptest.NewServer(registry.New(registry.Logger(log.New(io.Discard, "", 0))))
	t.Cleanup(server.Close)
	image, err := random.Image(16, 1)
	require.NoError(t, err)
	digest, err := image.Digest()
	require.NoError(t, err)
	reference, err := name.NewDigest(strings.TrimPrefix(server.URL, "http://") + "/auth-service@" + digest.String())
	require.NoError(t, err)
	require.NoError(t, remote.Write(reference, image))
	return reference.String()
}

func TestARegistryKnowsWhatItHas(t *testing.T) {
	image := pushed(t)
	require.NoError(t, release.CheckRegistry(t.Context(), image))

	for reason, missing := range map[string]string{
		"another digest":     image[:len(image)-64] + strings.Repeat("0", 64),
		"another repository": strings.Replace(image, "auth-service", "user-service", 1),
	} {
		var refused *release.RefusedError
		err := release.CheckRegistry(t.Context(), missing)
		require.ErrorAs(t, err, &refused, reason)
		assert.ErrorContains(t, err, missing)
	}
}

func TestARegistryThatDoesNotAnswerIsNoRefusal(t *testing.T) {
	t.Setenv("DOCKER_CONFIG", t.TempDir())
	forbidding := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusForbidden)
	}))
	t.Cleanup(forbidding.Close)
	image := strings.TrimPrefix(forbidding.URL, "http://") + "/auth-service@sha256:" + strings.Repeat("0", 64)

	err := release.CheckRegistry(t.Context(), image)
	require.ErrorContains(t, err, "403")
	var refused *release.RefusedError
	require.NotErrorAs(t, err, &refused, "nobody knows whether the registry has it")

	cancelled, cancel := context.WithCancel(t.Context())
	cancel()
	assert.ErrorIs(t, release.CheckRegistry(cancelled, image), context.Canceled)
}
