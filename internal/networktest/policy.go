package networktest

import (
	"net/netip"
	"slices"

	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
)

// rule is one entry of a policy, for either direction.
type rule struct {
	// namespace is the namespace of the policy.
	namespace string
	peers     []networkingv1.NetworkPolicyPeer
	ports     []networkingv1.NetworkPolicyPort
}

// rules returns the rules for a pod in a direction, and whether any policy isolates the pod
// (https://kubernetes.io/docs/concepts/services-networking/network-policies/#the-two-sorts-of-pod-isolation).
func (w *World) rules(pod Host, direction networkingv1.PolicyType) (open []rule, isolated bool) {
	for _, policy := range w.Policies {
		about := policy.Namespace == pod.Namespace && matches(&policy.Spec.PodSelector, pod.Labels)
		if !about || !slices.Contains(policy.Spec.PolicyTypes, direction) {
			continue
		}
		isolated = true
		open = append(open, entries(policy, direction)...)
	}
	return open, isolated
}

func entries(policy networkingv1.NetworkPolicy, direction networkingv1.PolicyType) []rule {
	var found []rule
	if direction == networkingv1.PolicyTypeEgress {
		for _, entry := range policy.Spec.Egress {
			found = append(found, rule{policy.Namespace, entry.To, entry.Ports})
		}
		return found
	}
	for _, entry := range policy.Spec.Ingress {
		found = append(found, rule{policy.Namespace, entry.From, entry.Ports})
	}
	return found
}

// matches evaluates a selector as the API server does. An invalid one selects nothing.
func matches(selector *metav1.LabelSelector, of labels.Set) bool {
	read, err := metav1.LabelSelectorAsSelector(selector)
	return err == nil && read.Matches(of)
}

// opensPort reports whether a rule covers a port. A rule without ports covers all of them.
func (r rule) opensPort(port int, protocol Protocol) bool {
	if len(r.ports) == 0 {
		return true
	}
	return slices.ContainsFunc(r.ports, func(open networkingv1.NetworkPolicyPort) bool {
		number := open.Port == nil || open.Port.IntValue() == port
		return number && open.Protocol != nil && string(*open.Protocol) == string(protocol)
	})
}

// opensTo reports whether a rule covers a peer that the engine recognizes. A rule without peers covers everybody.
func (r rule) opensTo(knows func(networkingv1.NetworkPolicyPeer) bool) bool {
	return len(r.peers) == 0 || slices.ContainsFunc(r.peers, knows)
}

// selects reports whether a peer's selectors select a pod.
func (w *World) selects(peer networkingv1.NetworkPolicyPeer, policyNamespace string, pod Host) bool {
	if peer.IPBlock != nil || !pod.Pod() {
		return false
	}
	return w.selectsNamespace(peer, policyNamespace, pod.Namespace) &&
		(peer.PodSelector == nil || matches(peer.PodSelector, pod.Labels))
}

func (w *World) selectsNamespace(peer networkingv1.NetworkPolicyPeer, policyNamespace, namespace string) bool {
	if peer.NamespaceSelector == nil {
		return namespace == policyNamespace
	}
	return matches(peer.NamespaceSelector, w.Namespaces[namespace])
}

// contains reports whether a peer's ipBlock contains an address.
func contains(peer networkingv1.NetworkPolicyPeer, address netip.Addr) bool {
	if peer.IPBlock == nil {
		return false
	}
	holds := func(cidr string) bool {
		prefix, err := netip.ParsePrefix(cidr)
		return err == nil && prefix.Contains(address)
	}
	return holds(peer.IPBlock.CIDR) && !slices.ContainsFunc(peer.IPBlock.Except, holds)
}
