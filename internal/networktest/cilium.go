package networktest

import networkingv1 "k8s.io/api/networking/v1"

// Cilium is the engine of GKE (Dataplane V2) and of AKS (Azure CNI powered by Cilium).
//
// It evaluates policies on identities, not on addresses: a pod is identified by its labels, a node as a node, and an
// address only if it belongs to neither. So no ipBlock contains a pod or a node
// (https://docs.cilium.io/en/stable/network/kubernetes/policy/#known-missing-features-for-kubernetes-network-policy,
// https://learn.microsoft.com/azure/aks/azure-cni-powered-by-cilium#frequently-asked-questions).
//
// The address of a Service or of a load balancer is translated at the client's socket, before any policy applies
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

// ciliumTarget returns the real target of a connection. Only clients in the cluster have the address translated.
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

// cached redirects a DNS query to the node's cache, if there is one
// (https://cloud.google.com/kubernetes-engine/docs/how-to/nodelocal-dns-cache).
func (w *World) cached(c Connection) Connection {
	server, is := w.pod(c.To)
	if is && w.NodeCache != nil && server.Namespace == "kube-system" && server.Labels["k8s-app"] == "kube-dns" {
		c.To = w.NodeCache.Address
	}
	return c
}

// identifies returns a function that reports whether a peer of a rule matches this host.
func (w *World) identifies(somebody Host) func(networkingv1.NetworkPolicyPeer, rule) bool {
	return func(peer networkingv1.NetworkPolicyPeer, of rule) bool {
		if somebody.Pod() {
			return w.selects(peer, of.namespace, somebody)
		}
		return !somebody.Node && contains(peer, somebody.Address)
	}
}
