package cost_test

import (
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/cost"
)

// measure is a count or a size of a stack, with the range in which every combination is valid.
type measure struct{ least, most int }

var measures = map[string]measure{
	"on-demand nodes":                 {3, 12},
	"further on-demand nodes at most": {0, 12},
	"spot nodes":                      {0, 12},
	"further spot nodes at most":      {0, 12},
	"GiB of boot disks":               {30, 600},
	"zones":                           {2, 3},
	"pods":                            {5, 8},
	"further pods at most":            {1, 40},
	"milli-CPU of a pod":              {50, 250},
	"MiB of a pod":                    {64, 768},
	"GiB of Prometheus":               {200, 900},
	"Prometheus":                      {1, 2},
	"GiB to the internet":             {0, 200_000},
}

// stackOf returns production on a cloud with these counts and sizes.
func stackOf(t require.TestingT, production map[string]string, sized map[string]int) *config.Config {
	values := maps.Clone(production)
	change(t, values, "cluster", func(cluster map[string]any) {
		cluster["zones"] = cluster["zones"].([]any)[:sized["zones"]]
		for i, kind := range []string{"on-demand", "spot"} {
			pool := cluster["nodePools"].([]any)[i].(map[string]any)
			pool["minNodes"] = sized[kind+" nodes"]
			pool["maxNodes"] = sized[kind+" nodes"] + sized["further "+kind+" nodes at most"]
			pool["diskGB"] = sized["GiB of boot disks"]
		}
	})
	change(t, values, "services", func(services map[string]any) {
		for _, one := range services {
			service := one.(map[string]any)
			service["autoscaling"] = map[string]any{
				"minReplicas": sized["pods"], "maxReplicas": sized["pods"] + sized["further pods at most"],
			}
			service["resources"] = map[string]any{
				"requests": map[string]any{
					"cpu": fmt.Sprintf("%dm", sized["milli-CPU of a pod"]), "memory": fmt.Sprintf("%dMi", sized["MiB of a pod"]),
				},
				"limits": map[string]any{"cpu": "2", "memory": "4Gi"},
			}
		}
	})
	change(t, values, "monitoring", func(monitoring map[string]any) {
		monitoring["storage"] = fmt.Sprintf("%dGi", sized["GiB of Prometheus"])
		monitoring["replicas"] = sized["Prometheus"]
	})
	change(t, values, "cost", func(cost map[string]any) { cost["egressGB"] = sized["GiB to the internet"] })
	return load(t, values)
}

// withMissing returns prices of what the table lacks for some stacks, drawn at random. All disks have the same price.
func withMissing(t *rapid.T, table *cost.Table, cloud string, stacks ...*config.Config) *cost.Table {
	content := "sources: {drawn: {from: here, date: 2026-01-01}}\nprices:\n"
	seen := map[string]bool{}
	for _, cfg := range stacks {
		for _, missing := range cost.Of(cfg, table).Missing {
			what, spot := strings.CutSuffix(strings.TrimSuffix(missing, " in "+cfg.Cluster.Region), " on spot capacity")
			usd := 0.1
			if !strings.HasPrefix(what, "disk ") {
				usd = rapid.Float64Range(0.001, 5).Draw(t, missing)
			}
			if !seen[missing] {
				content += fmt.Sprintf("  - {region: '*', what: %q, spot: %t, unit: hour, usd: %g, source: drawn}\n",
					what, spot, usd)
			}
			seen[missing] = true
		}
	}
	complete, err := cost.Load(fstest.MapFS{cloud + ".yaml": {Data: []byte(content)}})
	require.NoError(t, err)
	return complete
}

// More of anything never costs less, with the prices of the repository and with any others.
func TestTheCostIsMonotonicInEveryCountAndSize(t *testing.T) {
	tracked := prices(t)
	nothing, err := cost.Load(fstest.MapFS{})
	require.NoError(t, err)
	production := map[string]map[string]string{}
	for _, cloud := range []string{"gke", "eks", "aks"} {
		production[cloud] = productionValues(t, cloud)
	}
	for name, measure := range measures {
		t.Run(name, func(t *testing.T) {
			rapid.Check(t, func(rt *rapid.T) {
				cloud := rapid.SampledFrom(slices.Sorted(maps.Keys(production))).Draw(rt, "cloud")
				fewer := map[string]int{}
				for _, other := range slices.Sorted(maps.Keys(measures)) {
					fewer[other] = rapid.IntRange(measures[other].least, measures[other].most).Draw(rt, other)
				}
				fewer[name] = min(fewer[name], measure.most-1)
				more := maps.Clone(fewer)
				more[name] = rapid.IntRange(fewer[name]+1, measure.most).Draw(rt, "more "+name)

				small, large := stackOf(rt, production[cloud], fewer), stackOf(rt, production[cloud], more)

				drawn := withMissing(rt, nothing, cloud, small, large)
				require.False(rt, cost.Of(large, drawn).LowerBound())
				for _, table := range []*cost.Table{tracked, drawn} {
					assertNeverLess(rt, cost.Of(small, table).Total, cost.Of(large, table).Total)
				}
			})
		})
	}
}

func assertNeverLess(t *rapid.T, small, large cost.Figures) {
	const rounding = 1e-6
	assert.LessOrEqual(t, small.Minimum, large.Minimum+rounding)
	assert.LessOrEqual(t, small.Expected, large.Expected+rounding)
	assert.LessOrEqual(t, small.Maximum, large.Maximum+rounding)
	for _, of := range []cost.Figures{small, large} {
		assert.LessOrEqual(t, of.Minimum, of.Expected+rounding)
		assert.LessOrEqual(t, of.Expected, of.Maximum+rounding)
	}
}
