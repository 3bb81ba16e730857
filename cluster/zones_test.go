package cluster_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"

	"github.com/dreamseed/platform/cluster"
)

func TestAPoolIsDividedOverItsZones(t *testing.T) {
	cases := map[string]struct {
		reason         string
		minimum, maxim int
		zones          int
		want           []cluster.Share
	}{
		"evenly": {
			reason:  "every zone surely has a node",
			minimum: 3, maxim: 9, zones: 3, want: []cluster.Share{{0, 1, 3}, {1, 1, 3}, {2, 1, 3}},
		},
		"with a remainder": {
			reason:  "the bounds are the pool's over all zones, neither more nor less",
			minimum: 4, maxim: 11, zones: 3, want: []cluster.Share{{0, 2, 4}, {1, 1, 4}, {2, 1, 3}},
		},
		"fewer nodes than zones": {
			reason:  "no zone is promised a node that the pool does not have",
			minimum: 1, maxim: 2, zones: 3, want: []cluster.Share{{0, 1, 1}, {1, 0, 1}, {2, 0, 0}},
		},
		"one zone": {
			reason:  "it has everything",
			minimum: 2, maxim: 5, zones: 1, want: []cluster.Share{{0, 2, 5}},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			pool := cluster.NodePool{MinNodes: c.minimum, MaxNodes: c.maxim}
			assert.Equal(t, c.want, pool.Shares(c.zones), c.reason)
		})
	}
}

func TestSharesAreFairAndTogetherThePool(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pool := cluster.NodePool{MaxNodes: rapid.IntRange(0, 1000).Draw(t, "maxNodes")}
		pool.MinNodes = rapid.IntRange(0, pool.MaxNodes).Draw(t, "minNodes")
		zones := rapid.IntRange(1, 4).Draw(t, "zones")

		shares := pool.Shares(zones)

		assert.Len(t, shares, zones)
		together := cluster.Share{}
		for place, one := range shares {
			assert.Equal(t, place, one.Zone)
			assert.LessOrEqual(t, one.MinNodes, one.MaxNodes, "zone %d", place)
			assert.LessOrEqual(t, shares[0].MinNodes-one.MinNodes, 1, "zone %d is as fair as the first", place)
			assert.LessOrEqual(t, shares[0].MaxNodes-one.MaxNodes, 1, "zone %d is as fair as the first", place)
			assert.GreaterOrEqual(t, shares[0].MinNodes, one.MinNodes, "the first zone has the larger share")
			assert.GreaterOrEqual(t, shares[0].MaxNodes, one.MaxNodes, "the first zone has the larger share")
			together.MinNodes += one.MinNodes
			together.MaxNodes += one.MaxNodes
		}
		assert.Equal(t, cluster.Share{MinNodes: pool.MinNodes, MaxNodes: pool.MaxNodes}, together)
	})
}
