package cost

// Part is a part of the bill.
type Part string

// The parts, in the order of the bill.
const (
	ControlPlane  Part = "control plane"
	OnDemand      Part = "machines on demand"
	SpotMachines  Part = "machines on spot capacity"
	SystemNodes   Part = "machines of the system pool"
	BootDisks     Part = "boot disks"
	Volumes       Part = "volumes"
	Databases     Part = "database servers"
	LoadBalancers Part = "load balancer"
	Addresses     Part = "public addresses"
	NAT           Part = "NAT"
	Keys          Part = "keys"
	Registry      Part = "registry"
	Egress        Part = "traffic to the internet"
)

// Parts returns the parts in the order of the bill.
func Parts() []Part {
	return []Part{
		ControlPlane, OnDemand, SpotMachines, SystemNodes, BootDisks, Volumes, Databases, LoadBalancers, Addresses,
		NAT, Keys, Registry, Egress,
	}
}

// machines are the parts of the nodes, by Spot.
var machines = map[bool]Part{false: OnDemand, true: SpotMachines}
