package existing

import (
	"fmt"

	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	rbacv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/rbac/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/kube"
)

const rbacGroup = "rbac.authorization.k8s.io"

// newSecretReader lets a service account get the given Secrets of cluster.SecretNamespace, but not list or watch any.
func newSecretReader(provider *kubernetes.Provider, parent pulumi.Resource) cluster.SecretReaderBuilder {
	return func(
		ctx *pulumi.Context, name string, args *cluster.SecretReaderArgs, opts ...pulumi.ResourceOption,
	) (*cluster.SecretReader, error) {
		opts = append([]pulumi.ResourceOption{pulumi.Parent(parent), pulumi.Provider(provider)}, opts...)
		role, err := rbacv1.NewRole(ctx, name+"-role", &rbacv1.RoleArgs{
			Metadata: inSecretNamespace(args),
			Rules: rbacv1.PolicyRuleArray{&rbacv1.PolicyRuleArgs{
				ApiGroups:     pulumi.ToStringArray([]string{""}),
				Resources:     pulumi.ToStringArray([]string{"secrets"}),
				ResourceNames: pulumi.ToStringArray(args.Names),
				Verbs:         pulumi.ToStringArray([]string{"get"}),
			}},
		}, opts...)
		if err != nil {
			return nil, fmt.Errorf("creating the role: %w", err)
		}
		binding, err := rbacv1.NewRoleBinding(ctx, name+"-binding", &rbacv1.RoleBindingArgs{
			Metadata: inSecretNamespace(args),
			RoleRef: &rbacv1.RoleRefArgs{
				ApiGroup: pulumi.String(rbacGroup), Kind: pulumi.String("Role"), Name: role.Metadata.Name().Elem(),
			},
			Subjects: rbacv1.SubjectArray{&rbacv1.SubjectArgs{
				Kind:      pulumi.String("ServiceAccount"),
				Name:      pulumi.String(args.ServiceAccount),
				Namespace: pulumi.String(args.Namespace),
			}},
		}, opts...)
		if err != nil {
			return nil, fmt.Errorf("binding the role: %w", err)
		}
		return &cluster.SecretReader{
			StoreProvider: pulumi.Map{"kubernetes": fromOwnCluster(args)},
			Property:      cluster.SecretProperty,
			Ready:         []pulumi.Resource{binding},
		}, nil
	}
}

// fromOwnCluster reads from the API server of the cluster itself, as the service account
// (https://external-secrets.io/latest/provider/kubernetes).
func fromOwnCluster(args *cluster.SecretReaderArgs) pulumi.Map {
	return pulumi.Map{
		"remoteNamespace": pulumi.String(cluster.SecretNamespace),
		"server": pulumi.Map{
			"url": pulumi.String("https://kubernetes.default"),
			// Kubernetes publishes its certificate authority in every namespace.
			"caProvider": pulumi.Map{
				"type": pulumi.String("ConfigMap"),
				"name": pulumi.String("kube-root-ca.crt"),
				"key":  pulumi.String("ca.crt"),
			},
		},
		"auth": pulumi.Map{"serviceAccount": pulumi.Map{"name": pulumi.String(args.ServiceAccount)}},
	}
}

// inSecretNamespace names a reader's objects after its service account and its namespace: other environments may have
// readers there, too.
func inSecretNamespace(args *cluster.SecretReaderArgs) *metav1.ObjectMetaArgs {
	return kube.Metadata(cluster.SecretNamespace, args.Namespace+"-"+args.ServiceAccount, kube.Labels())
}
