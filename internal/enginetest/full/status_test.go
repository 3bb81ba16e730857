package full

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/alerts"
	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/ingress"
	"github.com/dreamseed/platform/internal/smoke"
	"github.com/dreamseed/platform/internal/status"
)

// TestStatusIsReadThroughPulumi runs the command line as a user does, with the variables of `dreamseed sandbox env`.
func TestStatusIsReadThroughPulumi(t *testing.T) {
	local.AsTracked(t)

	var seen status.Status
	require.NoError(t, json.Unmarshal([]byte(dreamseed(t, "status", "--stack", "local", "--format", "json")), &seen))
	assert.Equal(t, "dreamseed-local", seen.Cluster.Name)
	assert.Regexp(t, `^v1\.35\.`, seen.Cluster.Version)
	assert.Equal(t, []status.Pool{{Name: "on-demand", Ready: 3, Nodes: 3}, {Name: "spot", Ready: 3, Nodes: 3}},
		seen.Cluster.Pools)
	assert.Len(t, seen.Services, 7)
	assert.True(t, seen.Runs(), seen.Problems)
	assert.Contains(t, seen.Alerts.Unknown, "prometheus-a", "simulated pods answer nobody, and that is no silence")

	assert.Contains(t, dreamseed(t, "smoke", "--stack", "local"), "only its services were judged")
}

// tellsWhatFires asserts that the alerts of a real Prometheus are read, while one fires.
func tellsWhatFires(t *testing.T, prometheus string) {
	t.Helper()
	var firing []alerts.Alert
	at := -1
	// The page may have come from the other replica, which evaluates its rules at another moment.
	eventually(t, func() string {
		var err error
		firing, err = alerts.Firing(t.Context(), http.DefaultClient, prometheus)
		require.NoError(t, err, "the heartbeat fires")
		at = slices.IndexFunc(firing, func(one alerts.Alert) bool { return one.Name == "ServiceAvailabilityBudgetBurn" })
		if at < 0 {
			return fmt.Sprintf("what fires is %v", firing)
		}
		return ""
	})
	assert.Equal(t, "page", firing[at].Severity)
	assert.Equal(t, "auth-service", firing[at].Service)
	assert.NotEmpty(t, firing[at].Summary)
	assert.False(t, firing[at].Since.IsZero())
}

// failsTheSmokeTest asserts that the real Traefik's own answers are told from those of services. Nobody answers for a
// simulated pod: the pod network gets each request, under the host that the user asked for, and knows no pod by it.
func failsTheSmokeTest(t *testing.T) {
	cfg, err := config.FromStackFile(watched.Project, watched.Stack.Name)
	require.NoError(t, err)
	spec := cfg.Ingress
	spec.Routes = append(slices.Clone(spec.Routes), ingress.Route{Path: "/api/nowhere"})
	test := smoke.New(spec, &url.URL{Scheme: "https", Host: programAddress(t, watched, "traefik-websecure")})
	require.Len(t, test.Routes, 9)
	eventually(t, func() string {
		test.Ask(t.Context())
		for _, route := range test.Routes[:8] {
			if route.Status != http.StatusBadGateway {
				return route.String()
			}
		}
		return ""
	})
	assert.Equal(t, http.StatusNotFound, test.Routes[8].Status, test.Routes[8])
	for _, route := range test.Routes {
		assert.False(t, route.Passes(), route)
	}
}
