package namespace

import (
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	networkingv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/networking/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/kube"
)

// Direction is the direction of the connections that a policy covers.
type Direction string

// The directions, as NetworkPolicy names them.
const (
	Ingress Direction = "Ingress"
	Egress  Direction = "Egress"
	Both    Direction = "Both"
)

// types returns the policy types of a direction.
func (d Direction) types() []string {
	if d == Both {
		return []string{string(Ingress), string(Egress)}
	}
	return []string{string(d)}
}

// Policy is one NetworkPolicy: the pods that it selects, and the connections that it allows. Without a peer it denies
// all connections in its direction.
type Policy struct {
	// Name is the physical name; it describes the allowed connections.
	Name string
	// Pods selects the pods that the policy applies to. Empty means every pod of the namespace.
	Pods Pods
	// Direction is Ingress, Egress or Both.
	Direction Direction
	// Peers are the endpoints allowed in that direction, or in both directions if it is Both.
	Peers []Peer
}

// Pods selects pods by their labels. Empty selects all of them.
type Pods struct {
	// Labels must all match.
	Labels map[string]string
	// Names are values of app.kubernetes.io/name, one of which must match.
	Names []string
}

// Named selects pods by their names.
func Named(names ...string) Pods { return Pods{Names: names} }

// Within lets pods of a namespace reach a port of other pods of it: one policy for each side.
func Within(what string, from, to Pods, port int) []Policy {
	return []Policy{
		{Name: "allow-" + what + "-out", Pods: from, Direction: Egress, Peers: []Peer{{Pods: to, TCP: []int{port}}}},
		{Name: "allow-" + what, Pods: to, Direction: Ingress, Peers: []Peer{{Pods: from, TCP: []int{port}}}},
	}
}

// Peer is an endpoint of connections, with its open ports.
type Peer struct {
	// Anywhere includes every pod, node and address. It excludes the use of the fields below.
	Anywhere bool
	// Namespace selects a namespace by its name. Empty means the policy's own namespace, where CIDR is empty too.
	Namespace string
	// Pods selects pods in that namespace. Empty selects all of them.
	Pods Pods
	// CIDR is a network outside the cluster, without the networks in Except. The cluster's network policy engine decides
	// whether it includes pods and nodes: on Cilium it never does
	// (https://learn.microsoft.com/azure/aks/azure-cni-powered-by-cilium#frequently-asked-questions).
	CIDR   string
	Except []string
	// TCP and UDP are the open ports.
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

// selector leaves out the name expression if there are no names.
func (p Pods) selector() *metav1.LabelSelectorArgs {
	selector := &metav1.LabelSelectorArgs{MatchLabels: pulumi.ToStringMap(p.Labels)}
	if len(p.Names) > 0 {
		selector.MatchExpressions = metav1.LabelSelectorRequirementArray{&metav1.LabelSelectorRequirementArgs{
			Key: pulumi.String(kube.NameLabel), Operator: pulumi.String("In"), Values: pulumi.ToStringArray(p.Names),
		}}
	}
	return selector
}

// selectors returns nil for Anywhere: a rule without peers applies to all of them.
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
