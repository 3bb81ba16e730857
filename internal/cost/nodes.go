package cost

import (
	"math"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/services/catalogue"
)

// fill is the part of a node that requests of services are expected to take. The rest is for the monitoring, the
// operators, the agents on every node, and for what stays free because pods are spread over zones.
const fill = 0.7

// pool is a node pool with the number of its nodes.
type pool struct {
	cluster.NodePool
	nodes Figures
}

// pools returns the node pools of a stack. The fewest and the most nodes are the pool's bounds. What is expected are as
// many nodes, within the bounds, as hold the services' requests at the mean of their autoscalers' bounds, and those of
// the store of the logs on demand: each pool its
// equal part of those of its capacity type, with nodes that are filled to 70 %.
//
// The bounds of one pool do not change what is expected of another: more of anything never costs less.
func pools(cfg *config.Config) []pool {
	kinds := map[bool]float64{}
	for _, one := range cfg.Cluster.NodePools {
		kinds[one.Spot]++
	}
	need := expectedRequests(cfg.Services, kinds[true] > 0)
	need[false] = need[false].plus(cfg.Logs.Requests(), 1)
	var all []pool
	for _, one := range cfg.Cluster.NodePools {
		cpu, memory := cfg.Cluster.Cloud.Offer(one)
		kind := need[one.Spot]
		wanted := max(kind.cpu/cpu.AsApproximateFloat64(), kind.memory/memory.AsApproximateFloat64())
		nodes := math.Ceil(wanted / kinds[one.Spot] / fill)
		all = append(all, pool{NodePool: one, nodes: Figures{
			Minimum:  float64(one.MinNodes),
			Expected: min(max(nodes, float64(one.MinNodes)), float64(one.MaxNodes)),
			Maximum:  float64(one.MaxNodes),
		}})
	}
	return all
}

// requests are processors and bytes.
type requests struct{ cpu, memory float64 }

func (r requests) plus(of catalogue.Amounts, pods float64) requests {
	return requests{
		cpu:    r.cpu + of.CPU.AsApproximateFloat64()*pods,
		memory: r.memory + of.Memory.AsApproximateFloat64()*pods,
	}
}

// expectedRequests returns the expected requests of the services on demand (false) and on spot capacity (true). A
// service keeps its floor on demand; whatever else may run on spot nodes does, if there are any.
func expectedRequests(services []catalogue.Service, spot bool) map[bool]requests {
	need := map[bool]requests{}
	for _, service := range services {
		pods := float64(service.Autoscaling.MinReplicas+service.Autoscaling.MaxReplicas) / 2
		onDemand := pods
		if spot && service.Spot.Allowed {
			onDemand = float64(service.Spot.OnDemandFloor)
		}
		need[false] = need[false].plus(service.Resources.Requests, onDemand)
		need[true] = need[true].plus(service.Resources.Requests, pods-onDemand)
	}
	return need
}
