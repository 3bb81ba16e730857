package status_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/client-go/rest"

	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/internal/status"
)

// nodes returns a list of nodes of the pool on-demand, of which so many are ready.
func nodes(ready, all int) string {
	var items []string
	condition := map[bool]string{true: "True", false: "False"}
	for i := range all {
		items = append(items, fmt.Sprintf(`{"metadata": {"labels": {"dreamseed.ai/pool": "on-demand"}},
			"status": {"conditions": [{"type": "Ready", "status": %q}]}}`, condition[i < ready]))
	}
	return `{"items": [` + strings.Join(items, ",") + `]}`
}

// look reads the status of the tracked staging stack from an API server with these nodes, and with nothing else.
func look(t *testing.T, nodes string, change func(*config.Config)) *status.Status {
	t.Helper()
	cfg, err := config.FromStackFile("../..", "staging")
	require.NoError(t, err)
	change(cfg)
	server := mocktest.NewAPIServer(t, http.StatusOK)
	server.Answer("/version", `{"gitVersion": "v1.35.4"}`)
	server.Answer("/api/v1/nodes", nodes)
	seen, err := status.Look(t.Context(), "staging", cfg, &rest.Config{
		Host: server.URL, TLSClientConfig: rest.TLSClientConfig{CAData: server.Cluster().CertificateAuthorityData},
	})
	require.NoError(t, err)
	return seen
}

func asIs(*config.Config) {}

func TestAPoolBelowItsMinimumIsAProblem(t *testing.T) {
	const problem = "pool on-demand has 2 ready nodes (of 3): its minimum is 3"
	seen := look(t, nodes(2, 3), asIs)
	assert.Contains(t, seen.Problems, problem)
	assert.False(t, seen.Runs())
	assert.Equal(t, []status.Pool{{Name: "on-demand", Ready: 2, Nodes: 3, Min: 3}, {Name: "spot"}}, seen.Cluster.Pools)

	for _, one := range look(t, nodes(3, 4), asIs).Problems {
		assert.NotContains(t, one, "pool", "the control: one more is just starting")
	}
}

func TestAServiceThatIsNotThereIsAProblem(t *testing.T) {
	seen := look(t, nodes(3, 3), asIs)
	assert.Contains(t, seen.Problems, "auth-service is not there")
	assert.Empty(t, seen.Services)
	assert.False(t, seen.Runs(), "nothing to look at is not everything in order")
}

func TestAlertsOfSomebodyElseAreUnknown(t *testing.T) {
	assert.Equal(t, "no pod of Prometheus is ready", look(t, nodes(3, 3), asIs).Alerts.Unknown)
	seen := look(t, nodes(3, 3), func(cfg *config.Config) {
		cfg.Monitoring.Prometheus, cfg.Monitoring.URL = "present", "http://prometheus.elsewhere:9090"
	})
	assert.Equal(t, "the Prometheus at http://prometheus.elsewhere:9090 is somebody else's", seen.Alerts.Unknown)
}
