// Package namespace builds namespaces with everything that bounds their pods: a quota, default requests and limits, the
// Pod Security Standard, and network policies that deny every connection that is not explicitly allowed.
package namespace

import (
	"fmt"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	networkingv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/networking/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/kube"
	"github.com/dreamseed/platform/services/catalogue"
)

// Namespace is a namespace with everything that bounds its pods and their connections.
type Namespace struct {
	pulumi.ResourceState

	// Name is the physical name.
	Name string

	resources []pulumi.Resource
}

// Args sets the bounds of a namespace.
type Args struct {
	// Name is the physical name. Changing it moves everything in it to a new namespace.
	Name string
	// Environment labels the namespace.
	Environment string
	// Quota is the hard limit of all pods together. Zero pods means no quota.
	Quota catalogue.Demand
	// PodSecurity is the Pod Security Standard that its pods have to meet. Default Restricted. A change applies to pods
	// that are created from then on, and leaves those that run.
	PodSecurity Level
	// Policies allow connections in addition to name resolution; all others are denied in both directions.
	Policies []Policy
}

// New registers a namespace, its limits and its network policies.
func New(
	ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption,
) (*Namespace, error) {
	namespace := &Namespace{Name: args.Name}
	// The type is part of every resource's name in the state: it outlives moves of the code.
	if err := ctx.RegisterComponentResource("dreamseed:platform:Namespace", name, namespace, opts...); err != nil {
		return nil, fmt.Errorf("registering namespace %s: %w", args.Name, err)
	}
	if err := namespace.build(ctx, name, args); err != nil {
		return nil, fmt.Errorf("building namespace %s: %w", args.Name, err)
	}
	if err := ctx.RegisterResourceOutputs(namespace, pulumi.Map{"name": pulumi.String(args.Name)}); err != nil {
		return nil, fmt.Errorf("registering the outputs of namespace %s: %w", args.Name, err)
	}
	return namespace, nil
}

// Resources returns the resources that must exist before the first pod: a pod that starts earlier starts unbounded.
func (n *Namespace) Resources() []pulumi.Resource { return n.resources }

func (n *Namespace) build(ctx *pulumi.Context, name string, args *Args) error {
	object, err := corev1.NewNamespace(ctx, name+"-namespace", &corev1.NamespaceArgs{
		Metadata: kube.Metadata("", args.Name, args.labels()),
	}, pulumi.Parent(n))
	if err != nil {
		return fmt.Errorf("creating the namespace: %w", err)
	}
	n.resources = append(n.resources, object)
	inside := []pulumi.ResourceOption{pulumi.Parent(n), pulumi.DependsOn([]pulumi.Resource{object})}
	if args.Quota.Pods > 0 {
		if err := n.newLimits(ctx, name, args.Quota, inside...); err != nil {
			return err
		}
	}
	return n.newPolicies(ctx, name, append(basicPolicies(), args.Policies...), inside...)
}

// newPolicies registers the policies in order, so that the default-deny policy comes first in the list that workloads
// wait for.
func (n *Namespace) newPolicies(
	ctx *pulumi.Context, name string, policies []Policy, opts ...pulumi.ResourceOption,
) error {
	for _, policy := range policies {
		object, err := networkingv1.NewNetworkPolicy(ctx, name+"-"+policy.Name, &networkingv1.NetworkPolicyArgs{
			Metadata: kube.Metadata(n.Name, policy.Name, kube.Labels()),
			Spec:     policy.spec(),
		}, opts...)
		if err != nil {
			return fmt.Errorf("creating network policy %s: %w", policy.Name, err)
		}
		n.resources = append(n.resources, object)
	}
	return nil
}

// labels returns the labels of the namespace object.
func (args *Args) labels() pulumi.StringMap {
	own := pulumi.StringMap{"environment": pulumi.String(args.Environment)}
	return kube.With(kube.With(kube.Labels(), own), args.PodSecurity.labels())
}
