package existing

import (
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/externalsecret"
	"github.com/dreamseed/platform/internal/kube"
)

// newSecretReader lets a service account get the given Secrets of cluster.SecretNamespace, but not list or watch any.
func newSecretReader(provider *kubernetes.Provider, parent pulumi.Resource) cluster.SecretReaderBuilder {
	return func(
		ctx *pulumi.Context, name string, args *cluster.SecretReaderArgs, opts ...pulumi.ResourceOption,
	) (*cluster.SecretReader, error) {
		opts = append([]pulumi.ResourceOption{pulumi.Parent(parent), pulumi.Provider(provider)}, opts...)
		read := externalsecret.OwnCluster{
			Namespace: cluster.SecretNamespace, Names: args.Names,
			Account: args.ServiceAccount, AccountNamespace: args.Namespace,
		}
		binding, err := read.Grant(ctx, name, inSecretNamespace(args), opts...)
		if err != nil {
			return nil, err
		}
		return &cluster.SecretReader{
			StoreProvider: read.Provider(),
			Property:      cluster.SecretProperty,
			Ready:         []pulumi.Resource{binding},
		}, nil
	}
}

// inSecretNamespace names a reader's objects after its service account and its namespace: other environments may have
// readers there, too.
func inSecretNamespace(args *cluster.SecretReaderArgs) *metav1.ObjectMetaArgs {
	return kube.Metadata(cluster.SecretNamespace, args.Namespace+"-"+args.ServiceAccount, kube.Labels())
}
