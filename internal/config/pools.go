package config

import (
	"slices"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/invalid"
	"github.com/dreamseed/platform/services/catalogue"
)

// pools returns the cluster's node pools with the capacity that their nodes have for pods. It leaves out pools of an
// invalid size, which have a rule of their own.
func pools(spec *cluster.Spec) []catalogue.Pool {
	var all []catalogue.Pool
	for _, pool := range spec.NodePools {
		if pool.CPU.Sign() <= 0 || pool.Memory.Sign() <= 0 {
			continue
		}
		cpu, memory := spec.Cloud.Offer(pool)
		all = append(all, catalogue.Pool{
			Name: pool.Name, Spot: pool.Spot, Least: pool.MinNodes, Most: pool.MaxNodes,
			Offers: catalogue.Amounts{CPU: cpu, Memory: memory},
		})
	}
	return all
}

// validateRoom refuses services that do not all fit even at their fewest pods. The result is meaningful only if every
// figure is valid by itself.
func (c *Config) validateRoom(problems *invalid.Problems) {
	var fixed, all catalogue.Amounts
	for _, service := range c.Services {
		onDemand := service.Autoscaling.MinReplicas
		if service.Spot.Allowed {
			onDemand = service.Spot.OnDemandFloor
		}
		fixed.Add(service.Resources.Requests, onDemand)
		all.Add(service.Resources.Requests, service.Autoscaling.MinReplicas)
	}
	everything := pools(&c.Cluster)
	onDemand := slices.DeleteFunc(slices.Clone(everything), func(pool catalogue.Pool) bool { return pool.Spot })
	if !holds(onDemand, fixed, "on demand, what the services keep there at autoscaling.minReplicas", problems) {
		return
	}
	holds(everything, all, "what the services ask for at autoscaling.minReplicas", problems)
}

func holds(pools []catalogue.Pool, need catalogue.Amounts, what string, problems *invalid.Problems) bool {
	var have catalogue.Amounts
	for _, pool := range pools {
		have.Add(pool.Offers, pool.Most)
	}
	if need.CPU.Cmp(have.CPU) <= 0 && need.Memory.Cmp(have.Memory) <= 0 {
		return true
	}
	problems.Add("cluster.nodePools", have.String()+" at maxNodes", "must hold %s: %s", what, need)
	return false
}
