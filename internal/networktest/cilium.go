package networktest

import networkingv1 "k8s.io/api/networking/v1"

// Cilium is the engine of GKE (Dataplane V2) and of AKS (Azure CNI powered by Cilium).
//
// It asks a policy about identities, and not about addresses: a pod is known by its labels, a node as a node, and an
// address only where it is neither. So no ipBlock holds a pod or a node
// (https://docs.cilium.io/en/stable/network/kubernetes/policy/#known-missing-features-for-kubernetes-network-policy,
// https://learn.microsoft.com/azure/aks/azure-cni-powered-by-cilium#frequently-asked-questions).
//
// The address of a service is translated at the socket of who asks, before any policy; that of a load balancer, too
// (https://docs.cilium.io/en/stable/network/kubernetes/kubeproxy-free).
type Cilium struct{}

// Allows reports whether a connection arrives.
func (Cilium) Allows(w *World, c Connection) bool {
	c, arrives := ciliumTarget(w, c)
	if !arrives {
		return false
	}
	to := w.host(c.To)
	return w.leaves(c, w.identifies(to)) && w.arrives(to, c, w.identifies(c.From))
}

// ciliumTarget is where a connection really goes. Only for who is in the cluster is an address translated there.
func ciliumTarget(w *World, c Connection) (Connection, bool) {
	if !c.From.Pod() && !c.From.Node {
		return c, true
	}
	service, is := leading(w.Services, c.To)
	if !is {
		service, is = leading(w.Balancers, c.To)
	}
	if !is {
		return c, true
	}
	to, arrives := w.translated(c, service)
	return w.cached(to), arrives
}

// cached leads a question for a name to the cache of the node, where there is one
// (https://cloud.google.com/kubernetes-engine/docs/how-to/nodelocal-dns-cache).
func (w *World) cached(c Connection) Connection {
	server, is := w.pod(c.To)
	if is && w.NodeCache != nil && server.Namespace == "kube-system" && server.Labels["k8s-app"] == "kube-dns" {
		c.To = w.NodeCache.Address
	}
	return c
}

// identifies makes the question whether a peer of a rule is somebody.
func (w *World) identifies(somebody Host) func(networkingv1.NetworkPolicyPeer, rule) bool {
	return func(peer networkingv1.NetworkPolicyPeer, of rule) bool {
		if somebody.Pod() {
			return w.selects(peer, of.namespace, somebody)
		}
		return !somebody.Node && contains(peer, somebody.Address)
	}
}
