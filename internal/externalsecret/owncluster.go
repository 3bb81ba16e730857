package externalsecret

import (
	"fmt"

	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	rbacv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/rbac/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/kube"
)

// OwnCluster are Secrets of one namespace of the cluster itself, which an account of another namespace reads
// (https://external-secrets.io/v0.20.4/provider/kubernetes).
type OwnCluster struct {
	// Namespace is the namespace of the Secrets, and Names are their names.
	Namespace string
	Names     []string
	// Account is the ServiceAccount that reads, and AccountNamespace its namespace.
	Account, AccountNamespace string
}

// Grant registers a Role with which the account gets these Secrets, but lists and watches none, and its binding, which
// it returns. Both have the metadata.
func (o OwnCluster) Grant(
	ctx *pulumi.Context, name string, metadata *metav1.ObjectMetaArgs, opts ...pulumi.ResourceOption,
) (pulumi.Resource, error) {
	role, err := rbacv1.NewRole(ctx, name+"-role", &rbacv1.RoleArgs{
		Metadata: metadata,
		Rules: rbacv1.PolicyRuleArray{&rbacv1.PolicyRuleArgs{
			ApiGroups:     pulumi.ToStringArray([]string{""}),
			Resources:     pulumi.ToStringArray([]string{"secrets"}),
			ResourceNames: pulumi.ToStringArray(o.Names),
			Verbs:         pulumi.ToStringArray([]string{"get"}),
		}},
	}, opts...)
	if err != nil {
		return nil, fmt.Errorf("creating the role: %w", err)
	}
	binding, err := rbacv1.NewRoleBinding(ctx, name+"-binding", &rbacv1.RoleBindingArgs{
		Metadata: metadata,
		RoleRef:  kube.RoleRef("Role", role.Metadata.Name().Elem()),
		Subjects: kube.AccountSubjects(o.Account, o.AccountNamespace),
	}, opts...)
	if err != nil {
		return nil, fmt.Errorf("binding the role: %w", err)
	}
	return binding, nil
}

// Provider returns the provider of a SecretStore that reads these Secrets.
func (o OwnCluster) Provider() pulumi.Map {
	return pulumi.Map{"kubernetes": pulumi.Map{
		"remoteNamespace": pulumi.String(o.Namespace),
		"server": pulumi.Map{
			"url": pulumi.String("https://kubernetes.default"),
			// Kubernetes publishes its certificate authority in every namespace.
			"caProvider": pulumi.Map{
				"type": pulumi.String("ConfigMap"),
				"name": pulumi.String("kube-root-ca.crt"),
				"key":  pulumi.String("ca.crt"),
			},
		},
		"auth": pulumi.Map{"serviceAccount": pulumi.Map{"name": pulumi.String(o.Account)}},
	}}
}
