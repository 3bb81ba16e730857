package platform_test

import (
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

func TestTheGeneratedURLIsASecretOfTheState(t *testing.T) {
	secret := databaseSecret(t)
	assert.Equal(t, []string{"stringData"}, secret.Secrets)
	assert.Nil(t, secret.At("data"), "nothing stands beside it in clear text")
}

func TestTheGeneratedURLIsWhereTheServicesLookForIt(t *testing.T) {
	secret := databaseSecret(t)
	assert.Equal(t, "database-secrets", secret.At("metadata", "name"))
	assert.Equal(t, "dreamseed-local", secret.At("metadata", "namespace"))
	parsed, err := url.Parse(secret.At("stringData", "url").(string))
	require.NoError(t, err)
	assert.Equal(t, "postgresql", parsed.Scheme)
	assert.Equal(t, "postgresql:5432", parsed.Host)
}

// Each run draws a password; a running environment keeps its first one, because changes are ignored.
func TestThePasswordIsDrawnAndThenKept(t *testing.T) {
	first, second := databaseSecret(t), databaseSecret(t)
	assert.NotEqual(t, first.At("stringData", "url"), second.At("stringData", "url"))
	assert.Equal(t, []string{"stringData"}, first.IgnoreChanges)
}

func TestThePasswordIsInNothingElse(t *testing.T) {
	built := build(t, stackConfig(t, "local"))
	parsed, err := url.Parse(built.Get(t, secretType, "database-secret").At("stringData", "url").(string))
	require.NoError(t, err)
	password, _ := parsed.User.Password()
	require.NotEmpty(t, password)
	for _, one := range built.Resources {
		if one.Type != secretType {
			assert.NotContains(t, text(t, one.Inputs), password, one.Name)
		}
	}
	assert.NotContains(t, text(t, built.Outputs), password)
}
