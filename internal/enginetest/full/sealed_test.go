package full

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
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/dreamseed/platform/internal/enginetest/testbed"
	"github.com/dreamseed/platform/internal/operator"
	"github.com/dreamseed/platform/internal/sandbox"
	"github.com/dreamseed/platform/internal/sandbox/controlplane"
	"github.com/dreamseed/platform/internal/sealing"
	"github.com/dreamseed/platform/services"
	"github.com/dreamseed/platform/services/catalogue"
)

// sealer keeps secrets in the stack's file, sealed for the testbed's controller.
type sealer struct {
	*testbed.Testbed
	// first is the certificate of the controller's first key.
	first *sealing.Certificate
	// values are the sealed values, by service and key.
	values map[string]map[string]string
}

// firstKey is the Secret with the controller's first key.
const firstKey = "sealed-secrets-key-given"

func TestSealedSecretsTakeOverFromTheSecretManager(t *testing.T) {
	takingOver.AsTracked(t)
	takingOver.Closed(t)
	sealed := newSealer(t, takingOver)
	takingOver.KeepsItsSecrets(t, sealed.backend())
	t.Run("a sealed value is readable under no other name", sealed.readableUnderNoOtherName)
	t.Run("the controller renews its key, and the former one goes", sealed.outlivesItsKey)
}

// newSealer creates a key and stores it where the controller looks for its keys at its start
// (https://github.com/bitnami/sealed-secrets/blob/main/docs/bring-your-own-certificates.md), so that values can be
// sealed before it runs.
func newSealer(t *testing.T, s *testbed.Testbed) *sealer {
	t.Helper()
	certificate, private := selfSigned(t)
	given := fmt.Sprintf(`{"apiVersion": "v1", "kind": "List", "items": [
		{"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "sealed-secrets"}},
		{"apiVersion": "v1", "kind": "Secret", "type": "kubernetes.io/tls",
			"metadata": {"name": %q, "namespace": "sealed-secrets",
				"labels": {"sealedsecrets.bitnami.com/sealed-secrets-key": "active"}},
			"data": {"tls.crt": %q, "tls.key": %q}}]}`,
		firstKey, base64.StdEncoding.EncodeToString(certificate), base64.StdEncoding.EncodeToString(private))
	printed, err := s.TryKubectl(t.Context(), strings.NewReader(given), "apply", "--server-side", "--filename=-")
	require.NoError(t, err, printed)
	t.Cleanup(func() {
		printed, err := s.TryKubectl(context.WithoutCancel(t.Context()), nil, "delete", "namespace", "sealed-secrets")
		assert.NoError(t, err, printed)
	})
	parsed, err := sealing.ParseCertificate(certificate)
	require.NoError(t, err)
	sealed := &sealer{Testbed: s, first: parsed, values: map[string]map[string]string{}}
	for _, name := range catalogue.Names() {
		one, _ := catalogue.Lookup(name)
		sealed.values[name] = map[string]string{}
		for _, key := range testbed.SecretKeys(one) {
			sealed.values[name][key] = sealed.seal(t, s.Namespace(), services.SecretOwner(one).SealedSecret(key), rand.Text())
		}
	}
	return sealed
}

// selfSigned returns a certificate and its private key, in PEM.
func selfSigned(t *testing.T) (certificate, private []byte) {
	t.Helper()
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	require.NoError(t, err)
	template := &x509.Certificate{
		SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: "sealed-secrets"},
		NotBefore: time.Now().Add(-time.Hour), NotAfter: time.Now().Add(time.Hour),
	}
	signed, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	require.NoError(t, err)
	return pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: signed}),
		pem.EncodeToMemory(&pem.Block{Type: "RSA PRIVATE KEY", Bytes: x509.MarshalPKCS1PrivateKey(key)})
}

func (s *sealer) seal(t *testing.T, namespace, name, value string) string {
	t.Helper()
	sealed, err := s.first.Seal(namespace, name, []byte(value))
	require.NoError(t, err)
	return sealed
}

func (s *sealer) selected(c testbed.Configuration) {
	c["dreamseed:secrets"] = map[string]any{"backend": "sealedSecrets"}
	for name, values := range s.values {
		secrets := map[string]any{}
		for key, sealed := range values {
			secrets[key] = map[string]any{"sealed": sealed}
		}
		testbed.Service(c, name)["secrets"] = secrets
	}
}

// backend returns a backend that changes a value as a person does.
func (s *sealer) backend() testbed.SecretBackend {
	return testbed.SecretBackend{
		Selected: s.selected,
		Change: func(t *testing.T, value string) {
			s.dreamseed(t, value, "seal", "--service", "payment", "--key", catalogue.DatabaseURL)
			s.deployFile(t)
		},
		Broken: func(c testbed.Configuration) {
			s.selected(c)
			elsewhere, _ := s.first.Seal("dreamseed-elsewhere", "payment-service-sealed-api-key-missing", []byte("value"))
			testbed.Service(c, "payment")["secrets"].(map[string]any)["API_KEY_MISSING"] = map[string]any{"sealed": elsewhere}
			here, _ := s.first.Seal(s.Namespace(), "auth-service-sealed-api-key", []byte("value"))
			testbed.Service(c, "auth")["secrets"].(map[string]any)["API_KEY"] = map[string]any{"sealed": here}
		},
		Says: []string{"no key could decrypt secret", "dreamseed seal"},
	}
}

// dreamseed runs a command on the stack's file and the testbed's controller, with a value on its standard input.
func (s *sealer) dreamseed(t *testing.T, value string, words ...string) {
	t.Helper()
	command := exec.CommandContext(t.Context(), filepath.Join(s.Project, "dreamseed"),
		append(words, "--stack", s.Stack.Name, "--controller", "http://"+s.controller(t).Address)...)
	command.Dir, command.Stdin = s.Project, strings.NewReader(value)
	printed, err := command.CombinedOutput()
	require.NoError(t, err, string(printed))
}

func (s *sealer) controller(t *testing.T) controlplane.ComponentStatus {
	t.Helper()
	status, err := s.Box.Status(t.Context())
	require.NoError(t, err)
	for _, component := range status.Components {
		if component.Name == string(operator.SealedSecrets) {
			return component
		}
	}
	require.Fail(t, "the controller does not run")
	return controlplane.ComponentStatus{}
}

// deployFile deploys the stack's file as it is, and reads the sealed values from it.
func (s *sealer) deployFile(t *testing.T) {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(s.Project, "Pulumi."+s.Stack.Name+".yaml"))
	require.NoError(t, err)
	var file struct {
		Config testbed.Configuration `yaml:"config"`
	}
	require.NoError(t, yaml.Unmarshal(content, &file))
	for name, values := range s.values {
		for key := range values {
			values[key] = testbed.Service(file.Config, name)["secrets"].(map[string]any)[key].(map[string]any)["sealed"].(string)
		}
	}
	var output strings.Builder
	_, err = s.Box.Up(testbed.UntilInterrupted, sandbox.Display{Progress: &output, Engine: &output})
	require.NoError(t, err, output.String())
}

// readableUnderNoOtherName copies a value, which is readable under its own name, to another name.
func (s *sealer) readableUnderNoOtherName(t *testing.T) {
	value := s.values["payment"][catalogue.DatabaseURL]
	for name, want := range map[string]string{"payment-service-sealed-database-url": "True", "stolen": "False"} {
		if name == "stolen" {
			s.With(t, "sealedsecret/stolen", fmt.Sprintf(`{"apiVersion": "bitnami.com/v1alpha1", "kind": "SealedSecret",
				"metadata": {"name": "stolen"}, "spec": {"encryptedData": {"DATABASE_URL": %q}}}`, value))
		}
		s.Kubectl(t, "wait", "--namespace", s.Namespace(), "sealedsecret/"+name, "--timeout=60s",
			"--for=jsonpath={.status.conditions[0].status}="+want)
	}
}

// outlivesItsKey follows the runbook, with the controller's own key: the controller makes a new key, everything is
// encrypted with it, and the former key is deleted.
func (s *sealer) outlivesItsKey(t *testing.T) {
	templates, value := s.Templates(t), s.MountedValue(t, "payment-service", catalogue.DatabaseURL)
	sealed := s.values["payment"][catalogue.DatabaseURL]
	// The controller also renews its key on this signal
	// (https://github.com/bitnami/sealed-secrets/tree/v0.30.0#early-key-renewal).
	require.NoError(t, syscall.Kill(s.controller(t).PID, syscall.SIGUSR1))
	require.Eventually(t, func() bool { return !s.newest(t).Equal(s.first.Certificate) },
		testbed.Patience, 100*time.Millisecond)

	s.dreamseed(t, "", "reseal")
	s.deployFile(t)
	s.Kubectl(t, "delete", "secret", firstKey, "--namespace", "sealed-secrets")
	require.NoError(t, syscall.Kill(s.controller(t).PID, syscall.SIGKILL))
	s.deployFile(t)
	// Only values that the controller can decrypt are written anew.
	s.Kubectl(t, "delete", "secret", "payment-service-sealed-database-url", "--namespace", s.Namespace())

	assert.NotEqual(t, sealed, s.values["payment"][catalogue.DatabaseURL], "it is encrypted with another key")
	assert.Eventually(t, func() bool { return s.written(t, "payment-service-sealed-database-url") },
		testbed.Patience, 100*time.Millisecond)
	assert.Equal(t, value, s.MountedValue(t, "payment-service", catalogue.DatabaseURL), "and still the same value")
	assert.Equal(t, templates, s.Templates(t), "no pod was rolled")
}

// newest returns the certificate that the controller offers.
func (s *sealer) newest(t *testing.T) *sealing.Certificate {
	t.Helper()
	controller, err := sealing.NewController("http://" + s.controller(t).Address)
	require.NoError(t, err)
	certificate, err := controller.Certificate(t.Context())
	require.NoError(t, err)
	return certificate
}

func (s *sealer) written(t *testing.T, secret string) bool {
	t.Helper()
	return len(s.List(t, "secrets", "--namespace", s.Namespace(), "--field-selector", "metadata.name="+secret)) == 1
}
