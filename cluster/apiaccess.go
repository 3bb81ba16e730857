package cluster

// APIAccess controls access to the Kubernetes API server. The network comes first, identity second: no rule here admits
// anybody without a credential of the cloud.
type APIAccess struct {
	// AuthorizedRanges are the public CIDRs that may reach a public endpoint of the API server, never 0.0.0.0/0. Default
	// none: then there is no public endpoint, and Pulumi has to run inside the network. A change applies in place, except
	// on AKS: going from none to some or back builds another cluster there.
	AuthorizedRanges []string `json:"authorizedRanges"`
	// Administrators have full access to the cluster. At least one is required in a cloud, and the identity that runs
	// Pulumi must be among them. IAM members such as group:platform@dreamseed.ai on GKE, ARNs of IAM roles on EKS, object
	// IDs of Entra groups on AKS. A change applies in place.
	Administrators []string `json:"administrators"`
	// PreviewIdentity is the one identity that previews run as: it reads everything but Secrets, and may make dry runs
	// alone. Default none. An IAM member such as serviceAccount:preview@project.iam.gserviceaccount.com on GKE, the ARN of
	// an IAM role on EKS, the object ID of an Entra group on AKS; on an existing cluster the name that its API server
	// knows, user:<name> or group:<name>. A change gives the new one its limits before the old one loses its own.
	PreviewIdentity string `json:"previewIdentity"`
}

// Private reports whether the API server has no public endpoint.
func (a APIAccess) Private() bool { return len(a.AuthorizedRanges) == 0 }
