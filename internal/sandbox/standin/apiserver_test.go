package standin

import (
	"encoding/pem"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/sandbox/credential"
)

// cluster serves an API server's answer to requests for Services, and returns its address and its authority.
func cluster(t *testing.T, status int, answer string) (address, authority string) {
	t.Helper()
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		assert.Equal(t, "/api/v1/services", r.URL.Path)
		w.WriteHeader(status)
		_, err := w.Write([]byte(answer))
		assert.NoError(t, err)
	}))
	t.Cleanup(server.Close)
	block := &pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw}
	return server.URL, string(pem.EncodeToMemory(block))
}

// pair returns a certificate and its key for the administrator, taken from the test server.
func pair(t *testing.T) (certificate, key string) {
	t.Helper()
	server := httptest.NewUnstartedServer(nil)
	server.StartTLS()
	t.Cleanup(server.Close)
	return keyPair(t, server.TLS.Certificates[0])
}

func TestTheLoadBalancersAreThoseOfTheSandboxsAPIServer(t *testing.T) {
	address, authority := cluster(t, http.StatusOK, `{"items": [
		{"metadata": {"namespace": "traefik", "name": "traefik", "annotations": {"a": "b"}},
			"spec": {"type": "LoadBalancer"}},
		{"metadata": {"namespace": "default", "name": "kubernetes"}, "spec": {"type": "ClusterIP"}}]}`)
	certificate, key := pair(t)
	sandboxOf(t, address, authority, certificate, key)

	found, err := readServices(t.Context())

	require.NoError(t, err)
	require.Len(t, found, 2)
	assert.Equal(t, "traefik/traefik", Hold{Annotation: "a"}.holder("b", found))
	assert.Empty(t, Hold{Annotation: "a"}.holder("c", found))
}

func TestAnAPIServerThatDoesNotAnswerIsAnError(t *testing.T) {
	certificate, key := pair(t)
	address, authority := cluster(t, http.StatusForbidden, "{}")
	sandboxOf(t, address, authority, certificate, key)
	_, err := readServices(t.Context())
	require.ErrorContains(t, err, "asking the sandbox's API server for its load balancers: 403")

	address, authority = cluster(t, http.StatusOK, "{")
	sandboxOf(t, address, authority, certificate, key)
	_, err = readServices(t.Context())
	require.ErrorContains(t, err, "reading the load balancers")

	sandboxOf(t, "https://127.0.0.1:1", authority, certificate, key)
	_, err = readServices(t.Context())
	require.ErrorContains(t, err, "asking the sandbox's API server for its load balancers")
}

func TestOnlyTheSandboxsAuthorityIsTrusted(t *testing.T) {
	certificate, key := pair(t)
	_, err := security(credential.Administrator{
		Authority: encoded("none"), Certificate: encoded(certificate), Key: encoded(key),
	})
	require.ErrorContains(t, err, "its authority is no certificate")
}
