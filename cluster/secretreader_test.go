package cluster_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/services/catalogue"
)

// Otherwise a grant by prefix would also cover the secrets of the service with the longer prefix.
func TestNoPrefixOfAServiceBeginsWithThatOfAnother(t *testing.T) {
	for _, one := range catalogue.Names() {
		for _, other := range catalogue.Names() {
			if one != other {
				assert.False(t, strings.HasPrefix(valid().SecretPrefix(one), valid().SecretPrefix(other)),
					"%s could read the secrets of %s", other, one)
			}
		}
	}
}

func TestAServiceWhoseNameBeginsWithThatOfAnotherHasAPrefixOfItsOwn(t *testing.T) {
	assert.False(t, strings.HasPrefix(valid().SecretPrefix("authority"), valid().SecretPrefix("auth")))
}

func TestTheSecretsOfAServiceHaveItsPrefix(t *testing.T) {
	for _, service := range catalogue.Names() {
		name := valid().SecretName(service, catalogue.DatabaseURL)
		assert.Equal(t, valid().SecretPrefix(service)+"database-url", name)
	}
}

func TestAnEnvironmentHasSecretsOfItsOwn(t *testing.T) {
	staging, production := valid(), valid()
	staging.Name, production.Name = "dreamseed-staging", "dreamseed-production"
	assert.NotEqual(t, staging.SecretName("auth", "API_KEY"), production.SecretName("auth", "API_KEY"))
	assert.NotEqual(t, staging.SecretPrefix("auth"), production.SecretPrefix("auth"))
}

func TestNoTwoSecretsShareAName(t *testing.T) {
	names := map[string]string{}
	for _, service := range catalogue.Names() {
		for _, key := range []string{"KEY", "KEY2", "KEY_2", "API_KEY", "APIKEY", "A_PI_KEY"} {
			require.NoError(t, catalogue.CheckSecretKey(key))
			name := valid().SecretName(service, key)
			assert.NotContains(t, names, name, "%s of %s", key, service)
			names[name] = service + " " + key
		}
	}
}

func TestEverySecretManagerTakesTheLongestNames(t *testing.T) {
	managers := map[cluster.Cloud]struct {
		form   string
		length int
		source string
	}{
		cluster.GKE: {
			`[A-Za-z0-9_-]+`, 255, "https://cloud.google.com/secret-manager/docs/reference/rest/v1/projects.secrets/create",
		},
		cluster.EKS: {
			`[A-Za-z0-9/_+=.@-]+`, 512, "https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_CreateSecret.html",
		},
		cluster.AKS: {
			`[A-Za-z0-9-]+`, 127, "https://learn.microsoft.com/azure/key-vault/general/about-keys-secrets-certificates",
		},
		cluster.Existing: {
			`[a-z0-9]([a-z0-9-]*[a-z0-9])?`, 253,
			"https://kubernetes.io/docs/concepts/overview/working-with-objects/names/#dns-subdomain-names",
		},
	}
	specs := managed()
	specs[cluster.Existing] = valid()
	for cloud, takes := range managers {
		spec := longest(t, specs[cloud])
		for _, service := range catalogue.Names() {
			name := spec.SecretName(service, longestKey(t))
			assert.Regexp(t, "^(?:"+takes.form+")$", name, takes.source)
			assert.LessOrEqual(t, len(name), takes.length, takes.source)
		}
	}
}

// longest gives a Spec the longest name allowed.
func longest(t *testing.T, spec *cluster.Spec) *cluster.Spec {
	t.Helper()
	for length := 1; spec.Validate() == nil; length++ {
		spec.Name = strings.Repeat("n", length)
	}
	spec.Name = spec.Name[1:]
	require.NoError(t, spec.Validate())
	return spec
}

// longestKey returns a key of the maximum length, with as many underscores as possible.
func longestKey(t *testing.T) string {
	t.Helper()
	key := "K"
	for _, more := range []string{"_K", "K"} {
		for catalogue.CheckSecretKey(key+more) == nil {
			key += more
		}
	}
	require.NoError(t, catalogue.CheckSecretKey(key))
	return key
}
