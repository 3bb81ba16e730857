package gke

import "github.com/dreamseed/platform/cluster"

// identityEndpoints returns the address of GKE's metadata server, which returns the credentials of the pod's own
// account and never those of the node. Dataplane V2 applies policies to this very address, before it redirects the
// traffic (https://cloud.google.com/kubernetes-engine/docs/how-to/network-policy#network-policy-and-workload-identity).
func identityEndpoints() []cluster.Endpoint {
	return []cluster.Endpoint{{CIDR: "169.254.169.254/32", TCP: []int{80}}}
}
