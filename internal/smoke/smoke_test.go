package smoke_test

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/ingress"
	"github.com/dreamseed/platform/internal/smoke"
)

// served is an ingress whose requests a server on this machine answers.
func served(t *testing.T, issuer ingress.Issuer, answer http.HandlerFunc) *smoke.Test {
	t.Helper()
	server := httptest.NewTLSServer(answer)
	t.Cleanup(server.Close)
	instead, err := url.Parse(server.URL)
	require.NoError(t, err)
	return smoke.New(ingress.Spec{Host: "learn.example.com", Issuer: issuer, Routes: []ingress.Route{
		{Path: "/api/auth", Service: "auth"}, {Path: "/api/users", Service: "user"},
	}}, instead)
}

func TestEveryRouteIsAskedByTheNameOfTheHost(t *testing.T) {
	asked := map[string]int{}
	test := served(t, ingress.SelfSigned, func(_ http.ResponseWriter, r *http.Request) {
		assert.Equal(t, "learn.example.com", r.Host)
		assert.Equal(t, "learn.example.com", r.TLS.ServerName)
		asked[r.URL.Path]++
	})

	assert.True(t, test.Ask(t.Context()))

	assert.Equal(t, map[string]int{"/health": 1, "/api/auth": 1, "/api/users": 1}, asked)
	require.Len(t, test.Routes, 3)
	assert.Equal(t, "https://learn.example.com/api/auth: 200 OK", test.Routes[1].String())
	assert.True(t, test.Ask(t.Context()))
	assert.Len(t, asked, 3)
	assert.Equal(t, 1, asked["/api/auth"], "what has passed is not asked again")
}

func TestARoutePassesWithTheAnswerOfAService(t *testing.T) {
	cases := map[string]struct {
		reason string
		status int
		want   bool
	}{
		"fine":           {"it answers", http.StatusOK, true},
		"no login":       {"a service says so", http.StatusUnauthorized, true},
		"no such method": {"a service says so", http.StatusMethodNotAllowed, true},
		"elsewhere":      {"a service says so", http.StatusFound, true},
		"no route":       {"the controller says so", http.StatusNotFound, false},
		"failing":        {"the new release fails", http.StatusInternalServerError, false},
		"no service":     {"the controller reaches nobody", http.StatusBadGateway, false},
		"no pod":         {"the controller has nobody to reach", http.StatusServiceUnavailable, false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			test := served(t, ingress.SelfSigned, func(w http.ResponseWriter, r *http.Request) {
				if r.URL.Path != "/api/users" {
					return
				}
				w.Header().Set("Location", "https://login.example.com")
				w.WriteHeader(c.status)
			})
			assert.Equal(t, c.want, test.Ask(t.Context()), c.reason)
			assert.True(t, test.Routes[1].Passes(), "the control: another route")
			assert.Equal(t, c.want, test.Routes[2].Passes())
			assert.Equal(t, c.status, test.Routes[2].Status)
		})
	}
}

func TestARouteThatFailedIsAskedAgain(t *testing.T) {
	asked := 0
	test := served(t, ingress.SelfSigned, func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/api/auth" {
			if asked++; asked == 1 {
				w.WriteHeader(http.StatusServiceUnavailable)
			}
		}
	})
	assert.False(t, test.Ask(t.Context()))
	assert.True(t, test.Ask(t.Context()))
	assert.Equal(t, 2, asked)
}

func TestACertificateIsCheckedWhereItsIssuerIsTrusted(t *testing.T) {
	fine := func(http.ResponseWriter, *http.Request) {}
	checked := served(t, ingress.LetsEncrypt, fine)
	assert.True(t, checked.Trusted)
	assert.False(t, checked.Ask(t.Context()))
	assert.Contains(t, checked.Routes[0].String(), "certificate")

	for _, issuer := range []ingress.Issuer{ingress.SelfSigned, ingress.LetsEncryptStaging} {
		unchecked := served(t, issuer, fine)
		assert.False(t, unchecked.Trusted)
		assert.True(t, unchecked.Ask(t.Context()), issuer)
	}
}
