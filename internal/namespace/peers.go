package namespace

// basicPolicies close a namespace and let its pods resolve names; a namespace opens what else it needs.
func basicPolicies() []Policy {
	return []Policy{
		{Name: "default-deny", Direction: Both},
		{Name: "allow-dns", Direction: Egress, Peers: resolvers()},
	}
}

// resolvers are whoever may answer a pod's questions for names. A cluster has one kind of them, and may get another by
// an upgrade.
func resolvers() []Peer {
	peers := []Peer{
		{Namespace: kubeSystem, Pods: Pods{Labels: map[string]string{"k8s-app": "kube-dns"}}},
		// The cache of the node, to which Dataplane V2 redirects what goes to kube-dns. New clusters of GKE have it
		// (https://cloud.google.com/kubernetes-engine/docs/how-to/nodelocal-dns-cache).
		{Namespace: kubeSystem, Pods: Pods{Labels: map[string]string{"k8s-app": "node-local-dns"}}},
		// The same cache where it listens on an address of every node
		// (https://kubernetes.io/docs/tasks/administer-cluster/nodelocaldns).
		{CIDR: "169.254.20.10/32"},
		// The cache of AKS (https://learn.microsoft.com/azure/aks/localdns-custom).
		{CIDR: "169.254.10.10/32"},
		{CIDR: "169.254.10.11/32"},
		// Cloud DNS for GKE answers at the metadata server's address, where this port hands out no credential
		// (https://cloud.google.com/kubernetes-engine/docs/how-to/cloud-dns).
		{CIDR: "169.254.169.254/32"},
	}
	for i := range peers {
		peers[i].TCP, peers[i].UDP = []int{dns}, []int{dns}
	}
	return peers
}

const (
	kubeSystem = "kube-system"
	// dns is the port of a name server.
	dns = 53
)

// Anywhere is every address.
const Anywhere = "0.0.0.0/0"

// Internet is HTTPS to public addresses: not to private networks (RFC 1918, RFC 6598), where other systems of ours
// may be, and not to link-local ones (RFC 3927), where a cloud's metadata server hands out credentials.
func Internet() Peer {
	return Peer{
		CIDR:   Anywhere,
		Except: []string{"10.0.0.0/8", "100.64.0.0/10", linkLocal, "172.16.0.0/12", "192.168.0.0/16"},
		TCP:    []int{443},
	}
}

const linkLocal = "169.254.0.0/16"

// APIServer is wherever an API server may be, in a private network, too: on 443, or on 6443 behind the Service's
// address. It is not where a cloud's metadata server hands out credentials.
func APIServer() Peer {
	return Peer{CIDR: Anywhere, Except: []string{linkLocal}, TCP: []int{443, 6443}}
}
