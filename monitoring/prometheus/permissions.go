package prometheus

import (
	"fmt"

	rbacv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/rbac/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/kube"
)

// newPermissions lets Prometheus find its targets: pods in the scraped namespaces, and nodes, which are in none. It may
// read the metrics of the nodes, and nothing else anywhere.
func newPermissions(
	ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption,
) ([]pulumi.Resource, error) {
	var granted []pulumi.Resource
	for _, namespace := range args.Scraped {
		binding, err := newRole(ctx, name+"-pods-of-"+namespace, args, namespace, opts...)
		if err != nil {
			return nil, fmt.Errorf("permitting to list the pods of %s: %w", namespace, err)
		}
		granted = append(granted, binding)
	}
	binding, err := newClusterRole(ctx, name+"-nodes", args, opts...)
	if err != nil {
		return nil, fmt.Errorf("permitting to list nodes: %w", err)
	}
	return append(granted, binding), nil
}

// newRole permits what the discovery of pods does: it lists them once and then watches
// (https://prometheus.io/docs/prometheus/latest/configuration/configuration/#pod).
func newRole(
	ctx *pulumi.Context, name string, args *Args, namespace string, opts ...pulumi.ResourceOption,
) (pulumi.Resource, error) {
	role, err := rbacv1.NewRole(ctx, name+"-role", &rbacv1.RoleArgs{
		Metadata: kube.Metadata(namespace, Name, kube.WorkloadLabels(Name)),
		Rules:    rbacv1.PolicyRuleArray{permit("pods", "list", "watch")},
	}, opts...)
	if err != nil {
		return nil, fmt.Errorf("creating the role: %w", err)
	}
	binding, err := rbacv1.NewRoleBinding(ctx, name+"-binding", &rbacv1.RoleBindingArgs{
		Metadata: kube.Metadata(namespace, Name, kube.WorkloadLabels(Name)),
		RoleRef:  kube.RoleRef("Role", role.Metadata.Name().Elem()),
		Subjects: kube.AccountSubjects(Name, args.Namespace),
	}, opts...)
	if err != nil {
		return nil, fmt.Errorf("binding the role: %w", err)
	}
	return binding, nil
}

// newClusterRole permits what the discovery of nodes does, and reading the metrics of their kubelets, which ask the API
// server for exactly this permission (https://kubernetes.io/docs/reference/access-authn-authz/kubelet-authn-authz).
func newClusterRole(
	ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption,
) (pulumi.Resource, error) {
	// The name is the whole cluster's, and the cluster may have another Prometheus.
	called := args.Namespace + "-" + Name
	role, err := rbacv1.NewClusterRole(ctx, name+"-role", &rbacv1.ClusterRoleArgs{
		Metadata: kube.Metadata("", called, kube.WorkloadLabels(Name)),
		Rules:    rbacv1.PolicyRuleArray{permit("nodes", "list", "watch"), permit("nodes/metrics", "get")},
	}, opts...)
	if err != nil {
		return nil, fmt.Errorf("creating the cluster role: %w", err)
	}
	binding, err := rbacv1.NewClusterRoleBinding(ctx, name+"-binding", &rbacv1.ClusterRoleBindingArgs{
		Metadata: kube.Metadata("", called, kube.WorkloadLabels(Name)),
		RoleRef:  kube.RoleRef("ClusterRole", role.Metadata.Name().Elem()),
		Subjects: kube.AccountSubjects(Name, args.Namespace),
	}, opts...)
	if err != nil {
		return nil, fmt.Errorf("binding the cluster role: %w", err)
	}
	return binding, nil
}

func permit(resource string, verbs ...string) *rbacv1.PolicyRuleArgs {
	return &rbacv1.PolicyRuleArgs{
		ApiGroups: pulumi.ToStringArray([]string{""}),
		Resources: pulumi.ToStringArray([]string{resource}),
		Verbs:     pulumi.ToStringArray(verbs),
	}
}
