package cost

import "github.com/dreamseed/platform/services/catalogue"

// Capacity compares the requests of the services with what the nodes offer to pods. Much more capacity than requests is
// waste, but for what the monitoring and the operators take.
type Capacity struct {
	// Minimum is at the fewest pods, on the fewest nodes.
	Minimum Use `json:"minimum"`
	// Peak is at the most pods while all services are released, on the most nodes.
	Peak Use `json:"peak"`
}

// Use is a share of capacity.
type Use struct {
	CPU    Share `json:"cpu"`
	Memory Share `json:"memory"`
}

// Share is an amount out of another one: processors, or bytes.
type Share struct {
	Requested float64 `json:"requested"`
	Offered   float64 `json:"offered"`
}

// Percent returns the share in percent. 0 if nothing is offered.
func (s Share) Percent() float64 {
	if s.Offered == 0 {
		return 0
	}
	return 100 * s.Requested / s.Offered
}

func capacity(of *stack) Capacity {
	var fewest, fewestOffered, mostOffered requests
	for _, service := range of.cfg.Services {
		fewest = fewest.plus(service.Resources.Requests, float64(service.Autoscaling.MinReplicas))
	}
	for _, one := range of.pools {
		cpu, memory := of.cfg.Cluster.Cloud.Offer(one.NodePool)
		offer := catalogue.Amounts{CPU: cpu, Memory: memory}
		fewestOffered = fewestOffered.plus(offer, one.nodes.Minimum)
		mostOffered = mostOffered.plus(offer, one.nodes.Maximum)
	}
	peak := requests{}.plus(catalogue.Peak(of.cfg.Services).Requests, 1)
	return Capacity{Minimum: use(fewest, fewestOffered), Peak: use(peak, mostOffered)}
}

func use(requested, offered requests) Use {
	return Use{
		CPU:    Share{Requested: requested.cpu, Offered: offered.cpu},
		Memory: Share{Requested: requested.memory, Offered: offered.memory},
	}
}
