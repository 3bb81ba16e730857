package enginetest

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/base64"
	"encoding/pem"
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/sealing"
	"github.com/dreamseed/platform/services/catalogue"
)

// keeper is one backend of secrets, as far as the suite below has to know.
type keeper struct {
	// selected is the configuration with this backend.
	selected func(configuration)
	// change gives the URL of payment's database another value.
	change func(t *testing.T, value string)
	// broken declares a secret of payment, API_KEY_MISSING, that cannot be had.
	broken func(configuration)
	// says is what a person is told then: by the operator, and what to do.
	says []string
}

// One suite for both backends, the second of which takes over from the first on a running environment.
func TestSecrets(t *testing.T) {
	failing.asTracked(t)
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
	t.Run("sealed values are readable under no other name", sealed.readableUnderNoOtherName)
}

// hasSecrets looks at what the pods of every service mount.
func (s *stand) hasSecrets(t *testing.T) {
	secrets := map[string]map[string]string{}
	for _, secret := range s.list(t, "secrets", "--namespace", s.namespace()) {
		secrets[secret.Metadata.Name] = secret.Data
	}
	mounted := map[string]bool{}
	ours := []string{"--namespace", s.namespace(), "--selector", "app.kubernetes.io/part-of=" + catalogue.PartOf}
	for _, pod := range s.list(t, "pods", ours...) {
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
	before := s.templates(t)
	value := "postgresql://dreamseed:" + rand.Text() + "@postgresql:5432/dreamseed"
	began := time.Now()

	k.change(t, value)

	require.Eventually(t, func() bool { return s.mountedValue(t, "payment-service", catalogue.DatabaseURL) == value },
		patience, 50*time.Millisecond)
	t.Logf("%.1fs from the changed value to the Secret that is mounted", time.Since(began).Seconds())
	assert.Equal(t, before, s.templates(t), "the pods find it in their file")
	assert.Zero(t, s.preview(t, withLiveObjects).Changes(), "what an operator writes is no drift")
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
	before := s.templates(t)

	var err error
	seen := s.recorded(t, func() {
		_, _, err = s.tryUp(t, func(c configuration) {
			k.broken(c)
			c["dreamseed:rolloutDeadlineSeconds"] = 15
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
			printed, err := s.tryKubectl(t.Context(), strings.NewReader(fmt.Sprintf(`{"apiVersion": "v1", "kind": "Secret",
				"metadata": {"name": "dreamseed-local-payment-database-url", "namespace": "secret-manager"},
				"stringData": {"value": %q}}`, value)), "apply", "--server-side", "--force-conflicts", "--filename=-")
			require.NoError(t, err, printed)
		},
		broken: func(c configuration) {
			selected(c)
			service(c, "payment")["secrets"] = map[string]any{"API_KEY_MISSING": map[string]any{}}
		},
		says: []string{"dreamseed-local-payment-api-key-missing", "not found", "give it a value"},
	}
}

// sealer seals values for the stand's controller, with a key that was given to it.
type sealer struct {
	*stand
	certificate *sealing.Certificate
	// values are what is sealed, by service and key.
	values map[string]map[string]string
}

// newSealer makes a key and puts it where the controller looks for its keys when it starts
// (https://github.com/bitnami-labs/sealed-secrets/blob/main/docs/bring-your-own-certificates.md).
func newSealer(t *testing.T, s *stand) *sealer {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "sealed-secrets"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	signed, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	certificate := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: signed})
	private := pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})
	printed, err := s.tryKubectl(t.Context(), strings.NewReader(fmt.Sprintf(`{"apiVersion": "v1", "kind": "List",
		"items": [
		{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "sealed-secrets"}},
		{"apiVersion": "v1", "kind": "Secret", "type": "kubernetes.io/tls",
			"metadata": {"name": "sealed-secrets-key-given", "namespace": "sealed-secrets",
				"labels": {"sealedsecrets.bitnami.com/sealed-secrets-key": "active"}},
			"data": {"tls.crt": %q, "tls.key": %q}}]}`,
		base64.StdEncoding.EncodeToString(certificate), base64.StdEncoding.EncodeToString(private))),
		"apply", "--server-side", "--filename=-")
	require.NoError(t, err, printed)
	t.Cleanup(func() {
		printed, err := s.tryKubectl(context.WithoutCancel(t.Context()), nil, "delete", "namespace", "sealed-secrets")
		assert.NoError(t, err, printed)
	})
	parsed, err := sealing.ParseCertificate(certificate)
	require.NoError(t, err)
	sealed := &sealer{stand: s, certificate: parsed, values: map[string]map[string]string{}}
	for _, name := range catalogue.Names() {
		one, _ := catalogue.Lookup(name)
		sealed.values[name] = map[string]string{}
		for _, key := range one.SecretKeys() {
			sealed.values[name][key] = sealed.seal(t, s.namespace(), one.SealedObject(key), rand.Text())
		}
	}
	return sealed
}

func (s *sealer) seal(t *testing.T, namespace, name, value string) string {
	t.Helper()
	sealed, err := s.certificate.Seal(namespace, name, []byte(value))
	require.NoError(t, err)
	return sealed
}

func (s *sealer) selected(c configuration) {
	c["dreamseed:secrets"] = map[string]any{"backend": "sealedSecrets"}
	for name, values := range s.values {
		secrets := map[string]any{}
		for key, sealed := range values {
			secrets[key] = map[string]any{"sealed": sealed}
		}
		service(c, name)["secrets"] = secrets
	}
}

func (s *sealer) keeper() keeper {
	return keeper{
		selected: s.selected,
		change: func(t *testing.T, value string) {
			s.values["payment"][catalogue.DatabaseURL] = s.seal(t, s.namespace(), "payment-service-sealed-database-url", value)
			s.up(t, s.selected)
		},
		broken: func(c configuration) {
			s.selected(c)
			elsewhere, _ := s.certificate.Seal("dreamseed-elsewhere", "payment-service-sealed-api-key-missing", []byte("value"))
			service(c, "payment")["secrets"].(map[string]any)["API_KEY_MISSING"] = map[string]any{"sealed": elsewhere}
		},
		says: []string{"no key could decrypt secret", "dreamseed seal"},
	}
}

// readableUnderNoOtherName takes a value that is readable under its own name.
func (s *sealer) readableUnderNoOtherName(t *testing.T) {
	value := s.values["payment"][catalogue.DatabaseURL]
	for name, want := range map[string]string{"payment-service-sealed-database-url": "True", "stolen": "False"} {
		if name == "stolen" {
			s.with(t, "sealedsecret/stolen", fmt.Sprintf(`{"apiVersion": "bitnami.com/v1alpha1", "kind": "SealedSecret",
				"metadata": {"name": "stolen"}, "spec": {"encryptedData": {"DATABASE_URL": %q}}}`, value))
		}
		s.kubectl(t, "wait", "--namespace", s.namespace(), "sealedsecret/"+name, "--timeout=60s",
			"--for=jsonpath={.status.conditions[0].status}="+want)
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

func TestAGeneratedSecretStaysTheSame(t *testing.T) {
	failing.asTracked(t)
	value := func() string {
		return failing.secretValue(t, failing.namespace(), "auth-service-token-signing-key", "TOKEN_SIGNING_KEY")
	}
	before := value()
	assert.Regexp(t, "^[A-Za-z0-9]{64}$", before)

	failing.up(t, func(c configuration) {
		service(c, "auth")["secrets"] = map[string]any{"API_KEY": map[string]any{}}
	})

	assert.Equal(t, before, value())
	assert.NotEmpty(t, failing.mountedValue(t, "auth-service", "API_KEY"), "the control: there is a further one")
}

// Kinds that nobody has installed yet are no reason for a first preview to fail.
func TestAFirstPreviewNeedsNoKinds(t *testing.T) {
	dying.asTracked(t)
	dying.destroy(t)
	dying.kubectl(t, "delete", "customresourcedefinitions", "externalsecrets.external-secrets.io",
		"secretstores.external-secrets.io", "passwords.generators.external-secrets.io")

	planned := dying.preview(t, withState)

	assert.Len(t, steps(planned, "kubernetes:external-secrets.io/v1:SecretStore", "create"), 7)
	assert.Len(t, steps(planned, "kubernetes:external-secrets.io/v1:ExternalSecret", "create"), 8)
	dying.up(t, tracked)
}
