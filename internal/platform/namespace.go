package platform

import (
	"fmt"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	networkingv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/networking/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/services/catalogue"
)

// Namespace is a namespace with everything that bounds what may run and talk in it.
type Namespace struct {
	pulumi.ResourceState

	// Name is the physical name.
	Name string

	resources []pulumi.Resource
}

// NamespaceArgs says how a namespace is bounded.
type NamespaceArgs struct {
	// Name is the physical name. Changing it moves everything in it to a new namespace.
	Name string
	// Environment labels the namespace.
	Environment string
	// Quota is the hard limit of all pods together. Without pods there is none.
	Quota config.Quota
	// Policies are what may be talked, beside what DNS needs; everything else is closed in both directions.
	Policies []Policy
}

// NewNamespace registers a namespace, its limits and its network policies.
func NewNamespace(
	ctx *pulumi.Context, name string, args *NamespaceArgs, opts ...pulumi.ResourceOption,
) (*Namespace, error) {
	namespace := &Namespace{Name: args.Name}
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

// Resources are what must exist before the first pod: a pod that starts earlier starts unbounded.
func (n *Namespace) Resources() []pulumi.Resource { return n.resources }

func (n *Namespace) build(ctx *pulumi.Context, name string, args *NamespaceArgs) error {
	object, err := corev1.NewNamespace(ctx, name+"-namespace", &corev1.NamespaceArgs{
		Metadata: &metav1.ObjectMetaArgs{Name: pulumi.String(args.Name), Labels: namespaceLabels(args.Environment)},
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

// newPolicies also keeps the closed door first in the list of what workloads wait for.
func (n *Namespace) newPolicies(
	ctx *pulumi.Context, name string, policies []Policy, opts ...pulumi.ResourceOption,
) error {
	for _, policy := range policies {
		object, err := networkingv1.NewNetworkPolicy(ctx, name+"-"+policy.Name, &networkingv1.NetworkPolicyArgs{
			Metadata: inNamespace(n.Name, policy.Name),
			Spec:     policy.spec(),
		}, opts...)
		if err != nil {
			return fmt.Errorf("creating network policy %s: %w", policy.Name, err)
		}
		n.resources = append(n.resources, object)
	}
	return nil
}

// namespaceLabels hold the Pod Security Standard that the API server enforces, and warns and audits of.
func namespaceLabels(environment string) pulumi.StringMap {
	labels := platformLabels()
	labels["environment"] = pulumi.String(environment)
	for _, mode := range []string{"enforce", "audit", "warn"} {
		labels["pod-security.kubernetes.io/"+mode] = pulumi.String("restricted")
		labels["pod-security.kubernetes.io/"+mode+"-version"] = pulumi.String("latest")
	}
	return labels
}

func inNamespace(namespace, name string) *metav1.ObjectMetaArgs {
	return &metav1.ObjectMetaArgs{
		Name:      pulumi.String(name),
		Namespace: pulumi.String(namespace),
		Labels:    platformLabels(),
	}
}

// platformLabels are on every object that belongs to no single service.
func platformLabels() pulumi.StringMap {
	return pulumi.StringMap{
		"app.kubernetes.io/part-of":    pulumi.String(catalogue.PartOf),
		"app.kubernetes.io/managed-by": pulumi.String("pulumi"),
	}
}
