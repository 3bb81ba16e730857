package enginetest

import (
	"crypto/rand"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/services/catalogue"
)

// keeper is one backend of secrets, as far as the suite below has to know.
type keeper struct {
	// selected is the configuration with this backend.
	selected func(configuration)
	// change gives the URL of payment's database another value.
	change func(t *testing.T, value string)
	// broken declares a secret of payment, API_KEY_MISSING, that cannot be had, and API_KEY of auth, which can.
	broken func(configuration)
	// says is what a person is told then: by the operator, and what to do.
	says []string
}

// One suite for both backends, the second of which takes over from the first on a running environment.
func TestSecrets(t *testing.T) {
	failing.asTracked(t)
	assert.Regexp(t, "^[A-Za-z0-9]{64}$", failing.generatedPassword(t))
	sealed := newSealer(t, failing)
	for _, tt := range []struct {
		name string
		keeper
	}{
		{"external secrets", externalKeeper(failing)},
		{"sealed secrets", sealed.keeper()},
	} {
		t.Run(tt.name, func(t *testing.T) {
			failing.up(t, tt.selected)
			t.Run("every service has its secrets", failing.hasSecrets)
			t.Run("a changed value arrives, rolls nothing and is no drift", func(t *testing.T) {
				failing.receivesChanges(t, tt.keeper)
			})
			t.Run("what cannot be had stops its service alone", func(t *testing.T) {
				failing.stopsAlone(t, tt.keeper)
			})
		})
	}
	t.Run("a sealed value is readable under no other name", sealed.readableUnderNoOtherName)
	t.Run("the controller renews its key, and the former one goes", sealed.outlivesItsKey)
}

// hasSecrets looks at what the pods of every service mount.
func (s *stand) hasSecrets(t *testing.T) {
	secrets := s.secretData(t)
	mounted := map[string]bool{}
	for _, pod := range s.list(t, "pods", "--namespace", s.namespace(),
		"--selector", "app.kubernetes.io/part-of="+catalogue.PartOf) {
		workload := pod.Metadata.Labels["app.kubernetes.io/name"]
		for _, file := range secretFilesOf(pod) {
			assert.NotEmpty(t, secrets[file.secret][file.key], "%s: %s of %s", workload, file.key, file.secret)
			mounted[workload+" "+file.key] = true
		}
	}
	for _, name := range catalogue.Names() {
		service, _ := catalogue.Lookup(name)
		for _, key := range service.SecretKeys() {
			assert.True(t, mounted[service.Workload()+" "+key], "%s has %s", name, key)
		}
	}
}

// secretData are the Secrets of the services, by name.
func (s *stand) secretData(t *testing.T) map[string]map[string]string {
	t.Helper()
	data := map[string]map[string]string{}
	for _, secret := range s.list(t, "secrets", "--namespace", s.namespace()) {
		data[secret.Metadata.Name] = secret.Data
	}
	return data
}

type secretFile struct{ secret, key string }

// secretFilesOf are the keys of Secrets that a pod finds as files.
func secretFilesOf(pod object) []secretFile {
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

func (s *stand) receivesChanges(t *testing.T, k keeper) {
	t.Helper()
	s.arrives(t, k.change)
	assert.Zero(t, s.preview(t, withLiveObjects).Changes(), "what an operator writes is no drift")
}

// arrives gives the URL of payment's database another value, and waits until the pods find it.
func (s *stand) arrives(t *testing.T, change func(t *testing.T, value string)) {
	t.Helper()
	before := s.templates(t)
	value := "postgresql://dreamseed:" + rand.Text() + "@postgresql:5432/dreamseed"
	began := time.Now()

	change(t, value)

	require.Eventually(t, func() bool { return s.mountedValue(t, "payment-service", catalogue.DatabaseURL) == value },
		patience, 50*time.Millisecond)
	t.Logf("%.1fs from the changed value to the Secret that is mounted", time.Since(began).Seconds())
	assert.Equal(t, before, s.templates(t), "the pods find it in their file")
}

// mountedValue is what the pods of a workload read of a secret.
func (s *stand) mountedValue(t *testing.T, workload, key string) string {
	t.Helper()
	for _, pod := range s.list(t, "pods", "--namespace", s.namespace(), "--selector", "app.kubernetes.io/name="+workload) {
		for _, file := range secretFilesOf(pod) {
			if file.key == key {
				return s.secretValue(t, s.namespace(), file.secret, key)
			}
		}
	}
	return ""
}

func (s *stand) stopsAlone(t *testing.T, k keeper) {
	t.Helper()
	before, values := s.templates(t), s.secretData(t)

	var err error
	seen := s.recorded(t, func() {
		_, _, err = s.tryUp(t, func(c configuration) {
			k.broken(c)
			c["dreamseed:rolloutDeadlineSeconds"] = 30
			service(c, "payment")["image"] = "dreamseed/payment-service:needs-it"
			service(c, "auth")["image"] = "dreamseed/auth-service:beside-it"
		})
	})

	for _, word := range append(k.says, "payment-service has no secret", "API_KEY_MISSING") {
		require.ErrorContains(t, err, word)
	}
	assert.False(t, tried(t, seen, "dreamseed/payment-service:needs-it"), "no pod waits for it, none crashes")
	assert.GreaterOrEqual(t, seen.LowestReady("payment-service"), pods, "the old release goes on serving")
	after := s.templates(t)
	assert.Equal(t, before["payment-service"], after["payment-service"])
	assert.Len(t, s.servingPods(t, "auth-service", after["auth-service"]), 2)
	assert.True(t, tried(t, seen, "dreamseed/auth-service:beside-it"), "the release of another service is complete")
	assert.NotEmpty(t, s.mountedValue(t, "auth-service", "API_KEY"), "with a further secret")
	now := s.secretData(t)
	for name, data := range values {
		assert.Equal(t, data, now[name], "%s is what it was, a generated value too", name)
	}

	s.up(t, k.selected)
	recovered := s.preview(t, withLiveObjects)
	assert.Zero(t, recovered.Changes(), "%+v", recovered.Steps)
}

// externalKeeper changes values where the cluster's own secret manager has them.
func externalKeeper(s *stand) keeper {
	selected := func(c configuration) { c["dreamseed:secrets"] = map[string]any{"refreshSeconds": 1} }
	return keeper{
		selected: selected,
		change: func(t *testing.T, value string) {
			s.setInSecretManager(t, "dreamseed-local-payment-database-url", value)
		},
		broken: func(c configuration) {
			selected(c)
			service(c, "payment")["secrets"] = map[string]any{"API_KEY_MISSING": map[string]any{}}
			service(c, "auth")["secrets"] = map[string]any{"API_KEY": map[string]any{}}
		},
		says: []string{"dreamseed-local-payment-api-key-missing", "not found", "give it a value"},
	}
}

// The reader of one service asks for the secret of another one.
func TestAReaderReadsNoOtherServicesSecrets(t *testing.T) {
	failing.asTracked(t)
	cases := map[string]struct{ key, status, says string }{
		"its own":   {"dreamseed-local-auth-database-url", "True", ""},
		"another's": {"dreamseed-local-payment-database-url", "False", "forbidden"},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			asked := "asked-" + strings.Fields(strings.ReplaceAll(name, "'", ""))[0]
			failing.with(t, "externalsecret/"+asked, fmt.Sprintf(`{"apiVersion": "external-secrets.io/v1",
				"kind": "ExternalSecret", "metadata": {"name": %q}, "spec": {
					"secretStoreRef": {"kind": "SecretStore", "name": "auth-secrets"},
					"data": [{"secretKey": "it", "remoteRef": {"key": %q, "property": "value"}}]}}`, asked, tt.key))

			failing.kubectl(t, "wait", "--namespace", failing.namespace(), "externalsecret/"+asked, "--timeout=60s",
				"--for=jsonpath={.status.conditions[0].status}="+tt.status)

			events := failing.kubectl(t, "get", "events", "--namespace", failing.namespace(),
				"--field-selector", "involvedObject.name="+asked)
			assert.Contains(t, events, tt.says)
		})
	}
}

// Kinds that nobody has installed yet are no reason for a first preview to fail.
func TestAFirstPreviewNeedsNoKinds(t *testing.T) {
	dying.asTracked(t)
	dying.destroy(t)
	dying.kubectl(t, "delete", "customresourcedefinitions", "externalsecrets.external-secrets.io",
		"secretstores.external-secrets.io", "passwords.generators.external-secrets.io")

	planned := dying.preview(t, withState)

	assert.Len(t, steps(planned, secretStoreType, apitype.OpCreate), 7)
	assert.Len(t, steps(planned, externalSecretType, apitype.OpCreate), 8)
}
