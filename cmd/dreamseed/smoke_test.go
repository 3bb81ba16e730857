package main

import (
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// testPatience is more than any of these tests needs.
const testPatience = 30 * time.Second

// hurry shortens the pauses between tries.
func hurry(t *testing.T) {
	t.Helper()
	before := between
	between = time.Millisecond
	t.Cleanup(func() { between = before })
}

const withIngress = "  dreamseed:ingress: {host: learn.example.com, issuer: selfSigned}\n"

// answering is an ingress controller that answers one path with a status, and every other one with 401.
func answering(t *testing.T, path string, status func(try int) int) string {
	t.Helper()
	tried := 0
	server := httptest.NewTLSServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == path {
			tried++
			w.WriteHeader(status(tried))
			return
		}
		w.WriteHeader(http.StatusUnauthorized)
	}))
	t.Cleanup(server.Close)
	return "--url=" + server.URL
}

func always(status int) func(int) int { return func(int) int { return status } }

func TestSmokeAsksEveryRouteOfTheConfiguration(t *testing.T) {
	enterDeployed(t, withIngress)
	tested := runWords(t, "smoke", "--stack=test", answering(t, "/health", always(http.StatusOK)))
	require.NoError(t, tested.err)
	assert.Regexp(t, `│ auth-service │ 2/2 +│ yes`, tested.output)
	assert.Contains(t, tested.output, `ok   https://learn.example.com/health: 200 OK
ok   https://learn.example.com/api/ai-tutor: 401 Unauthorized
ok   https://learn.example.com/api/analytics: 401 Unauthorized
ok   https://learn.example.com/api/assessments: 401 Unauthorized
ok   https://learn.example.com/api/auth: 401 Unauthorized
ok   https://learn.example.com/api/content: 401 Unauthorized
ok   https://learn.example.com/api/payments: 401 Unauthorized
ok   https://learn.example.com/api/users: 401 Unauthorized
The certificate was not checked: nobody trusts one of the issuer selfSigned.
`)
}

func TestSmokeFailsWithARouteThatStaysWrong(t *testing.T) {
	hurry(t)
	enterDeployed(t, withIngress)
	tries := 0
	tested := runWords(t, "smoke", "--stack=test", answering(t, "/api/auth", func(try int) int {
		tries = try
		return http.StatusBadGateway
	}))
	assert.Equal(t, 3, tested.code)
	assert.Contains(t, tested.output, "FAIL https://learn.example.com/api/auth: 502 Bad Gateway\n")
	assert.Contains(t, tested.output, "ok   https://learn.example.com/api/users: 401 Unauthorized\n")
	assert.Equal(t, 10, tries)
}

func TestSmokeGivesARouteTime(t *testing.T) {
	hurry(t)
	enterDeployed(t, withIngress)
	tested := runWords(t, "smoke", "--stack=test", answering(t, "/api/auth", func(try int) int {
		if try < 5 {
			return http.StatusServiceUnavailable
		}
		return http.StatusOK
	}))
	require.NoError(t, tested.err)
	assert.Contains(t, tested.output, "ok   https://learn.example.com/api/auth: 200 OK\n")
}

func TestSmokeJudgesTheServicesToo(t *testing.T) {
	hurry(t)
	server := enterDeployed(t, withIngress)
	server.Answer("/apis/apps/v1/deployments", deployment(1))
	tested := runWords(t, "smoke", "--stack=test", answering(t, "/health", always(http.StatusOK)))
	assert.Equal(t, 3, tested.code)
	assert.Regexp(t, `│ auth-service │ 2/2 +│ no`, tested.output)
	assert.Contains(t, tested.output, "ok   https://learn.example.com/health: 200 OK\n", "the routes are asked, too")
}

func TestSmokeOfAStackWithoutAnIngressSaysSo(t *testing.T) {
	enterDeployed(t, "")
	tested := runWords(t, "smoke", "--stack=test")
	require.NoError(t, tested.err)
	assert.Contains(t, tested.output, "The stack has no ingress: only its services were judged.\n")
}
