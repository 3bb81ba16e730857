package enginetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/enginetest/testbed"
)

// signingKey signs every session of every user.
const signingKey = "auth-service-token-signing-key"

// signingKeyURN is the URN of its ExternalSecret in the engine's state.
const signingKeyURN = "urn:pulumi:local-changing::dreamseed::dreamseed:secrets:Secrets" +
	"$kubernetes:external-secrets.io/v1:ExternalSecret::auth-secrets-TOKEN_SIGNING_KEY"

// formerSource patches an ExternalSecret to the form that an earlier release of this program used.
const formerSource = `[{"op": "replace", "path": "/spec/refreshPolicy", "value": "CreatedOnce"},
	{"op": "replace", "path": "/spec/target/creationPolicy", "value": "Owner"},
	{"op": "remove", "path": "/spec/target/immutable"}]`

// The value is drawn once and for all, whatever happens to its ExternalSecret.
func TestADrawnValueSurvives(t *testing.T) {
	changing.AsTracked(t)
	inNamespace := []string{"--namespace", changing.Namespace()}
	do := func(words ...string) func(*testing.T) {
		return func(t *testing.T) { changing.Kubectl(t, append(words, inNamespace...)...) }
	}
	cases := []struct {
		name string
		lose func(t *testing.T)
	}{
		{"its source deleted", do("delete", "externalsecret", signingKey)},
		{"its source deleted without what hangs on it", do("delete", "externalsecret", signingKey, "--cascade=orphan")},
		{"another hash written on it, and its source looked at by force", func(t *testing.T) {
			do("annotate", "secret", signingKey, "--overwrite", "reconcile.external-secrets.io/data-hash=x")(t)
			changing.lookAt(t, signingKey)
		}},
		{"its source forgotten by the engine", func(t *testing.T) {
			forgotten := changing.Pulumi(t, changing.Box.Project(), nil,
				"state", "delete", signingKeyURN, "--target-dependents", "--yes",
				"--stack", changing.Stack.Name)
			require.NoError(t, forgotten.Err, forgotten.Output)
		}},
		{"drawn by an earlier release", func(t *testing.T) {
			// The earlier release draws a Secret that is deleted with its owner, and that anybody may change.
			do("patch", "externalsecret", signingKey, "--type=json", "--patch", formerSource)(t)
			do("delete", "secret", signingKey)(t)
			require.Eventually(t, func() bool {
				secrets := changing.List(t, append([]string{"secrets", "--field-selector", "metadata.name=" + signingKey},
					inNamespace...)...)
				return len(secrets) == 1
			}, testbed.Patience, 100*time.Millisecond)
		}},
	}
	for _, tt := range cases {
		t.Run(tt.name, func(t *testing.T) {
			tt.lose(t)
			value := changing.GeneratedPassword(t)

			changing.Up(t, testbed.Tracked)

			assert.Equal(t, value, changing.GeneratedPassword(t))
			assert.Equal(t, "true ", changing.Kubectl(t, append([]string{"get", "secret", signingKey,
				"--output=jsonpath={.immutable} {.metadata.ownerReferences}"}, inNamespace...)...), "nobody's, for ever")
		})
	}
	t.Run("another length is for what is drawn from then on", func(t *testing.T) {
		value := changing.GeneratedPassword(t)
		changing.Up(t, func(c testbed.Configuration) {
			testbed.Service(c, "auth")["secrets"] = map[string]any{"TOKEN_SIGNING_KEY": map[string]any{"generate": 48}}
		})
		assert.Equal(t, value, changing.GeneratedPassword(t))
	})
	t.Run("its Secret lost is told, and drawn anew for whoever says so", toldWhenLost)
}

func toldWhenLost(t *testing.T) {
	value := changing.GeneratedPassword(t)
	changing.Kubectl(t, "delete", "secret", signingKey, "--namespace", changing.Namespace())

	_, _, err := changing.TryUp(t, testbed.Tracked)

	require.ErrorContains(t, err, "auth-service has no secret TOKEN_SIGNING_KEY")
	require.ErrorContains(t, err, "docs/runbooks/secrets.md")

	changing.lookAt(t, signingKey)
	changing.Up(t, testbed.Tracked)

	assert.Regexp(t, "^[A-Za-z0-9]{64}$", changing.GeneratedPassword(t))
	assert.NotEqual(t, value, changing.GeneratedPassword(t))
}
