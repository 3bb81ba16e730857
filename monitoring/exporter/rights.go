package exporter

import (
	"fmt"

	rbacv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/rbac/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/kube"
)

// grant lets the reader list and watch its kinds: in the watched namespaces or, without any, in the cluster. It returns
// the bindings.
func (r reader) grant(
	ctx *pulumi.Context, name string, opts ...pulumi.ResourceOption,
) ([]pulumi.Resource, error) {
	if len(r.watched) == 0 {
		binding, err := r.grantInCluster(ctx, name, opts...)
		return []pulumi.Resource{binding}, err
	}
	var bindings []pulumi.Resource
	for _, namespace := range r.watched {
		binding, err := r.grantIn(ctx, name, namespace, opts...)
		if err != nil {
			return nil, fmt.Errorf("granting rights in namespace %s: %w", namespace, err)
		}
		bindings = append(bindings, binding)
	}
	return bindings, nil
}

func (r reader) grantIn(
	ctx *pulumi.Context, name, namespace string, opts ...pulumi.ResourceOption,
) (pulumi.Resource, error) {
	metadata := kube.Metadata(namespace, r.name, r.labels())
	role, err := rbacv1.NewRole(ctx, name+"-role-"+namespace, &rbacv1.RoleArgs{
		Metadata: metadata, Rules: r.rules(),
	}, opts...)
	if err != nil {
		return nil, fmt.Errorf("creating the role: %w", err)
	}
	binding, err := rbacv1.NewRoleBinding(ctx, name+"-binding-"+namespace, &rbacv1.RoleBindingArgs{
		Metadata: metadata,
		RoleRef:  kube.RoleRef("Role", role.Metadata.Name().Elem()),
		Subjects: kube.AccountSubjects(r.name, r.namespace),
	}, opts...)
	if err != nil {
		return nil, fmt.Errorf("binding the role: %w", err)
	}
	return binding, nil
}

// grantInCluster names the objects after the namespace of the pods, too: another kube-state-metrics of the cluster may
// have a ClusterRole of its own name.
func (r reader) grantInCluster(
	ctx *pulumi.Context, name string, opts ...pulumi.ResourceOption,
) (pulumi.Resource, error) {
	metadata := kube.Metadata("", r.namespace+"-"+r.name, r.labels())
	role, err := rbacv1.NewClusterRole(ctx, name+"-cluster-role", &rbacv1.ClusterRoleArgs{
		Metadata: metadata, Rules: r.rules(),
	}, opts...)
	if err != nil {
		return nil, fmt.Errorf("creating the cluster role: %w", err)
	}
	binding, err := rbacv1.NewClusterRoleBinding(ctx, name+"-cluster-binding", &rbacv1.ClusterRoleBindingArgs{
		Metadata: metadata,
		RoleRef:  kube.RoleRef("ClusterRole", role.Metadata.Name().Elem()),
		Subjects: kube.AccountSubjects(r.name, r.namespace),
	}, opts...)
	if err != nil {
		return nil, fmt.Errorf("binding the cluster role: %w", err)
	}
	return binding, nil
}

func (r reader) rules() rbacv1.PolicyRuleArray {
	rules := rbacv1.PolicyRuleArray{}
	for _, kind := range r.kinds {
		rules = append(rules, &rbacv1.PolicyRuleArgs{
			ApiGroups: pulumi.ToStringArray([]string{kind.group}),
			Resources: pulumi.ToStringArray([]string{kind.resource}),
			Verbs:     pulumi.ToStringArray([]string{"list", "watch"}),
		})
	}
	return rules
}
