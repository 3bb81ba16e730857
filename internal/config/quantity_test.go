package config_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// quantities returns the keys of a configuration that hold a quantity.
func quantities(kind string) []string {
	return []string{
		"services.auth.resources.requests." + kind, "services.auth.resources.limits." + kind,
		"services.auth.migration.resources.requests." + kind, "services.auth.migration.resources.limits." + kind,
		"quotas.services.requests." + kind, "quotas.services.limits." + kind,
		"quotas.monitoring.requests." + kind, "quotas.monitoring.limits." + kind,
	}
}

func TestAQuantityIsOfAUnitThatMakesSense(t *testing.T) {
	cases := map[string]struct {
		reason string
		kind   string
		wrong  []any
	}{
		"memory in thousandths": {
			reason: "512m is half a byte: the container is killed at once",
			kind:   "memory", wrong: []any{"512m", "512000000m", "512u", "512n"},
		},
		"memory without its unit": {
			reason: "512 are bytes",
			kind:   "memory", wrong: []any{512, "512", "4000"},
		},
		"memory below all that runs": {
			reason: "a unit was mistaken for a larger one",
			kind:   "memory", wrong: []any{"512k", "1023Ki"},
		},
		"memory in parts of a byte": {
			reason: "1.1Gi are 1181116006.4 bytes",
			kind:   "memory", wrong: []any{"1.1Gi", "0.3Mi"},
		},
		"CPU in units of memory": {
			reason: "250M are as many cores as no machine has",
			kind:   "cpu", wrong: []any{"250M", "1k", "1Ki", "2Gi"},
		},
		"CPU in less than thousandths": {
			reason: "Kubernetes rounds up what it cannot divide",
			kind:   "cpu", wrong: []any{"0.0001", "250u", "250n", "0.5m"},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			for _, key := range quantities(c.kind) {
				for _, wrong := range c.wrong {
					assert.Equal(t, []string{key}, keys(problems(t, changes{key: wrong})), "%v: %s", wrong, c.reason)
				}
			}
			for _, wrong := range c.wrong {
				found := problems(t, changes{"cluster.nodePools.0." + c.kind: wrong})
				assert.Equal(t, []string{"cluster.nodePools[0]." + c.kind}, keys(found), "%v: %s", wrong, c.reason)
			}
		})
	}
}

func TestAQuantityBeyondAnyMachine(t *testing.T) {
	for key, wrong := range map[string]any{
		"services.auth.resources.limits.cpu":    2049,
		"services.auth.resources.limits.memory": "65Ti",
	} {
		found := problems(t, changes{key: wrong})
		require.Equal(t, []string{key}, keys(found))
		assert.Contains(t, found[0].Rule, "no machine has more")
	}
	load(t, "production", changes{"quotas.monitoring.limits.cpu": 5000, "quotas.monitoring.limits.memory": "100Ti"})
}

func TestAQuantityMayBeWrittenInEveryWayThatMakesSense(t *testing.T) {
	for key, right := range map[string][]any{
		"services.auth.resources.requests.cpu":    {1, 0.25, "250m", "0.5", "1.5", "500m"},
		"services.auth.resources.requests.memory": {"512Mi", "0.5Gi", "512M", "524288k", "536870912", 536870912},
	} {
		for _, value := range right {
			load(t, "production", changes{
				key: value, "services.auth.resources.limits.cpu": "2", "services.auth.resources.limits.memory": "2Gi",
			})
		}
	}
}
