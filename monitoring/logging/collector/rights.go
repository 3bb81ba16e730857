package collector

import (
	"fmt"

	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	rbacv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/rbac/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/kube"
)

// newRights lets the collector see the pods of the services, by which it names the service of a line, and nothing else
// (https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/v0.165.0/processor/k8sattributesprocessor).
func newRights(
	ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption,
) ([]pulumi.Resource, error) {
	role, err := rbacv1.NewRole(ctx, name+"-role", &rbacv1.RoleArgs{
		Metadata: args.amongServices(),
		Rules: rbacv1.PolicyRuleArray{&rbacv1.PolicyRuleArgs{
			ApiGroups: pulumi.ToStringArray([]string{""}),
			Resources: pulumi.ToStringArray([]string{"pods"}),
			Verbs:     pulumi.ToStringArray([]string{"get", "list", "watch"}),
		}},
	}, opts...)
	if err != nil {
		return nil, fmt.Errorf("creating the role: %w", err)
	}
	binding, err := rbacv1.NewRoleBinding(ctx, name+"-binding", &rbacv1.RoleBindingArgs{
		Metadata: args.amongServices(),
		RoleRef:  kube.RoleRef("Role", role.Metadata.Name().Elem()),
		Subjects: kube.AccountSubjects(Name, args.Namespace),
	}, opts...)
	if err != nil {
		return nil, fmt.Errorf("binding the role: %w", err)
	}
	return []pulumi.Resource{binding}, nil
}

// amongServices returns the metadata of an object in the services' namespace.
func (a *Args) amongServices() *metav1.ObjectMetaArgs {
	return kube.Metadata(a.Pipeline.Namespace, Name, labels())
}

// metadata returns the metadata of an object in the collector's own namespace.
func (a *Args) metadata() *metav1.ObjectMetaArgs { return kube.Metadata(a.Namespace, Name, labels()) }
