package cost_test

import (
	"testing"
	"testing/fstest"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/cost"
)

func TestEveryPriceHasItsSourceAndDate(t *testing.T) {
	clouds := map[cluster.Cloud]bool{}
	all := prices(t).All()
	require.NotEmpty(t, all)
	for _, price := range all {
		clouds[price.Cloud] = true
		assert.Contains(t, price.Source, "https://", price.What)
		assert.Greater(t, price.Date.Year(), 2020, price.What)
		assert.False(t, price.Date.After(today), "%s: a price of tomorrow", price.What)
	}
	for _, cloud := range []cluster.Cloud{cluster.GKE, cluster.EKS, cluster.AKS} {
		assert.True(t, clouds[cloud], cloud)
	}
}

// family identifies machines that differ in size alone.
type family struct {
	cloud        cluster.Cloud
	region, name string
	spot         bool
}

// A table that mixes prices with and without Windows breaks this.
func TestAProcessorOfAFamilyCostsTheSame(t *testing.T) {
	perCPU := map[family][]float64{}
	for _, price := range prices(t).All() {
		if price.Family != "" {
			of := family{price.Cloud, price.Region, price.Family, price.Spot}
			perCPU[of] = append(perCPU[of], price.USD/float64(price.CPU))
		}
	}
	compared := 0
	for of, found := range perCPU {
		for _, other := range found[1:] {
			compared++
			assert.InEpsilon(t, found[0], other, 0.02, "%v", of)
		}
	}
	assert.NotZero(t, compared)
}

func TestEveryMachineHasAFamily(t *testing.T) {
	machines := 0
	for _, price := range prices(t).All() {
		if len(price.What) > len("machine ") && price.What[:len("machine ")] == "machine " {
			machines++
			assert.NotEmpty(t, price.Family, price.What)
		}
	}
	assert.NotZero(t, machines)
}

func TestSpotCapacityIsCheaperThanOnDemand(t *testing.T) {
	type place struct {
		cloud        cluster.Cloud
		region, what string
	}
	onDemand := map[place]float64{}
	all := prices(t).All()
	for _, price := range all {
		if !price.Spot {
			onDemand[place{price.Cloud, price.Region, price.What}] = price.USD
		}
	}
	compared := 0
	for _, price := range all {
		if price.Spot {
			compared++
			assert.Less(t, price.USD, onDemand[place{price.Cloud, price.Region, price.What}], price.What)
		}
	}
	assert.NotZero(t, compared)
}

// today is a day after every price was found.
var today = time.Date(2026, time.November, 27, 0, 0, 0, 0, time.UTC)

func TestAPriceIsOldAfter180Days(t *testing.T) {
	price := cost.Price{Date: time.Date(2026, time.January, 1, 0, 0, 0, 0, time.UTC)}
	assert.False(t, price.Stale(time.Date(2026, time.June, 30, 0, 0, 0, 0, time.UTC)), "day 180")
	assert.True(t, price.Stale(time.Date(2026, time.July, 1, 0, 0, 0, 0, time.UTC)), "day 181")
}

func TestOldPricesAreNamed(t *testing.T) {
	of := cost.Of(production(t, "gke"), prices(t))
	const machine = "machine n2-standard-8 in europe-west4 (2026-08-03)"
	assert.NotContains(t, of.Text(today), machine)
	assert.Contains(t, of.Text(today), "disk pd-balanced in europe-west4 (2025-03-06)")
	later := today.AddDate(1, 0, 0)
	for _, said := range []string{of.Text(later), of.Markdown(later)} {
		assert.Contains(t, said, "Older than 180 days are the prices of ")
		assert.Contains(t, said, machine)
	}
	assert.NotContains(t, of.Text(today.AddDate(-2, 0, 0)), "Older than")
}

func TestAWrongTableIsRefusedWithEveryMistake(t *testing.T) {
	const sources = "sources:\n  page: {from: https://example.com, date: 2026-01-01}\nprices:\n"
	cases := map[string]struct {
		reason, file, content string
		says                  []string
	}{
		"unknown cloud": {"its prices would never be read", "oracle.yaml", sources, []string{"oracle is not a cloud"}},
		"unknown key": {
			"it would be without effect", "gke.yaml", sources + "  - {regoin: x}\n", []string{"regoin"},
		},
		"no source": {
			"nobody could look the price up", "gke.yaml",
			sources + "  - {region: x, what: disk, unit: month, usd: 1, source: memory}\n", []string{"disk", "memory"},
		},
		"everything wrong": {
			"all is told at once", "gke.yaml",
			sources + "  - {spot: true}\n  - {what: disk, unit: week, usd: -1, above: -1, family: x}\n",
			[]string{"no region", "what it is of", "week", "must be 0 or more", "below the first unit", "cpu", "price 2 (disk)"},
		},
		"no price": {
			"it would be for nothing", "gke.yaml",
			sources + "  - {region: x, what: disk, unit: month, source: page}\n", []string{"usd must be 0 or more"},
		},
		"twice": {
			"either could be right", "gke.yaml",
			sources + "  - {region: x, what: disk, unit: month, usd: 1, source: page}\n" +
				"  - {region: x, what: disk, unit: month, usd: 2, source: page}\n", []string{"price 2 (disk): it is there twice"},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := cost.Load(fstest.MapFS{c.file: {Data: []byte(c.content)}})
			for _, says := range c.says {
				require.ErrorContains(t, err, says, c.reason)
			}
		})
	}
}
