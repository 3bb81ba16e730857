package config_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/invalid"
)

func TestImages(t *testing.T) {
	cases := map[string]struct {
		reason  string
		image   string
		refused []string
	}{
		"digest": {
			reason: "only it can never mean another content",
			image:  "registry.dreamseed.ai/auth-service" + digest,
		},
		"tag and digest": {
			reason: "the digest decides, the tag is for people",
			image:  "registry.dreamseed.ai/auth-service:1.4.2" + digest,
		},
		"tag": {
			reason:  "it can be moved to another image",
			image:   "registry.dreamseed.ai/auth-service:1.4.2",
			refused: []string{"staging", "production"},
		},
		"neither": {
			reason:  "it means latest",
			image:   "registry.dreamseed.ai/auth-service",
			refused: []string{"staging", "production"},
		},
		"latest": {
			reason:  "nobody can tell what runs",
			image:   "registry.dreamseed.ai/auth-service:latest",
			refused: []string{"staging", "production"},
		},
		"latest with a digest": {
			reason:  "it lies about what runs",
			image:   "registry.dreamseed.ai/auth-service:latest" + digest,
			refused: []string{"staging", "production"},
		},
		"short digest": {
			reason:  "no registry knows it",
			image:   "registry.dreamseed.ai/auth-service@sha256:44136f",
			refused: []string{"local", "staging", "production"},
		},
		"malformed": {
			reason:  "no registry knows it",
			image:   "Registry.Dreamseed.AI/Auth Service",
			refused: []string{"local", "staging", "production"},
		},
		"empty": {
			reason:  "a pod without an image runs nothing",
			image:   "",
			refused: []string{"local", "staging", "production"},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			var refused []string
			for _, stack := range []string{"local", "staging", "production"} {
				_, err := config.Load(given(t, stack, changes{"services.auth.image": c.image}), nil)
				var found invalid.Problems
				if assert.ObjectsAreEqual(nil, err) {
					continue
				}
				require.ErrorAs(t, err, &found)
				assert.Equal(t, []string{"services.auth.image"}, keys(found))
				refused = append(refused, stack)
			}
			assert.Equal(t, c.refused, refused, c.reason)
		})
	}
}
