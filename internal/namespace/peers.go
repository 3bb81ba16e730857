package namespace

// basicPolicies returns the policies that deny all connections of a namespace except name resolution. Each namespace
// opens further ones itself.
func basicPolicies() []Policy {
	return []Policy{
		{Name: "default-deny", Direction: Both},
		{Name: "allow-dns", Direction: Egress, Peers: resolvers()},
	}
}

// resolvers returns the endpoints that may answer a pod's DNS queries. A cluster has one kind of them, and may get
// another by an upgrade.
func resolvers() []Peer {
	peers := []Peer{
		{Namespace: kubeSystem, Pods: Pods{Labels: map[string]string{"k8s-app": "kube-dns"}}},
		// The node-local cache, to which Dataplane V2 redirects the traffic to kube-dns. New clusters of GKE have it
		// (https://cloud.google.com/kubernetes-engine/docs/how-to/nodelocal-dns-cache).
		{Namespace: kubeSystem, Pods: Pods{Labels: map[string]string{"k8s-app": "node-local-dns"}}},
		// The same cache, listening on an address of every node
		// (https://kubernetes.io/docs/tasks/administer-cluster/nodelocaldns).
		{CIDR: "169.254.20.10/32"},
		// The cache of AKS (https://learn.microsoft.com/azure/aks/localdns-custom).
		{CIDR: "169.254.10.10/32"},
		{CIDR: "169.254.10.11/32"},
		// Cloud DNS for GKE answers at the metadata server's address, which hands out no credentials on this port
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

// Anywhere is the CIDR of all addresses.
const Anywhere = "0.0.0.0/0"

// Internet returns HTTPS to public addresses: not to private networks (RFC 1918, RFC 6598), where other systems of ours
// may be, and not to link-local ones (RFC 3927), where a cloud's metadata server hands out credentials.
func Internet() Peer {
	return Peer{
		CIDR:   Anywhere,
		Except: []string{"10.0.0.0/8", "100.64.0.0/10", linkLocal, "172.16.0.0/12", "192.168.0.0/16"},
		TCP:    []int{443},
	}
}

const linkLocal = "169.254.0.0/16"

// APIServer returns every address that an API server may have, including private ones: on 443, or on 6443 behind the
// Service's address. It excludes the metadata server, which hands out credentials.
func APIServer() Peer {
	return Peer{CIDR: Anywhere, Except: []string{linkLocal}, TCP: []int{443, 6443}}
}
