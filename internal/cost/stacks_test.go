package cost_test

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/cost"
	"github.com/dreamseed/platform/internal/mocktest"
)

// production returns the tracked stack on a cloud.
func production(t *testing.T, cloud string) *config.Config {
	t.Helper()
	return load(t, productionValues(t, cloud))
}

func productionValues(t *testing.T, cloud string) map[string]string {
	t.Helper()
	if cloud == "gke" {
		return mocktest.StackConfig(t, "production")
	}
	return mocktest.StackConfigOn(t, "production", cloud)
}

func load(t require.TestingT, values map[string]string) *config.Config {
	cfg, err := config.Load(values, nil)
	require.NoError(t, err)
	return cfg
}

// bounded returns a stack on GKE with a fixed number of nodes.
func bounded(t *testing.T, onDemand, spot int) *config.Config {
	t.Helper()
	values := productionValues(t, "gke")
	change(t, values, "cluster", func(cluster map[string]any) {
		for i, nodes := range []int{onDemand, spot} {
			pool := cluster["nodePools"].([]any)[i].(map[string]any)
			pool["minNodes"], pool["maxNodes"] = nodes, nodes
		}
	})
	return load(t, values)
}

// change changes an object of the configuration.
func change(t require.TestingT, values map[string]string, key string, to func(map[string]any)) {
	object := map[string]any{}
	if given, found := values["dreamseed:"+key]; found {
		require.NoError(t, json.Unmarshal([]byte(given), &object))
	}
	to(object)
	encoded, err := json.Marshal(object)
	require.NoError(t, err)
	values["dreamseed:"+key] = string(encoded)
}

// prices returns the price table of the repository.
func prices(t *testing.T) *cost.Table {
	t.Helper()
	table, err := cost.Prices()
	require.NoError(t, err)
	return table
}

// fixtures returns the prices from which the fixtures were worked out.
func fixtures(t *testing.T) *cost.Table {
	t.Helper()
	table, err := cost.Load(os.DirFS("testdata/fixtures"))
	require.NoError(t, err)
	return table
}
