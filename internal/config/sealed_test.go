package config_test

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/pem"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/sealing"
	"github.com/dreamseed/platform/internal/sealing/sealingtest"
	"github.com/dreamseed/platform/services/catalogue"
)

// certificate returns the certificate of some controller, in PEM.
func certificate(t *testing.T) string {
	t.Helper()
	return sealingtest.CertificateOf(t, sealingtest.Key(t), time.Now(), time.Hour)
}

// sealedValue returns a value that some controller can decrypt.
func sealedValue(t *testing.T) string {
	t.Helper()
	parsed, err := sealing.ParseCertificate([]byte(certificate(t)))
	require.NoError(t, err)
	value, err := parsed.Seal("dreamseed-production", "auth-service", []byte(planted))
	require.NoError(t, err)
	return value
}

// allSealed keeps every secret of every service in the stack file.
func allSealed(t *testing.T) changes {
	t.Helper()
	value := sealedValue(t)
	made := changes{"secrets": map[string]any{"backend": "sealedSecrets", "certificate": certificate(t)}}
	for _, service := range load(t, "production", nil).Services {
		for _, key := range service.SecretKeys() {
			made["services."+service.Name+".secrets."+key+".sealed"] = value
		}
	}
	for _, key := range []string{"GRAFANA_ADMIN_PASSWORD", "HEARTBEAT_URL", "PAGERDUTY_KEY", "SLACK_URL"} {
		made["monitoring.secrets."+key+".sealed"] = value
	}
	return made
}

func TestSecretsComeFromTheCloudByDefault(t *testing.T) {
	want := config.Secrets{Backend: config.ExternalSecrets, RefreshSeconds: 60}
	assert.Equal(t, want, load(t, "production", nil).Secrets)
}

func TestAnEnvironmentMayKeepItsSecretsSealed(t *testing.T) {
	cfg := load(t, "production", allSealed(t))
	assert.Equal(t, config.SealedSecrets, cfg.Secrets.Backend)
	for _, service := range cfg.Services {
		for key, secret := range service.Secrets {
			assert.NotEmpty(t, secret.Sealed, "%s of %s", key, service.Name)
		}
	}
}

// hunter is part of every wrong value: no message may show it, even if it is not marked as a secret.
const hunter = "planted-hunter2"

func TestMistakesWithSecrets(t *testing.T) {
	private := string(pem.EncodeToMemory(&pem.Block{
		Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(sealingtest.Key(t)),
		Headers: map[string]string{"Comment": hunter},
	}))
	const databaseURL = "services.auth.secrets.DATABASE_URL"
	cases := map[string]struct {
		reason string
		made   changes
		want   []string
	}{
		"unknown backend": {
			"there are two", changes{"secrets.backend": "vault"}, []string{"secrets.backend"},
		},
		"refreshed never": {
			"an explicit 0 is not replaced by the default", changes{"secrets.refreshSeconds": 0},
			[]string{"secrets.refreshSeconds"},
		},
		"unknown key": {
			"a typing mistake", changes{"secrets.backed": "sealedSecrets"}, []string{"secrets.backed"},
		},
		"certificate for nothing": {
			"only sealed secrets need one", changes{"secrets.certificate": certificate(t)}, []string{"secrets.certificate"},
		},
		"sealed for nothing": {
			"nobody would read it", changes{databaseURL + ".sealed": hunter}, []string{databaseURL + ".sealed"},
		},
		"key with a bad name": {
			"it becomes a file", changes{"services.auth.secrets.database-url": map[string]any{}},
			[]string{"services.auth.secrets.database-url"},
		},
		"key with a long name": {
			"it becomes a part of a name in the cloud",
			changes{"services.auth.secrets." + strings.Repeat("A", 64): map[string]any{}},
			[]string{"services.auth.secrets." + strings.Repeat("A", 64)},
		},
		"in the ConfigMap too": {
			"anybody in the namespace may read that", changes{"services.auth.config": map[string]any{"DATABASE_URL": hunter}},
			[]string{"services.auth.config.DATABASE_URL"},
		},
		"password too short": {
			"it can be guessed", changes{databaseURL + ".generate": 15}, []string{databaseURL + ".generate"},
		},
		"password too long": {
			"not every system takes it", changes{databaseURL + ".generate": 129}, []string{databaseURL + ".generate"},
		},
		"text in place of the object": {
			"it is a value in clear", changes{databaseURL: hunter}, []string{databaseURL},
		},
		"text in place of all": {
			"it may be a value in clear", changes{"services.auth.secrets": hunter}, []string{"services.auth.secrets"},
		},
		"number in place of the value": {
			"it may be a value in clear", changes{databaseURL + ".sealed": 5432}, []string{databaseURL + ".sealed"},
		},
		"misspelt key of a secret": {
			"it may be a value in clear", changes{databaseURL + ".value": hunter}, []string{databaseURL + ".value"},
		},
		"misspelt key with secrets": {
			"it may be a value in clear", changes{"services.auth.Secret": map[string]any{"DATABASE_URL": hunter}},
			[]string{"services.auth.Secret"},
		},
		"private key as the certificate": {
			"it is the one that opens everything",
			merged(allSealed(t), changes{"secrets": map[string]any{"backend": "sealedSecrets", "certificate": private}}),
			[]string{"secrets.certificate"},
		},
		"sealed is in clear": {
			"somebody took the wrong one", merged(allSealed(t), changes{databaseURL + ".sealed": hunter}),
			[]string{databaseURL + ".sealed"},
		},
		"sealed is only encoded": {
			"anybody can decode that",
			merged(allSealed(t), changes{databaseURL + ".sealed": base64.StdEncoding.EncodeToString([]byte(hunter))}),
			[]string{databaseURL + ".sealed"},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			found := problems(t, c.made)
			assert.ElementsMatch(t, c.want, keys(found), c.reason)
			for _, shown := range []string{hunter, base64.StdEncoding.EncodeToString([]byte(hunter)), "5432", "PRIVATE KEY"} {
				assert.NotContains(t, found.Error(), shown, c.reason)
			}
		})
	}
}

func merged(first, second changes) changes {
	both := changes{}
	for _, made := range []changes{first, second} {
		for path, value := range made {
			both[path] = value
		}
	}
	return both
}

func TestEveryMissingValueIsListedWithItsCommand(t *testing.T) {
	found := problems(t, changes{"secrets.backend": "sealedSecrets"})
	assert.Subset(t, keys(found), []string{
		"monitoring.secrets.GRAFANA_ADMIN_PASSWORD.sealed", "monitoring.secrets.HEARTBEAT_URL.sealed",
		"monitoring.secrets.PAGERDUTY_KEY.sealed", "monitoring.secrets.SLACK_URL.sealed",
		"services.auth.secrets.TOKEN_SIGNING_KEY.sealed", "services.auth.secrets.DATABASE_URL.sealed",
		"services.auth.secrets.REDIS_URL.sealed", "services.auth.secrets.KAFKA_PASSWORD.sealed",
		"services.user.secrets.KAFKA_USERNAME.sealed",
	}, "not one after the other")
	assert.Len(t, found, 40, "and all others")
	assert.Contains(t, found.Error(), "dreamseed:services.auth.secrets.TOKEN_SIGNING_KEY.sealed is missing: it must be "+
		"sealed: run `dreamseed seal --stack <stack> --service auth --key TOKEN_SIGNING_KEY`")
}

func TestTheBoundsOfAGeneratedPasswordAreAllowed(t *testing.T) {
	for _, length := range []int{16, 128} {
		cfg := load(t, "production", changes{"services.auth.secrets.SESSION_KEY.generate": length})
		for _, service := range cfg.Services {
			if service.Name == "auth" {
				assert.Equal(t, length, service.Secrets["SESSION_KEY"].Generate)
				assert.Contains(t, service.SecretKeys(), catalogue.DatabaseURL, "those of the catalogue are still there")
			}
		}
	}
}

func TestSealingReadsAStackThatIsNotComplete(t *testing.T) {
	folder := stackFolder(t, `config:
  dreamseed:environment: staging
  dreamseed:rolloutDeadlineSeconds: soon
  dreamseed:secrets: {backend: sealedSecrets, certificate: anything}
  dreamseed:services: {auth: {secrets: {A: {sealed: anything}}}}
`)
	_, err := config.FromStackFile(folder, "test")
	require.Error(t, err)

	about, err := config.SealableFromStackFile(folder, "test")
	require.NoError(t, err)
	assert.Equal(t, "dreamseed-staging", about.Environment.Namespace())
	assert.Equal(t, "anything", about.Certificate)
	require.Len(t, about.Owners, len(catalogue.Names())+1, "the services and the monitoring")
}
