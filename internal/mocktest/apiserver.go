package mocktest

import (
	"encoding/pem"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"
)

// APIServer listens where a kubeconfig says that an API server is. It knows nothing of Kubernetes.
type APIServer struct {
	// URL is where it listens, over TLS with a certificate authority of its own.
	URL string

	authority   []byte
	connections *atomic.Int64
	answers     *sync.Map
}

// NewAPIServer starts a server that answers every request with the status and an empty object. It stops with the test.
func NewAPIServer(tb testing.TB, status int) *APIServer {
	tb.Helper()
	connections, answers := &atomic.Int64{}, &sync.Map{}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(status)
		answer, found := answers.Load(r.URL.Path)
		if !found {
			answer = "{}"
		}
		_, _ = io.WriteString(w, answer.(string)) //nolint:gosec // no browser asks, and hanging up is no news
	}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // A client that hangs up is no news.
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	server.StartTLS()
	tb.Cleanup(server.Close)
	authority := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	return &APIServer{URL: server.URL, authority: authority, connections: connections, answers: answers}
}

// Answer makes the server answer requests of a path with a text, from now on.
func (s *APIServer) Answer(path, text string) { s.answers.Store(path, text) }

// Connections is how many were opened to it so far.
func (s *APIServer) Connections() int { return int(s.connections.Load()) }

// Cluster is how a kubeconfig describes the server: its address and its certificate authority.
func (s *APIServer) Cluster() *api.Cluster {
	return &api.Cluster{Server: s.URL, CertificateAuthorityData: s.authority}
}

// Kubeconfig is the content of a kubeconfig with these contexts, of which current is the current one.
func Kubeconfig(tb testing.TB, current string, contexts map[string]*api.Cluster) string {
	tb.Helper()
	config := api.NewConfig()
	config.CurrentContext = current
	for name, server := range contexts {
		config.Clusters[name] = server
		config.AuthInfos[name] = &api.AuthInfo{Token: "token-of-" + name}
		config.Contexts[name] = &api.Context{Cluster: name, AuthInfo: name}
	}
	content, err := clientcmd.Write(*config)
	require.NoError(tb, err)
	return string(content)
}

// KubeconfigFile writes content into a file of its own and returns the path.
func KubeconfigFile(tb testing.TB, content string) string {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), "kubeconfig")
	require.NoError(tb, os.WriteFile(path, []byte(content), 0o600))
	return path
}
