package full

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/enginetest/testbed"
	"github.com/dreamseed/platform/internal/operator"
)

// router is Traefik's router for one path of an Ingress.
type router struct {
	Rule        string   `json:"rule"`
	Service     string   `json:"service"`
	Middlewares []string `json:"middlewares"`
	Status      string   `json:"status"`
	Provider    string   `json:"provider"`
}

// isReachable asserts that the ingress controller accepted every route, with its limit, and wrote the address of its
// published Service into the status for which the engine waits. No request goes to a service: simulated pods do not
// answer.
func (p *production) isReachable(t *testing.T) {
	published := p.publishedAddresses(t)
	ingresses := p.List(t, "ingresses", "--namespace", p.Namespace())
	require.NotEmpty(t, ingresses)
	for _, ingress := range ingresses {
		assert.Equal(t, published, addresses(ingress), ingress.Metadata.Name)
	}
	limited := map[string]bool{
		"/api/ai-tutor": true, "/api/analytics": true, "/api/assessments": true, "/api/auth": true, "/api/content": true,
		"/api/payments": true, "/api/users": true, "/health": false,
	}
	var routers map[string]router
	require.EventuallyWithT(t, func(t *assert.CollectT) {
		routers = p.routers(t)
		assert.Len(t, routers, len(limited))
	}, 30*time.Second, 200*time.Millisecond, "Traefik looks every few seconds")
	for path, limit := range limited {
		one, found := routers[path]
		assert.True(t, found, path)
		assert.Equal(t, "enabled", one.Status, path)
		assert.Contains(t, one.Rule, "learn.dreamseed.ai", path)
		assert.Equal(t, path != "/health", strings.Contains(one.Rule, `PathPrefix("`+path+`/")`), "%s goes by element", path)
		assert.NotContains(t, one.Rule, `PathPrefix("`+path+`")`, path)
		assert.Equal(t, limit, slices.Contains(one.Middlewares, p.Namespace()+"-routes-100-200@kubernetescrd"), path)
	}
}

// publishedAddresses returns the addresses of the one Service in the controller's namespace.
func (p *production) publishedAddresses(t *testing.T) []any {
	t.Helper()
	services := p.List(t, "services", "--namespace", string(operator.Traefik))
	require.Len(t, services, 1)
	require.NotEmpty(t, addresses(services[0]))
	return addresses(services[0])
}

// addresses returns the addresses in the status of a Service or an Ingress.
func addresses(o testbed.Object) []any {
	balancer, _ := o.Status["loadBalancer"].(map[string]any)
	addresses, _ := balancer["ingress"].([]any)
	return addresses
}

// redirectsPlainHTTP asserts that a route has no answer in clear text, and that the path of the ACME challenge is not
// redirected.
func (p *production) redirectsPlainHTTP(t *testing.T) {
	for _, path := range []string{"/", "/health", "/api/auth"} {
		status, location := p.plainly(t, path)
		assert.Equal(t, http.StatusMovedPermanently, status, path)
		assert.Regexp(t, `^https://learn\.dreamseed\.ai(:\d+)?`+path+`$`, location)
	}
	status, _ := p.plainly(t, "/.well-known/acme-challenge/token")
	assert.Equal(t, http.StatusNotFound, status, "there is no solver now: the redirect left the path alone")
}

// plainly returns Traefik's own answer to a request without TLS: its status and location.
func (p *production) plainly(t *testing.T, path string) (status int, location string) {
	t.Helper()
	request, err := http.NewRequestWithContext(t.Context(), http.MethodGet, p.traefik(t, "traefik-web")+path, nil)
	require.NoError(t, err)
	request.Host = "learn.dreamseed.ai"
	answer, err := http.DefaultTransport.RoundTrip(request) // follows no redirect
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	return answer.StatusCode, answer.Header.Get("Location")
}

// traefik returns the URL of one of Traefik's ports.
func (p *production) traefik(t require.TestingT, port string) string {
	return "http://" + programAddress(t, p.Testbed, port)
}

// programAddress returns the address on which a program beside the control plane has one of its ports.
func programAddress(t require.TestingT, on *testbed.Testbed, port string) string {
	remembered, err := os.ReadFile(on.Stack.ControlPlane())
	require.NoError(t, err)
	var state struct{ Ports map[string]int }
	require.NoError(t, json.Unmarshal(remembered, &state))
	require.NotZero(t, state.Ports[port])
	return fmt.Sprintf("127.0.0.1:%d", state.Ports[port])
}

// routers returns Traefik's routers for our Ingresses, by path.
func (p *production) routers(t require.TestingT) map[string]router {
	answer, err := http.Get(p.traefik(t, "traefik") + "/api/http/routers")
	require.NoError(t, err)
	defer answer.Body.Close() //nolint:errcheck // it was only read
	var all []router
	require.NoError(t, json.NewDecoder(answer.Body).Decode(&all))
	found := map[string]router{}
	for _, one := range all {
		if one.Provider == "kubernetes" {
			found[pathOf(one.Rule)] = one
		}
	}
	return found
}

// pathOf returns the path in a rule such as Host("a") && PathPrefix("/b").
func pathOf(rule string) string {
	_, rest, _ := strings.Cut(rule, "Path")
	_, rest, _ = strings.Cut(rest, `("`)
	path, _, _ := strings.Cut(rest, `"`)
	return path
}
