package config_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/invalid"
)

// grafanaAt makes Grafana reachable under a host, for the users of a secret.
func grafanaAt(host string) map[string]any { return map[string]any{"host": host, "users": "USERS"} }

func TestGrafanaBehindTheIngressOfTheEnvironment(t *testing.T) {
	cfg := load(t, "production", changes{
		"cluster.dns.aliases":      []any{"grafana.learn.dreamseed.ai"},
		"monitoring.grafana":       grafanaAt("grafana.learn.dreamseed.ai"),
		"monitoring.secrets.USERS": map[string]any{},
	})
	assert.Equal(t, []string{"dreamseed-production", "dreamseed-monitoring"}, cfg.IngressNamespaces())
}

func TestGrafanaNeedsAnIngress(t *testing.T) {
	_, err := config.Load(given(t, "local", changes{
		"monitoring": map[string]any{
			"grafana": grafanaAt("grafana.dreamseed.localhost"), "secrets": map[string]any{"USERS": map[string]any{}},
		},
	}), nil)
	var found invalid.Problems
	require.ErrorAs(t, err, &found)
	assert.Equal(t, []string{"monitoring.grafana.host"}, keys(found))
}
