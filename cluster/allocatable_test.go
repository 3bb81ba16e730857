package cluster_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/cluster"
)

// kept computes, for each cloud, the MiB of memory that a node of the given size reserves, eviction threshold included,
// for 110 pods at most.
var kept = map[cluster.Cloud]func(mebibytes float64) float64{
	cluster.GKE: func(m float64) float64 {
		sum, before := 100.0, 0.0
		for _, tier := range []struct{ upTo, share float64 }{
			{4 << 10, 0.25}, {8 << 10, 0.20}, {16 << 10, 0.10}, {128 << 10, 0.06}, {1 << 40, 0.02},
		} {
			sum += max(0, min(m, tier.upTo)-before) * tier.share
			before = tier.upTo
		}
		return sum
	},
	cluster.EKS: func(float64) float64 { return 11*cluster.MaxPodsPerNode + 255 + 100 },
	cluster.AKS: func(m float64) float64 { return min((20*cluster.MaxPodsPerNode+50)*1e6/(1<<20), m/4) + 100 },
}

// A pod may only be refused if it really does not fit.
func TestANodeOffersAtLeastWhatItHas(t *testing.T) {
	for cloud, keeps := range kept {
		for _, size := range []int64{2 << 10, 4 << 10, 5 << 10, 8 << 10, 16 << 10, 32 << 10, 64 << 10, 512 << 10} {
			pool := cluster.NodePool{CPU: resource.MustParse("4"), Memory: *resource.NewQuantity(size<<20, resource.BinarySI)}
			cpu, memory := cloud.Offer(pool)
			assert.GreaterOrEqual(t, float64(memory.Value()>>20)+1, float64(size)-keeps(float64(size)), "%s %d MiB", cloud, size)
			assert.Less(t, memory.Value()>>20, size-100, "%s %d MiB: it keeps something", cloud, size)
			assert.Equal(t, "3840m", cpu.String())
		}
	}
}

func TestAnExistingClustersFiguresAreWhatItOffers(t *testing.T) {
	pool := cluster.NodePool{CPU: resource.MustParse("4"), Memory: resource.MustParse("16Gi")}
	cpu, memory := cluster.Existing.Offer(pool)
	assert.Equal(t, []string{"4", "16Gi"}, []string{cpu.String(), memory.String()})
}
