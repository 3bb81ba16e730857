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
	// Data is the range of the data stores that the cloud runs. Required where there is one, and no part of the cluster's
	// identity: it may be added to a running environment, and later none of it changes what is there. Another range is for
	// stores that are made later alone. Refused where the cloud needs none of its own.
	Data string `json:"data"`
}

// MaxPodsPerNode is the maximum number of pods on a node, as Kubernetes itself recommends
// (https://kubernetes.io/docs/setup/best-practices/cluster-large/).
const MaxPodsPerNode = 110
