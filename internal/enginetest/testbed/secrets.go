package testbed

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/kube"
	"github.com/dreamseed/platform/services/catalogue"
)

// SecretBackend is one backend of secrets, with what the suite below needs.
type SecretBackend struct {
	// Selected selects this backend in a configuration.
	Selected func(Configuration)
	// Change sets another value for the URL of payment's database.
	Change func(t *testing.T, value string)
	// Broken declares a secret of payment, API_KEY_MISSING, that is not available, and API_KEY of auth, which is.
	Broken func(Configuration)
	// Says holds the words that the error must contain then: the operator's message, and the remedy.
	Says []string
}

// KeepsItsSecrets is the suite that every backend has to pass. It leaves the testbed with the backend
// selected.
func (s *Testbed) KeepsItsSecrets(t *testing.T, k SecretBackend) {
	t.Helper()
	s.Up(t, k.Selected)
	t.Run("every service has its secrets", s.HasSecrets)
	t.Run("a changed value arrives, rolls nothing and is no drift", func(t *testing.T) { s.receivesChanges(t, k) })
	t.Run("what cannot be had stops its service alone", func(t *testing.T) { s.stopsAlone(t, k) })
}

// HasSecrets checks the secrets that the pods of every service mount.
func (s *Testbed) HasSecrets(t *testing.T) {
	secrets := s.secretData(t)
	mounted := map[string]bool{}
	for _, pod := range s.List(t, "pods", "--namespace", s.Namespace(),
		"--selector", kube.PartOfLabel+"="+kube.PartOf) {
		workload := pod.Metadata.Labels["app.kubernetes.io/name"]
		for _, file := range secretFilesOf(pod) {
			assert.NotEmpty(t, secrets[file.secret][file.key], "%s: %s of %s", workload, file.key, file.secret)
			mounted[workload+" "+file.key] = true
		}
	}
	for _, name := range catalogue.Names() {
		service, _ := catalogue.Lookup(name)
		for _, key := range SecretKeys(service) {
			assert.True(t, mounted[service.Workload()+" "+key], "%s has %s", name, key)
		}
	}
}

// SecretKeys returns the keys of a service's secrets, wherever its database is.
func SecretKeys(service catalogue.Service) []string {
	keys := service.SecretKeys()
	if service.Needs.Postgres {
		keys = append(keys, catalogue.DatabaseURL)
	}
	return keys
}

// secretData returns the services' Secrets, by name.
func (s *Testbed) secretData(t *testing.T) map[string]map[string]any {
	t.Helper()
	data := map[string]map[string]any{}
	for _, secret := range s.List(t, "secrets", "--namespace", s.Namespace()) {
		data[secret.Metadata.Name] = secret.Data
	}
	return data
}

type secretFile struct{ secret, key string }

// secretFilesOf returns the keys of Secrets that a pod mounts as files.
func secretFilesOf(pod Object) []secretFile {
	var files []secretFile
	volumes, _ := pod.Spec["volumes"].([]any)
	for _, volume := range volumes {
		projected, _ := volume.(map[string]any)["projected"].(map[string]any)
		sources, _ := projected["sources"].([]any)
		for _, source := range sources {
			secret, _ := source.(map[string]any)["secret"].(map[string]any)
			items, _ := secret["items"].([]any)
			for _, item := range items {
				files = append(files, secretFile{secret["name"].(string), item.(map[string]any)["key"].(string)})
			}
		}
	}
	return files
}

func (s *Testbed) receivesChanges(t *testing.T, k SecretBackend) {
	t.Helper()
	s.Arrives(t, k.Change)
	assert.Zero(t, s.Preview(t, WithLiveObjects).Changes(), "what an operator writes is no drift")
}

// Arrives sets another value for the URL of payment's database, and waits until the pods find it.
func (s *Testbed) Arrives(t *testing.T, change func(t *testing.T, value string)) {
	t.Helper()
	before := s.Templates(t)
	value := "postgresql://dreamseed:" + rand.Text() + "@postgresql:5432/dreamseed"
	began := time.Now()

	change(t, value)

	require.Eventually(t, func() bool { return s.MountedValue(t, "payment-service", catalogue.DatabaseURL) == value },
		Patience, 50*time.Millisecond)
	t.Logf("%.1fs from the changed value to the Secret that is mounted", time.Since(began).Seconds())
	assert.Equal(t, before, s.Templates(t), "the pods find it in their file")
}

// MountedValue returns the value of a secret that the pods of a workload read, without terminating pods.
func (s *Testbed) MountedValue(t *testing.T, workload, key string) string {
	t.Helper()
	for _, pod := range s.List(t, "pods", "--namespace", s.Namespace(), "--selector", "app.kubernetes.io/name="+workload) {
		if pod.Metadata.DeletionTime != "" {
			continue
		}
		for _, file := range secretFilesOf(pod) {
			if file.key == key {
				return s.SecretValue(t, s.Namespace(), file.secret, key)
			}
		}
	}
	return ""
}

func (s *Testbed) stopsAlone(t *testing.T, k SecretBackend) {
	t.Helper()
	before, values := s.Templates(t), s.secretData(t)

	var err error
	seen := s.Recorded(t, func() {
		_, _, err = s.TryUp(t, func(c Configuration) {
			k.Broken(c)
			c["dreamseed:rolloutDeadlineSeconds"] = 15
			Service(c, "payment")["image"] = "dreamseed/payment-service:needs-it"
			Service(c, "auth")["image"] = "dreamseed/auth-service:beside-it"
		})
	})

	for _, word := range append(k.Says, "payment-service has no secret", "API_KEY_MISSING") {
		require.ErrorContains(t, err, word)
	}
	assert.False(t, Tried(t, seen, "payment-service", "dreamseed/payment-service:needs-it"),
		"no pod waits for it, none crashes")
	assert.GreaterOrEqual(t, seen.LowestReady("payment-service"), 2, "the old release goes on serving")
	after := s.Templates(t)
	assert.Equal(t, before["payment-service"], after["payment-service"])
	assert.Len(t, s.ServingPods(t, "auth-service", after["auth-service"]), 2)
	assert.True(t, Tried(t, seen, "auth-service", "dreamseed/auth-service:beside-it"),
		"the release of another service is complete")
	assert.NotEmpty(t, s.MountedValue(t, "auth-service", "API_KEY"), "with a further secret")
	now := s.secretData(t)
	for name, data := range values {
		assert.Equal(t, data, now[name], "%s is what it was, a generated value too", name)
	}

	s.Up(t, k.Selected)
	recovered := s.Preview(t, WithLiveObjects)
	assert.Zero(t, recovered.Changes(), "%+v", recovered.Steps)
}

// GeneratedPassword returns the value that the operator has generated for auth.
func (s *Testbed) GeneratedPassword(t *testing.T) string {
	t.Helper()
	return s.SecretValue(t, s.Namespace(), "auth-service-token-signing-key", "TOKEN_SIGNING_KEY")
}

// SecretValue returns the value of a Secret's key, which must exist and not be empty.
func (s *Testbed) SecretValue(t *testing.T, namespace, name, key string) string {
	t.Helper()
	for _, secret := range s.List(t, "secrets", "--namespace", namespace, "--field-selector", "metadata.name="+name) {
		encoded, _ := secret.Data[key].(string)
		value, err := base64.StdEncoding.DecodeString(encoded)
		require.NoError(t, err)
		require.NotEmpty(t, value)
		return string(value)
	}
	require.Fail(t, "no secret", "%s/%s", namespace, name)
	return ""
}

// SetInSecretManager sets the value of a secret in the sandbox's secret manager.
func (s *Testbed) SetInSecretManager(t *testing.T, name, value string) {
	t.Helper()
	printed, err := s.TryKubectl(t.Context(), strings.NewReader(fmt.Sprintf(`{"apiVersion": "v1", "kind": "Secret",
		"metadata": {"name": %q, "namespace": "secret-manager"}, "stringData": {"value": %q}}`, name, value)),
		"apply", "--server-side", "--force-conflicts", "--filename=-")
	require.NoError(t, err, printed)
}
