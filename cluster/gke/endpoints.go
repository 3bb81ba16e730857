package gke

import "github.com/dreamseed/platform/cluster"

// identityEndpoints is the metadata server of GKE, which hands a pod the credentials of its own account and never those
// of the node. Dataplane V2 asks a policy about this very address, before it leads elsewhere
// (https://cloud.google.com/kubernetes-engine/docs/how-to/network-policy#network-policy-and-workload-identity).
func identityEndpoints() []cluster.Endpoint {
	return []cluster.Endpoint{{CIDR: "169.254.169.254/32", TCP: []int{80}}}
}
