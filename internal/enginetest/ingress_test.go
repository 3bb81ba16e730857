package enginetest

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
)

// router is what Traefik made of one path of an Ingress.
type router struct {
	Rule        string   `json:"rule"`
	Service     string   `json:"service"`
	Middlewares []string `json:"middlewares"`
	Status      string   `json:"status"`
	Provider    string   `json:"provider"`
}

// isReachable says that the ingress controller took every route over, with its limit, and said so in the status that
// the engine waits for. No request is sent: simulated pods do not answer.
func (p *production) isReachable(t *testing.T) {
	for _, ingress := range p.list(t, "ingresses", "--namespace", p.namespace()) {
		balancer, _ := ingress.Status["loadBalancer"].(map[string]any)
		assert.Equal(t, []any{map[string]any{"hostname": "localhost"}}, balancer["ingress"], ingress.Metadata.Name)
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
		assert.Equal(t, limit, slices.Contains(one.Middlewares, p.namespace()+"-routes-100-200@kubernetescrd"), path)
	}
}

// routers are those that Traefik serves our Ingresses by, by path.
func (p *production) routers(t require.TestingT) map[string]router {
	remembered, err := os.ReadFile(p.stack.ControlPlane())
	require.NoError(t, err)
	var state struct{ Ports map[string]int }
	require.NoError(t, json.Unmarshal(remembered, &state))
	answer, err := http.Get(fmt.Sprintf("http://127.0.0.1:%d/api/http/routers", state.Ports["traefik"]))
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

// pathOf is the path in a rule such as Host(`a`) && PathPrefix(`/b`).
func pathOf(rule string) string {
	_, rest, _ := strings.Cut(rule, "Path")
	_, rest, _ = strings.Cut(rest, "(`")
	path, _, _ := strings.Cut(rest, "`")
	return path
}
