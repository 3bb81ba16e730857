package cluster

import "k8s.io/apimachinery/pkg/api/resource"

// NodePool is a group of identical nodes.
type NodePool struct {
	// Name is required: a DNS label, unique in the cluster. Nodes carry it as the label dreamseed.ai/pool. Changing it
	// replaces the pool: the new one is created first, then the old one is drained.
	Name string `json:"name"`
	// Spot selects interruptible capacity. Spot nodes carry the cloud's spot label and taint, and nodes of every pool
	// carry the label dreamseed.ai/capacity with the value on-demand or spot. On an existing cluster, its administrator
	// has to set these. Default false. Changing it replaces the pool.
	Spot bool `json:"spot"`
	// MinNodes and MaxNodes bound the pool over all zones together, 0 <= MinNodes <= MaxNodes. The cloud's autoscaler
	// scales between them; a change applies in place. On EKS they are divided over the zones (NodePool.Shares): with a
	// MinNodes below the number of zones, the last zones may have no node.
	MinNodes int `json:"minNodes"`
	MaxNodes int `json:"maxNodes"`
	// MachineTypes are required in a cloud: the cloud's own names of machine types, for example n2-standard-8. Exactly
	// one, except for spot pools on EKS, which are more likely to get capacity with several similar types. A change
	// replaces the pool: the new one is created first, then the old one is drained.
	MachineTypes []string `json:"machineTypes"`
	// DiskGB is the size of each node's boot disk in GiB, at least 30. Default 100. A change replaces the pool.
	DiskGB int `json:"diskGB"`
	// CPU and Memory are required, as Kubernetes quantities. In a cloud they are those of the machine, and the node
	// reserves a part (Cloud.Offer); on an existing cluster they are the "allocatable" of one node.
	CPU    resource.Quantity `json:"cpu"`
	Memory resource.Quantity `json:"memory"`
}

// PoolLabel is the node label that holds the pool's name.
const PoolLabel = "dreamseed.ai/pool"

// CapacityLabel is the node label that distinguishes on-demand from spot capacity, with these values. It is the same on
// every cloud and present on both kinds of nodes; the label that matches the taint is on spot nodes alone.
const (
	CapacityLabel    = "dreamseed.ai/capacity"
	OnDemandCapacity = "on-demand"
	SpotCapacity     = "spot"
)

// defaultDiskGB leaves ample room for the images of a node's pods.
const defaultDiskGB = 100

// Disk returns DiskGB or its default.
func (p NodePool) Disk() int {
	if p.DiskGB == 0 {
		return defaultDiskGB
	}
	return p.DiskGB
}

// Labels returns the labels of the pool's nodes, beside those that the cloud sets itself.
func (p NodePool) Labels() map[string]string {
	return map[string]string{PoolLabel: p.Name, CapacityLabel: p.capacity()}
}

func (p NodePool) capacity() string {
	if p.Spot {
		return SpotCapacity
	}
	return OnDemandCapacity
}
