package namespace

import (
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	networkingv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/networking/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/kube"
)

// Direction is the side from which the connections of a policy are opened.
type Direction string

// The directions, as NetworkPolicy names them.
const (
	Ingress Direction = "Ingress"
	Egress  Direction = "Egress"
	Both    Direction = "Both"
)

// types are the policy types of a direction.
func (d Direction) types() []string {
	if d == Both {
		return []string{string(Ingress), string(Egress)}
	}
	return []string{string(d)}
}

// Policy is one NetworkPolicy: the pods that it selects, and what it opens for them. Without a peer it closes its
// direction.
type Policy struct {
	// Name is the physical name; it says what the policy allows.
	Name string
	// Pods are the pods that the policy applies to. Empty means every pod of the namespace.
	Pods Pods
	// Direction is Ingress, Egress or Both.
	Direction Direction
	// Peers are the endpoints allowed in that direction, in each of them where it is Both.
	Peers []Peer
}

// Pods selects pods by their labels. Empty means all of them.
type Pods struct {
	// Labels are those that a pod has, all of them.
	Labels map[string]string
	// Names are values of app.kubernetes.io/name, of which a pod has one.
	Names []string
}

// Peer is an endpoint of connections, and the ports that are open for them.
type Peer struct {
	// Anywhere is every pod, node and address there is. It goes without the fields that follow.
	Anywhere bool
	// Namespace selects a namespace by its name. Empty means the policy's own namespace, where CIDR is empty too.
	Namespace string
	// Pods selects in that namespace. Empty means all of them.
	Pods Pods
	// CIDR is a network outside the cluster, without the networks in Except. Whether it holds pods and nodes, too, is
	// decided by the engine of the cluster: on Cilium it never does
	// (https://learn.microsoft.com/azure/aks/azure-cni-powered-by-cilium#frequently-asked-questions).
	CIDR   string
	Except []string
	// TCP and UDP are the ports.
	TCP []int
	UDP []int
}

func (p Policy) spec() *networkingv1.NetworkPolicySpecArgs {
	spec := &networkingv1.NetworkPolicySpecArgs{
		PodSelector: p.Pods.selector(),
		PolicyTypes: pulumi.ToStringArray(p.Direction.types()),
	}
	if p.Direction != Egress {
		spec.Ingress = p.ingressRules()
	}
	if p.Direction != Ingress {
		spec.Egress = p.egressRules()
	}
	return spec
}

func (p Policy) ingressRules() networkingv1.NetworkPolicyIngressRuleArray {
	rules := networkingv1.NetworkPolicyIngressRuleArray{}
	for _, peer := range p.Peers {
		rules = append(rules, &networkingv1.NetworkPolicyIngressRuleArgs{
			From:  peer.selectors(),
			Ports: peer.ports(),
		})
	}
	return rules
}

func (p Policy) egressRules() networkingv1.NetworkPolicyEgressRuleArray {
	rules := networkingv1.NetworkPolicyEgressRuleArray{}
	for _, peer := range p.Peers {
		rules = append(rules, &networkingv1.NetworkPolicyEgressRuleArgs{
			To:    peer.selectors(),
			Ports: peer.ports(),
		})
	}
	return rules
}

// selector leaves out the part that selects nothing in particular.
func (p Pods) selector() *metav1.LabelSelectorArgs {
	selector := &metav1.LabelSelectorArgs{MatchLabels: pulumi.ToStringMap(p.Labels)}
	if len(p.Names) > 0 {
		selector.MatchExpressions = metav1.LabelSelectorRequirementArray{&metav1.LabelSelectorRequirementArgs{
			Key: pulumi.String(kube.NameLabel), Operator: pulumi.String("In"), Values: pulumi.ToStringArray(p.Names),
		}}
	}
	return selector
}

// selectors are nil for Anywhere: a rule that names no peers is about everybody.
func (p Peer) selectors() networkingv1.NetworkPolicyPeerArray {
	if p.Anywhere {
		return nil
	}
	return networkingv1.NetworkPolicyPeerArray{p.selector()}
}

func (p Peer) selector() *networkingv1.NetworkPolicyPeerArgs {
	if p.CIDR != "" {
		return &networkingv1.NetworkPolicyPeerArgs{IpBlock: &networkingv1.IPBlockArgs{
			Cidr:   pulumi.String(p.CIDR),
			Except: pulumi.ToStringArray(p.Except),
		}}
	}
	peer := &networkingv1.NetworkPolicyPeerArgs{PodSelector: p.Pods.selector()}
	if p.Namespace != "" {
		peer.NamespaceSelector = &metav1.LabelSelectorArgs{MatchLabels: pulumi.StringMap{
			"kubernetes.io/metadata.name": pulumi.String(p.Namespace),
		}}
	}
	return peer
}

func (p Peer) ports() networkingv1.NetworkPolicyPortArray {
	ports := networkingv1.NetworkPolicyPortArray{}
	add := func(protocol string, numbers []int) {
		for _, number := range numbers {
			ports = append(ports, &networkingv1.NetworkPolicyPortArgs{
				Protocol: pulumi.String(protocol),
				Port:     pulumi.Int(number),
			})
		}
	}
	add("TCP", p.TCP)
	add("UDP", p.UDP)
	return ports
}
