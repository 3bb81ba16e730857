package networktest

import (
	"net/netip"

	networkingv1 "k8s.io/api/networking/v1"
)

// VPCCNI is the engine of EKS, the network policy agent of the Amazon VPC CNI.
//
// It knows addresses alone. A controller turns selectors into the addresses of the pods that they select, and for what
// leaves a pod into those of the Services whose own selector they cover
// (https://github.com/aws/amazon-network-policy-controller-k8s/blob/main/pkg/resolvers/endpoints.go). An ipBlock holds
// whatever lies in it, pods included.
//
// What leaves a pod is judged at the pod, where the address of a Service is not translated yet, with the port of the
// Service, which has to be that of the pods
// (https://docs.aws.amazon.com/eks/latest/userguide/cni-network-policy.html#cni-network-policy-considerations).
type VPCCNI struct{}

// Allows reports whether a connection arrives. A pod that asks a load balancer leaves the network and comes back with a
// public address.
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

// reaches reports whether a connection arrives at a pod, once its address is translated.
func (w *World) reaches(c Connection) bool { return w.arrives(w.host(c.To), c, w.addresses(c.From)) }

// resolves makes the question whether a peer of a rule holds the address of a Service, or selects what it does.
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

// addresses makes the question whether a peer of a rule has somebody's address.
func (w *World) addresses(somebody Host) func(networkingv1.NetworkPolicyPeer, rule) bool {
	return func(peer networkingv1.NetworkPolicyPeer, of rule) bool {
		return contains(peer, somebody.Address) || w.selects(peer, of.namespace, somebody)
	}
}

// natGateway is one of the addresses that no real machine has (RFC 5737).
var natGateway = netip.MustParseAddr("203.0.113.99")
