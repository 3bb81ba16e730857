package sandbox

import (
	"fmt"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/sandbox/controlplane"
)

// nodes returns simulated nodes that mirror a cluster's node pools at their minimum size, distributed over the zones.
func nodes(spec *cluster.Spec) []controlplane.Node {
	var all []controlplane.Node
	for _, pool := range spec.NodePools {
		for i := range pool.MinNodes {
			all = append(all, node(spec, pool, i))
		}
	}
	return all
}

func node(spec *cluster.Spec, pool cluster.NodePool, number int) controlplane.Node {
	simulated := controlplane.Node{
		Name:   fmt.Sprintf("%s-%s-%d", spec.Name, pool.Name, number+1),
		Zone:   spec.Zones[number%len(spec.Zones)],
		Region: spec.Region,
		CPU:    pool.CPU.String(),
		Memory: pool.Memory.String(),
		Disk:   fmt.Sprintf("%dGi", pool.Disk()),
		Labels: pool.Labels(),
	}
	if pool.Spot {
		spot := spec.Cloud.Spot()
		simulated.Labels[spot.Key] = spot.Value
		simulated.Taints = []controlplane.Taint{{Key: spot.Key, Value: spot.Value, Effect: "NoSchedule"}}
	}
	return simulated
}
