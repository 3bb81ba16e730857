package cluster

// Network is the address ranges of a cluster, as CIDRs of private IPv4 addresses (RFC 1918; for pods RFC 6598, too).
// They must not overlap with each other, nor with what the network is ever to be connected to.
type Network struct {
	// Nodes is where nodes get their addresses. On EKS it is the whole VPC, and pods get their addresses there too.
	Nodes string `json:"nodes"`
	// Pods is where pods get their addresses, MaxPodsPerNode of them on each node. Refused on EKS.
	Pods string `json:"pods"`
	// Services is where Kubernetes Services get their cluster addresses.
	Services string `json:"services"`
	// ControlPlane is the /28 in which GKE puts the control plane. Refused elsewhere.
	ControlPlane string `json:"controlPlane"`
}

// MaxPodsPerNode is how many pods a node takes: Kubernetes' own recommended limit
// (https://kubernetes.io/docs/setup/best-practices/cluster-large/).
const MaxPodsPerNode = 110
