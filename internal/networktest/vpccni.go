package networktest

import (
	"net/netip"

	networkingv1 "k8s.io/api/networking/v1"
)

// VPCCNI is the engine of EKS, the network policy agent of the Amazon VPC CNI.
//
// It knows only addresses. A controller resolves selectors to the addresses of the selected pods and, for egress, to
// the addresses of the Services whose own selector they cover
// (https://github.com/aws/amazon-network-policy-controller-k8s/blob/main/pkg/resolvers/endpoints.go). An ipBlock
// contains every address in it, including those of pods.
//
// Egress is evaluated at the pod, before the address of a Service is translated, with the port of the Service, which
// has to equal that of the pods
// (https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html#cni-network-policy-considerations).
type VPCCNI struct{}

// Allows reports whether a connection arrives. A connection from a pod to a load balancer leaves the network and comes
// back with a public address.
func (VPCCNI) Allows(w *World, c Connection) bool {
	if service, is := leading(w.Services, c.To); is {
		to, arrives := w.translated(c, service)
		return arrives && w.leaves(c, w.resolves(c, service)) && w.reaches(to)
	}
	if balancer, is := leading(w.Balancers, c.To); is {
		to, arrives := w.translated(c, balancer)
		to.From = Host{Name: "the network's own public address", Address: natGateway}
		return arrives && w.leaves(c, w.addresses(w.host(c.To))) && w.reaches(to)
	}
	return w.leaves(c, w.addresses(w.host(c.To))) && w.reaches(c)
}

// reaches reports whether a connection arrives at a pod after its address was translated.
func (w *World) reaches(c Connection) bool { return w.arrives(w.host(c.To), c, w.addresses(c.From)) }

// resolves returns a function that reports whether a peer of a rule contains the address of a Service, or selects its
// pods.
func (w *World) resolves(c Connection, service Service) func(networkingv1.NetworkPolicyPeer, rule) bool {
	return func(peer networkingv1.NetworkPolicyPeer, of rule) bool {
		if peer.IPBlock != nil {
			return contains(peer, c.To)
		}
		return service.Ports[c.Port] == c.Port && len(service.Selector) > 0 &&
			w.selectsNamespace(peer, of.namespace, service.Namespace) &&
			(peer.PodSelector == nil || matches(peer.PodSelector, service.Selector))
	}
}

// addresses returns a function that reports whether a peer of a rule contains this host's address.
func (w *World) addresses(somebody Host) func(networkingv1.NetworkPolicyPeer, rule) bool {
	return func(peer networkingv1.NetworkPolicyPeer, of rule) bool {
		return contains(peer, somebody.Address) || w.selects(peer, of.namespace, somebody)
	}
}

// natGateway is an address that no real machine has (RFC 5737).
var natGateway = netip.MustParseAddr("203.0.113.99")
