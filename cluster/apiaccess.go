package cluster

// APIAccess says who reaches the Kubernetes API server. The network comes first, identity second: no rule here lets
// anybody in without a credential of the cloud.
type APIAccess struct {
	// AuthorizedRanges are the public CIDRs that may reach a public endpoint of the API server, never 0.0.0.0/0. Default
	// none: then there is no public endpoint, and whoever runs Pulumi does so inside the network. A change applies in
	// place; but on AKS, going from none to some or back builds another cluster.
	AuthorizedRanges []string `json:"authorizedRanges"`
	// Administrators may do everything in the cluster. At least one is required in a cloud: whoever runs Pulumi must be
	// among them. IAM members such as group:platform@dreamseed.ai on GKE, ARNs of IAM roles on EKS, object IDs of Entra
	// groups on AKS. A change applies in place.
	Administrators []string `json:"administrators"`
}

// Private says that the API server has no public endpoint.
func (a APIAccess) Private() bool { return len(a.AuthorizedRanges) == 0 }
