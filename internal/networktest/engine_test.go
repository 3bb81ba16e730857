package networktest

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/util/intstr"
)

var (
	client = Host{Name: "client", Namespace: "shop", Labels: labels.Set{"app": "client"}, Address: at("10.1.0.1")}
	server = Host{
		Name: "server", Namespace: "shop", Labels: labels.Set{"app": "server", "part": "shop"}, Address: at("10.1.0.2"),
	}
	cache = Host{
		Name: "cache", Namespace: "kube-system", Labels: labels.Set{"k8s-app": "cache"}, Address: at("10.1.0.3"),
	}
	dns = Host{
		Name: "dns", Namespace: "kube-system", Labels: labels.Set{"k8s-app": "kube-dns"}, Address: at("10.1.0.4"),
	}
	machine = Host{Name: "node", Node: true, Address: at("10.0.0.1")}
	partner = Host{Name: "partner", Address: at("198.51.100.1")}
)

func at(address string) netip.Addr { return netip.MustParseAddr(address) }

// shop is a namespace that denies both directions, except for these entries of the client and of the server.
func shop(to []networkingv1.NetworkPolicyEgressRule, from []networkingv1.NetworkPolicyIngressRule) *World {
	both := []networkingv1.PolicyType{networkingv1.PolicyTypeIngress, networkingv1.PolicyTypeEgress}
	about := func(pod Host, spec networkingv1.NetworkPolicySpec) networkingv1.NetworkPolicy {
		spec.PodSelector, spec.PolicyTypes = metav1.LabelSelector{MatchLabels: pod.Labels}, both
		return networkingv1.NetworkPolicy{ObjectMeta: metav1.ObjectMeta{Namespace: "shop"}, Spec: spec}
	}
	return &World{
		Namespaces: map[string]labels.Set{"shop": {}, "kube-system": {"name": "kube-system"}},
		Policies: []networkingv1.NetworkPolicy{
			about(client, networkingv1.NetworkPolicySpec{Egress: to}),
			about(server, networkingv1.NetworkPolicySpec{Ingress: from}),
		},
		Pods: []Host{client, server, cache, dns},
		Services: []Service{
			{Namespace: "shop", Address: at("10.2.0.1"), Selector: labels.Set{"app": "server"}, Ports: map[int]int{8000: 8000}},
			{Namespace: "shop", Address: at("10.2.0.2"), Selector: labels.Set{"app": "server"}, Ports: map[int]int{80: 8000}},
			{Namespace: "kube-system", Address: at("10.2.0.3"), Selector: dns.Labels, Ports: map[int]int{53: 53}},
		},
		Balancers: []Service{
			{
				Namespace: "shop", Address: at("203.0.113.1"), Selector: labels.Set{"app": "server"}, Ports: map[int]int{443: 8000},
			},
		},
	}
}

func to(port int, peers ...networkingv1.NetworkPolicyPeer) []networkingv1.NetworkPolicyEgressRule {
	return []networkingv1.NetworkPolicyEgressRule{{To: peers, Ports: ports(port)}}
}

func from(port int, peers ...networkingv1.NetworkPolicyPeer) []networkingv1.NetworkPolicyIngressRule {
	return []networkingv1.NetworkPolicyIngressRule{{From: peers, Ports: ports(port)}}
}

func ports(number int) []networkingv1.NetworkPolicyPort {
	protocol, port := corev1.ProtocolTCP, intstr.FromInt(number)
	return []networkingv1.NetworkPolicyPort{{Protocol: &protocol, Port: &port}}
}

func selecting(with labels.Set) networkingv1.NetworkPolicyPeer {
	return networkingv1.NetworkPolicyPeer{PodSelector: &metav1.LabelSelector{MatchLabels: with}}
}

func inSystem(with labels.Set) networkingv1.NetworkPolicyPeer {
	peer := selecting(with)
	peer.NamespaceSelector = &metav1.LabelSelector{MatchLabels: labels.Set{"name": "kube-system"}}
	return peer
}

func block(cidr string, except ...string) networkingv1.NetworkPolicyPeer {
	return networkingv1.NetworkPolicyPeer{IPBlock: &networkingv1.IPBlock{CIDR: cidr, Except: except}}
}

func tcp(from Host, to string, port int) Connection {
	return Connection{From: from, To: at(to), Port: port, Protocol: TCP}
}

func TestWhereTheEnginesDiffer(t *testing.T) {
	anybody := from(8000, block("0.0.0.0/0"))
	cached := func(w *World) *World { w.NodeCache = &cache; return w }
	for reason, c := range map[string]struct {
		world          *World
		wish           Connection
		cilium, vpcCNI bool
	}{
		"a selector of the pods' labels that the Service does not select by": {
			shop(to(8000, selecting(labels.Set{"part": "shop"})), from(8000, selecting(client.Labels))),
			tcp(client, "10.2.0.1", 8000), true, false,
		},
		"a selector that covers the Service's, on the same port": {
			shop(to(8000, selecting(labels.Set{"app": "server"})), from(8000, selecting(client.Labels))),
			tcp(client, "10.2.0.1", 8000), true, true,
		},
		"a port that the Service translates": {
			shop(to(8000, selecting(labels.Set{"app": "server"})), from(8000, selecting(client.Labels))),
			tcp(client, "10.2.0.2", 80), true, false,
		},
		"a pod as an address": {
			shop(to(8000, block("10.1.0.0/16")), from(8000, selecting(client.Labels))),
			tcp(client, "10.1.0.2", 8000), false, true,
		},
		"a node as an address": {
			shop(nil, anybody), tcp(machine, "10.1.0.2", 8000), false, true,
		},
		"somebody outside as an address": {
			shop(nil, anybody), tcp(partner, "10.1.0.2", 8000), true, true,
		},
		"an address that is left out of an ipBlock": {
			shop(nil, from(8000, block("0.0.0.0/0", "198.51.100.0/24"))), tcp(partner, "10.1.0.2", 8000), false, false,
		},
		"a load balancer of the cluster's own, opened as an address": {
			shop(to(443, block("0.0.0.0/0")), anybody), tcp(client, "203.0.113.1", 443), false, true,
		},
		"a load balancer of the cluster's own, opened as the pods behind it": {
			shop(to(8000, selecting(server.Labels)), from(8000, selecting(client.Labels))),
			tcp(client, "203.0.113.1", 443), true, false,
		},
		"the name server, where a cache of the node answers for it": {
			cached(shop(to(53, inSystem(dns.Labels)), nil)), tcp(client, "10.2.0.3", 53), false, true,
		},
		"the cache": {
			cached(shop(to(53, inSystem(cache.Labels)), nil)), tcp(client, "10.2.0.3", 53), true, false,
		},
		"another port": {
			shop(to(8000, selecting(server.Labels)), from(9000, selecting(client.Labels))),
			tcp(client, "10.1.0.2", 8000), false, false,
		},
		"a rule that names nobody": {
			shop(nil, from(8000)), tcp(dns, "10.1.0.2", 8000), true, true,
		},
		"a pod of another namespace with the same labels": {
			shop(nil, from(8000, selecting(dns.Labels))), tcp(dns, "10.1.0.2", 8000), false, false,
		},
		"a port that the Service does not have": {
			shop(to(9000, selecting(labels.Set{"app": "server"})), from(9000)), tcp(client, "10.2.0.1", 9000), false, false,
		},
		"a pod that no policy is about": {
			shop(nil, nil), tcp(dns, "198.51.100.1", 443), true, true,
		},
	} {
		assert.Equal(t, c.cilium, Cilium{}.Allows(c.world, c.wish), "Cilium: %s: %s", reason, c.wish)
		assert.Equal(t, c.vpcCNI, VPCCNI{}.Allows(c.world, c.wish), "VPC CNI: %s: %s", reason, c.wish)
	}
}
