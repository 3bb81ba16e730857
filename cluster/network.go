package cluster

// Network holds the address ranges of a cluster, as CIDRs of private IPv4 addresses (RFC 1918; for pods RFC 6598, too).
// They must not overlap each other, nor any network that this one will ever be connected to.
type Network struct {
	// Nodes is the range of the nodes' addresses. On EKS it is the whole VPC, and pods get their addresses from it, too.
	Nodes string `json:"nodes"`
	// Pods is the range of the pods' addresses, MaxPodsPerNode of them on each node. Refused on EKS.
	Pods string `json:"pods"`
	// Services is the range of the cluster IPs of Kubernetes Services.
	Services string `json:"services"`
	// ControlPlane is the /28 for GKE's control plane. Refused elsewhere.
	ControlPlane string `json:"controlPlane"`
}

// MaxPodsPerNode is the maximum number of pods on a node, as Kubernetes itself recommends
// (https://kubernetes.io/docs/setup/best-practices/cluster-large/).
const MaxPodsPerNode = 110
