package cost

import (
	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/ingress"
)

// charge is a line of the bill: how many of what.
type charge struct {
	part Part
	what string
	// or are further things that the cloud may choose in its place. The dearest counts.
	or    []string
	spot  bool
	count Figures
}

// stack is what bills are computed from.
type stack struct {
	cfg   *config.Config
	pools []pool
}

// bills return what each cloud charges for a stack. The configuration does not say what an existing cluster costs.
var bills = map[cluster.Cloud]func(*stack) []charge{
	cluster.GKE: (*stack).onGKE,
	cluster.EKS: (*stack).onEKS,
	cluster.AKS: (*stack).onAKS,
}

// What is the same thing in every cloud.
const (
	clusterManagement = "cluster management"
	loadBalancer      = "load balancer"
	publicAddress     = "public address"
	internetTraffic   = "traffic to the internet"
)

// common returns what every cloud charges for.
func (s *stack) common() []charge {
	return []charge{
		{part: ControlPlane, what: clusterManagement, count: always(1)},
		{part: LoadBalancers, what: loadBalancer, count: always(s.loadBalancers())},
		{part: Egress, what: internetTraffic, count: always(float64(s.cfg.Cost.EgressGB))},
	}
}

// loadBalancers returns the number of load balancers that the stack's own ingress controllers ask for.
func (s *stack) loadBalancers() float64 {
	if s.cfg.Ingress.Enabled() && s.cfg.Ingress.ClassName == ingress.Traefik && s.cfg.Operators == config.Helm {
		return 1
	}
	return 0
}

func (s *stack) zones() float64 { return float64(len(s.cfg.Cluster.Zones)) }

// nodes returns the number of nodes of all pools.
func (s *stack) nodes() Figures {
	var all Figures
	for _, one := range s.pools {
		all = all.plus(one.nodes)
	}
	return all
}

// gibibytes returns the storage of the boot disks and the volumes in a cloud that charges for GiB.
func (s *stack) gibibytes(disk string) []charge {
	var boot Figures
	for _, one := range s.pools {
		boot = boot.plus(one.nodes.times(float64(one.Disk())))
	}
	volumes := 0.0
	for _, size := range s.volumes() {
		volumes += size
	}
	return []charge{
		{part: BootDisks, what: disk, count: boot},
		{part: Volumes, what: disk, count: always(volumes)},
	}
}

// volumes returns the sizes of the claimed volumes in GiB.
func (s *stack) volumes() []float64 {
	var all []float64
	for _, size := range s.cfg.Volumes() {
		all = append(all, size.AsApproximateFloat64()/(1<<30))
	}
	return all
}

// machines returns the nodes of the pools.
func (s *stack) machines() []charge {
	var all []charge
	for _, one := range s.pools {
		var types []string
		for _, machineType := range one.MachineTypes {
			types = append(types, "machine "+machineType)
		}
		all = append(all, charge{
			part: machines[one.Spot], what: types[0], or: types[1:], spot: one.Spot, count: one.nodes,
		})
	}
	return all
}

// things returns what the charge may be for, in a region.
func (c charge) things(cfg *config.Config) []thing {
	var all []thing
	for _, what := range append([]string{c.what}, c.or...) {
		all = append(all, thing{cloud: cfg.Cluster.Cloud, region: cfg.Cluster.Region, what: what, spot: c.spot})
	}
	return all
}
