package networktest

import networkingv1 "k8s.io/api/networking/v1"

// Engine enforces the policies of a cluster.
type Engine interface {
	// Allows reports whether a connection arrives. A connection to a service without pods, or to a port that it does not
	// have, does not arrive.
	Allows(w *World, c Connection) bool
}

// arrives reports whether a pod accepts a connection: no policy isolates it, or a rule opens the port to a peer that
// the engine recognizes. Hosts that are not pods accept everything, because policies do not cover their own firewalls.
func (w *World) arrives(at Host, c Connection, knows func(networkingv1.NetworkPolicyPeer, rule) bool) bool {
	return w.passes(at, networkingv1.PolicyTypeIngress, c, knows)
}

// leaves is like arrives, for the other direction.
func (w *World) leaves(c Connection, knows func(networkingv1.NetworkPolicyPeer, rule) bool) bool {
	return w.passes(c.From, networkingv1.PolicyTypeEgress, c, knows)
}

func (w *World) passes(
	pod Host, direction networkingv1.PolicyType, c Connection, knows func(networkingv1.NetworkPolicyPeer, rule) bool,
) bool {
	if !pod.Pod() {
		return true
	}
	open, isolated := w.rules(pod, direction)
	if !isolated {
		return true
	}
	for _, one := range open {
		about := func(peer networkingv1.NetworkPolicyPeer) bool { return knows(peer, one) }
		if one.opensPort(c.Port, c.Protocol) && one.opensTo(about) {
			return true
		}
	}
	return false
}
