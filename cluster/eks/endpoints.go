package eks

import "github.com/dreamseed/platform/cluster"

// identityEndpoints returns the address of the node's Pod Identity agent
// (https://docs.aws.amazon.com/eks/latest/userguide/pod-id-agent-setup.html).
func identityEndpoints() []cluster.Endpoint {
	return []cluster.Endpoint{{CIDR: "169.254.170.23/32", TCP: []int{80}}}
}
