package full

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/crypto/bcrypt"
)

const grafanaHost = "grafana.dreamseed.localhost"

// asksForAPassword asserts that the real Traefik hands on only what a user with the right password asks. No Grafana can
// run here: the pod network gets the request, under the host that the user asked for, and knows no pod by it.
func asksForAPassword(t *testing.T) {
	hash, err := bcrypt.GenerateFromPassword([]byte("open sesame"), bcrypt.MinCost)
	require.NoError(t, err)
	tellMonitoring(t, "GRAFANA_USERS", "alice:"+string(hash)+"\n")

	eventually(t, func() string {
		status, text := askGrafana(t, "alice", "open sesame")
		if !strings.Contains(text, "reaching "+grafanaHost) {
			return fmt.Sprintf("alice gets %d: %s", status, text)
		}
		return ""
	})
	for name, words := range map[string][2]string{
		"nobody": {}, "a wrong password": {"alice", "open barley"}, "an unknown user": {"kassim", "open sesame"},
	} {
		status, _ := askGrafana(t, words[0], words[1])
		assert.Equal(t, http.StatusUnauthorized, status, name)
	}
}

// askGrafana requests Grafana's first page of Traefik, and returns the answer.
func askGrafana(t *testing.T, user, password string) (status int, text string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, "https://"+grafanaHost+"/", http.NoBody)
	require.NoError(t, err)
	if user != "" {
		request.SetBasicAuth(user, password)
	}
	answer, err := (&http.Transport{
		DialContext: func(ctx context.Context, network, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, network, programAddress(t, watched, "traefik-websecure"))
		},
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true}, // no cert-manager runs in the sandbox
	}).RoundTrip(request)
	require.NoError(t, err)
	defer func() { _ = answer.Body.Close() }() // it was only read
	body, err := io.ReadAll(answer.Body)
	require.NoError(t, err)
	return answer.StatusCode, string(body)
}
