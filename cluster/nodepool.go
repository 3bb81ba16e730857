package cluster

import "k8s.io/apimachinery/pkg/api/resource"

// NodePool is a group of like nodes.
type NodePool struct {
	// Name is required, a DNS label, once per cluster. Nodes carry it as the label dreamseed.ai/pool. Changing it
	// replaces the pool: the new one comes first, then the old one is drained.
	Name string `json:"name"`
	// Spot marks interruptible capacity. Its nodes carry the cloud's spot label and taint, and nodes of every pool say as
	// dreamseed.ai/capacity which of the two they are, on-demand or spot; on an existing cluster somebody else has to put
	// these there. Default false. Changing it replaces the pool.
	Spot bool `json:"spot"`
	// MinNodes and MaxNodes bound the pool over all zones together, 0 <= MinNodes <= MaxNodes. The cloud's autoscaler
	// moves between them; a change applies in place. On EKS they are divided over the zones (NodePool.Shares): with a
	// MinNodes below the number of zones, the last ones may have no node.
	MinNodes int `json:"minNodes"`
	MaxNodes int `json:"maxNodes"`
	// MachineTypes are required in a cloud: what the nodes are, in the cloud's own words, for example n2-standard-8.
	// Exactly one, but for spot pools on EKS, which are more likely to get capacity with several like ones. A change
	// replaces the pool: the new one comes first, then the old one is drained.
	MachineTypes []string `json:"machineTypes"`
	// DiskGB is the size of each node's boot disk in GiB, at least 30. Default 100. A change replaces the pool.
	DiskGB int `json:"diskGB"`
	// CPU and Memory are required, as Kubernetes quantities: in a cloud those of the machine, of which a node keeps a part
	// for itself (Cloud.Offer); on an existing cluster what one node offers to pods, its "allocatable".
	CPU    resource.Quantity `json:"cpu"`
	Memory resource.Quantity `json:"memory"`
}

// PoolLabel is the node label that holds the pool's name.
const PoolLabel = "dreamseed.ai/pool"

// CapacityLabel is the node label that tells on-demand from spot capacity, with these values. It is the same on every
// cloud, and on nodes of both kinds: the taint's label is on spot nodes alone.
const (
	CapacityLabel = "dreamseed.ai/capacity"
	OnDemand      = "on-demand"
	Interruptible = "spot"
)

// defaultDiskGB holds the images of a node's pods many times over.
const defaultDiskGB = 100

// Disk is DiskGB or its default.
func (p NodePool) Disk() int {
	if p.DiskGB == 0 {
		return defaultDiskGB
	}
	return p.DiskGB
}

// Labels are what the pool's nodes carry, beside what the cloud puts there itself.
func (p NodePool) Labels() map[string]string {
	return map[string]string{PoolLabel: p.Name, CapacityLabel: p.capacity()}
}

func (p NodePool) capacity() string {
	if p.Spot {
		return Interruptible
	}
	return OnDemand
}
