package sealedfile_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/workspace"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/sealing"
	"github.com/dreamseed/platform/internal/sealing/sealedfile"
	"github.com/dreamseed/platform/internal/sealing/sealingtest"
	"github.com/dreamseed/platform/internal/stackfile"
	"github.com/dreamseed/platform/services"
	"github.com/dreamseed/platform/services/catalogue"
)

const planted = "postgresql://auth:planted-hunter2@db/auth"

// incomplete is a stack file with only the keys that sealing needs.
const incomplete = `# The staging environment.

config:
  dreamseed:environment: staging # where
  dreamseed:rolloutDeadlineSeconds: 60
  dreamseed:secrets:
    backend: sealedSecrets
  # Seven of them.
  dreamseed:services:
    auth:
      image: "auth-service:1" # a tag
      secrets:
        # Rotated every spring.
        TOKEN_SIGNING_KEY: {}
    user: {image: 'user-service:1'}
  # No more than these.
  dreamseed:quotas: {}
`

const userInBraces = "    user: {image: 'user-service:1'}"

// project returns a folder with one stack of this content.
func project(t *testing.T, content string) (folder, file string) {
	t.Helper()
	folder = t.TempDir()
	description, err := os.ReadFile("../../../Pulumi.yaml")
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(folder, "Pulumi.yaml"), description, 0o600))
	file = filepath.Join(folder, "Pulumi.test.yaml")
	require.NoError(t, os.WriteFile(file, []byte(content), 0o600))
	return folder, file
}

func open(t *testing.T, content string) (file *sealedfile.File, path string) {
	t.Helper()
	folder, path := project(t, content)
	file, err := sealedfile.Open(folder, "test")
	require.NoError(t, err)
	return file, path
}

func take(t *testing.T, file *sealedfile.File, controller *sealingtest.Controller) {
	t.Helper()
	certificate, err := sealing.ParseCertificate([]byte(controller.Certificate(t)))
	require.NoError(t, err)
	require.NoError(t, file.SetCertificate(certificate))
}

// owner returns the part of the environment with this name.
func owner(t *testing.T, file *sealedfile.File, name string) config.SecretOwner {
	t.Helper()
	found, known := file.Owner(name)
	require.True(t, known, name)
	return found
}

func read(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(content)
}

// values returns the sealed values of a file, by service and key.
func values(t *testing.T, path string) map[string]map[string]string {
	t.Helper()
	var file struct {
		Config struct {
			Services map[string]struct {
				Secrets map[string]struct{ Sealed string }
			} `yaml:"dreamseed:services"`
		}
	}
	require.NoError(t, yaml.Unmarshal([]byte(read(t, path)), &file))
	found := map[string]map[string]string{}
	for name, service := range file.Config.Services {
		found[name] = map[string]string{}
		for key, secret := range service.Secrets {
			if secret.Sealed != "" {
				found[name][key] = secret.Sealed
			}
		}
	}
	return found
}

func TestSealingChangesNothingElse(t *testing.T) {
	controller := sealingtest.NewController(t)
	file, path := open(t, incomplete)
	take(t, file, controller)
	for name, key := range map[string]string{
		"auth": "TOKEN_SIGNING_KEY", "user": "DATABASE_URL", "content": "DATABASE_URL",
	} {
		require.NoError(t, file.Seal(owner(t, file, name), key, []byte(planted)))
	}
	assert.Equal(t, incomplete, read(t, path), "until it is saved")
	require.NoError(t, file.Save())

	after := read(t, path)
	assert.NotContains(t, after, "planted")
	for _, line := range strings.Split(incomplete, "\n") {
		if !strings.Contains(line, "TOKEN_SIGNING_KEY") && !strings.Contains(line, "user:") {
			assert.Contains(t, after, line+"\n", "every other line stays")
		}
	}
	assert.Contains(t, after, strings.TrimSuffix(userInBraces, "}")+", secrets: {DATABASE_URL: {sealed: ",
		"braces stay braces")
	for name, secrets := range values(t, path) {
		for key, sealed := range secrets {
			value, err := controller.Unseal(sealed, "dreamseed-staging", object(name, key))
			require.NoError(t, err, name+key)
			assert.Equal(t, planted, value)
		}
	}
	assert.Len(t, values(t, path), 3)
}

// object returns the name of the Secret that a value is sealed for.
func object(service, key string) string {
	one, _ := catalogue.Lookup(service)
	return services.SecretOwner(one).SealedSecret(key)
}

func TestATrackedStackKeepsEveryLine(t *testing.T) {
	for _, stack := range []string{"local", "staging", "production"} {
		before := read(t, "../../../Pulumi."+stack+".yaml") + "  dreamseed:secrets: {backend: sealedSecrets}\n"
		file, path := open(t, before)
		take(t, file, sealingtest.NewController(t))
		require.NoError(t, file.Seal(owner(t, file, "auth"), "DATABASE_URL", []byte(planted)))
		require.NoError(t, file.Save())

		after := strings.Split(read(t, path), "\n")
		for _, line := range strings.Split(before, "\n") {
			// In braces, new text is on the same line.
			begun := strings.TrimRight(line, "}")
			assert.Condition(t, func() bool {
				for i, now := range after {
					if strings.HasPrefix(now, begun) {
						after = after[i+1:]
						return true
					}
				}
				return false
			}, "%s: %s", stack, line)
		}
		loadable(t, path)
	}
}

// loadable checks that Pulumi can load the file.
func loadable(t *testing.T, path string) {
	t.Helper()
	about, err := workspace.LoadProject(filepath.Join(filepath.Dir(path), "Pulumi.yaml"))
	require.NoError(t, err)
	stack, err := workspace.LoadProjectStack(nil, about, path)
	require.NoError(t, err)
	assert.NotEmpty(t, stack.Config)
}

func TestASealedValueIsReplaced(t *testing.T) {
	controller := sealingtest.NewController(t)
	file, path := open(t, incomplete)
	take(t, file, controller)
	require.NoError(t, file.Seal(owner(t, file, "auth"), "DATABASE_URL", []byte("first")))
	require.NoError(t, file.Save())
	lines := strings.Count(read(t, path), "\n")
	require.NoError(t, file.Seal(owner(t, file, "auth"), "DATABASE_URL", []byte("second")))
	require.NoError(t, file.Save(), "what it wrote itself is no change of somebody else")

	sealed := values(t, path)["auth"]["DATABASE_URL"]
	value, err := controller.Unseal(sealed, "dreamseed-staging", "auth-service-sealed-database-url")
	require.NoError(t, err)
	assert.Equal(t, "second", value)
	assert.Equal(t, lines, strings.Count(read(t, path), "\n"))
	loadable(t, path)
}

func TestKeysMayLackTheProjectsName(t *testing.T) {
	file, path := open(t, strings.ReplaceAll(incomplete, "dreamseed:", ""))
	take(t, file, sealingtest.NewController(t))
	require.NoError(t, file.Seal(owner(t, file, "auth"), "DATABASE_URL", []byte(planted)))
	require.NoError(t, file.Save())
	assert.NotContains(t, read(t, path), "dreamseed:", "two keys for one thing would be an error")
	loadable(t, path)
}

func TestWhatSealingNeedsIsReadFromTheFile(t *testing.T) {
	cases := map[string]struct{ reason, old, new, says string }{
		"other backend": {
			"nobody would read the value", "backend: sealedSecrets", "backend: externalSecrets",
			`dreamseed:secrets.backend is "externalSecrets": it must be sealedSecrets`,
		},
		"no backend": {
			"the default is another one", "dreamseed:secrets:\n    backend: sealedSecrets", "dreamseed:logLevel: INFO",
			`dreamseed:secrets.backend is "externalSecrets": it must be sealedSecrets`,
		},
		"misspelt backend":   {"nor here", "backend:", "backed:", "dreamseed:secrets.backed"},
		"no environment":     {"it names the namespace", "staging # where", `""`, "dreamseed:environment"},
		"wrong environment":  {"it names the namespace", "staging # where", "prod", "dreamseed:environment"},
		"unknown service":    {"a typing mistake", "    user:", "    users:", "dreamseed:services.users"},
		"secret in clear":    {"it is not shown", "TOKEN_SIGNING_KEY: {}", "TOKEN_SIGNING_KEY: planted", "TOKEN_SIGNING_KEY"},
		"secrets in clear":   {"nor here", "TOKEN_SIGNING_KEY: {}", "TOKEN: {value: planted}", "secrets.TOKEN.value"},
		"a misspelt secrets": {"nor here", "secrets:\n        #", "secret:\n        A: planted\n        #", "auth.secret"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			require.Contains(t, incomplete, c.old)
			folder, _ := project(t, strings.Replace(incomplete, c.old, c.new, 1))

			_, err := sealedfile.Open(folder, "test")
			var wrong *stackfile.ContentError
			require.ErrorAs(t, err, &wrong, c.reason)
			require.ErrorContains(t, err, c.says)
			assert.NotContains(t, err.Error(), "planted", c.reason)
		})
	}
}

func TestACertificateThatSealsNothingIsRefused(t *testing.T) {
	expired := sealingtest.CertificateOf(t, sealingtest.Key(t), time.Now().Add(-2*time.Hour), time.Hour)
	for says, certificate := range map[string]string{
		"missing": "", "certificate with an RSA key": "planted", "expired": expired,
	} {
		written := "certificate: |-\n      " + strings.ReplaceAll(certificate, "\n", "\n      ")
		before := strings.Replace(incomplete, "backend: sealedSecrets", "backend: sealedSecrets\n    "+written, 1)
		file, path := open(t, before)

		err := file.Seal(owner(t, file, "auth"), "DATABASE_URL", []byte("value"))
		var wrong *stackfile.ContentError
		require.ErrorAs(t, err, &wrong)
		require.ErrorContains(t, err, says)
		require.ErrorContains(t, err, "kubectl port-forward --namespace sealed-secrets service/sealed-secrets 8080")
		require.ErrorContains(t, err, "--controller http://localhost:8080")
		assert.NotContains(t, err.Error(), "planted")
		require.NoError(t, file.Save())
		assert.Equal(t, before, read(t, path))
	}

	file, _ := open(t, incomplete)
	certificate, err := sealing.ParseCertificate([]byte(expired))
	require.NoError(t, err)
	assert.ErrorIs(t, file.SetCertificate(certificate), sealing.ErrExpired, "whoever it comes from")
}

// Two services that share one entry in the file become two entries as soon as one has a value of its own.
func TestAValueIsOfOneServiceAlone(t *testing.T) {
	shared := strings.Replace(incomplete, userInBraces, strings.Replace(userInBraces, "{", "&user {", 1)+
		"\n    content: *user", 1)
	file, path := open(t, shared)
	take(t, file, sealingtest.NewController(t))

	require.NoError(t, file.Seal(owner(t, file, "content"), "DATABASE_URL", []byte(planted)))
	require.NoError(t, file.Save())

	assert.NotEmpty(t, values(t, path)["content"]["DATABASE_URL"])
	assert.Empty(t, values(t, path)["user"])
	loadable(t, path)
}

// The monitoring has a namespace of its own, and a value for it cannot be decrypted anywhere else.
func TestAValueOfTheMonitoringIsSealedForItsNamespace(t *testing.T) {
	controller := sealingtest.NewController(t)
	file, path := open(t, incomplete)
	take(t, file, controller)
	monitoring := owner(t, file, "monitoring")

	require.NoError(t, file.Seal(monitoring, "GRAFANA_ADMIN_PASSWORD", []byte(planted)))
	require.NoError(t, file.Save())

	assert.Equal(t, "dreamseed:monitoring.secrets.GRAFANA_ADMIN_PASSWORD.sealed",
		sealedfile.Key(monitoring, "GRAFANA_ADMIN_PASSWORD"))
	var written struct {
		Config struct {
			Monitoring struct {
				Secrets map[string]struct{ Sealed string }
			} `yaml:"dreamseed:monitoring"`
		}
	}
	require.NoError(t, yaml.Unmarshal([]byte(read(t, path)), &written))
	sealed := written.Config.Monitoring.Secrets["GRAFANA_ADMIN_PASSWORD"].Sealed
	const name = "monitoring-sealed-grafana-admin-password"
	value, err := controller.Unseal(sealed, "dreamseed-monitoring", name)
	require.NoError(t, err)
	assert.Equal(t, planted, value)
	_, err = controller.Unseal(sealed, "dreamseed-staging", name)
	assert.Error(t, err, "the control: another namespace")
}
