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

// APIServer is an HTTPS server at the address in a kubeconfig. It knows nothing of Kubernetes.
type APIServer struct {
	// URL is the server's address. It serves TLS with a certificate authority of its own.
	URL string

	authority   []byte
	connections *atomic.Int64
	answers     *sync.Map
	later       *sync.Map
}

// NewAPIServer starts a server that answers every request with the status and an empty object. It stops with the test.
func NewAPIServer(tb testing.TB, status int) *APIServer {
	tb.Helper()
	connections, answers, later := &atomic.Int64{}, &sync.Map{}, &sync.Map{}
	server := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.WriteHeader(status)
		answer, found := answers.Load(r.URL.Path)
		if !found {
			answer = "{}"
		}
		if next, more := later.LoadAndDelete(r.URL.Path); more {
			answers.Store(r.URL.Path, next)
		}
		_, _ = io.WriteString(w, answer.(string)) //nolint:gosec // no browser asks, and hanging up is no news
	}))
	server.Config.ErrorLog = log.New(io.Discard, "", 0) // A client may hang up; that is not worth a log line.
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			connections.Add(1)
		}
	}
	server.StartTLS()
	tb.Cleanup(server.Close)
	authority := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: server.Certificate().Raw})
	return &APIServer{URL: server.URL, authority: authority, connections: connections, answers: answers, later: later}
}

// Answer makes the server answer requests for a path with the text, from now on.
func (s *APIServer) Answer(path, text string) { s.answers.Store(path, text) }

// AnswerNext makes the server answer requests for a path with the text, once it has answered one more.
func (s *APIServer) AnswerNext(path, text string) { s.later.Store(path, text) }

// Connections returns the number of connections opened so far.
func (s *APIServer) Connections() int { return int(s.connections.Load()) }

// Cluster returns the server's address and certificate authority as an entry of a kubeconfig.
func (s *APIServer) Cluster() *api.Cluster {
	return &api.Cluster{Server: s.URL, CertificateAuthorityData: s.authority}
}

// Kubeconfig returns the content of a kubeconfig with these contexts and this current context.
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

// KubeconfigFile writes the content into a file of its own and returns the path.
func KubeconfigFile(tb testing.TB, content string) string {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), "kubeconfig")
	require.NoError(tb, os.WriteFile(path, []byte(content), 0o600))
	return path
}
