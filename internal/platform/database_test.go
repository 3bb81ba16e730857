package platform_test

import (
	"encoding/base64"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/mocktest"
)

func TestOnlyLocalGeneratesTheDatabaseSecret(t *testing.T) {
	want := map[config.Environment][]string{config.Local: {"database-secret"}}
	eachStack(t, func(t *testing.T, cfg *config.Config, built *mocktest.Recording) {
		assert.ElementsMatch(t, want[cfg.Environment], mocktest.Names(built.OfType(secretType)))
	})
}

func databaseSecret(t *testing.T) *mocktest.Resource {
	t.Helper()
	return build(t, stackConfig(t, "local")).Get(t, secretType, "database-secret")
}

func databaseURL(t *testing.T, secret *mocktest.Resource) *url.URL {
	t.Helper()
	encoded, _ := secret.At("data", "url").(string)
	decoded, err := base64.StdEncoding.DecodeString(encoded)
	require.NoError(t, err)
	parsed, err := url.Parse(string(decoded))
	require.NoError(t, err)
	return parsed
}

func TestTheGeneratedURLIsASecretOfTheState(t *testing.T) {
	secret := databaseSecret(t)
	assert.Equal(t, []string{"data"}, secret.Secrets)
	assert.Nil(t, secret.At("stringData"), "nothing stands beside it in clear text")
}

func TestTheGeneratedURLIsWhereTheServicesLookForIt(t *testing.T) {
	secret := databaseSecret(t)
	assert.Equal(t, "database-secrets", secret.At("metadata", "name"))
	assert.Equal(t, "dreamseed-local", secret.At("metadata", "namespace"))
	parsed := databaseURL(t, secret)
	assert.Equal(t, "postgresql", parsed.Scheme)
	assert.Equal(t, "postgresql:5432", parsed.Host)
}

// Each run draws a password; a running environment keeps its first one, because changes are ignored.
func TestThePasswordIsDrawnAndThenKept(t *testing.T) {
	first, second := databaseSecret(t), databaseSecret(t)
	assert.NotEqual(t, databaseURL(t, first).User, databaseURL(t, second).User)
	assert.Equal(t, []string{"data"}, first.IgnoreChanges)
}

func TestThePasswordIsInNothingElse(t *testing.T) {
	built := build(t, stackConfig(t, "local"))
	password, _ := databaseURL(t, built.Get(t, secretType, "database-secret")).User.Password()
	require.NotEmpty(t, password)
	for _, one := range built.Resources {
		if one.Type != secretType {
			assert.NotContains(t, text(t, one.Inputs), password, one.Name)
		}
	}
	assert.NotContains(t, text(t, built.Outputs), password)
}
