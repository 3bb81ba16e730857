package eks

import (
	awseks "github.com/pulumi/pulumi-aws/sdk/v6/go/aws/eks"
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
)

// newAccess lets in whoever may reach the API server: the identity that runs Pulumi, and the one that previews.
func (b *builder) newAccess(plane *awseks.Cluster) (*kubernetes.Provider, *cluster.Subject, error) {
	previewer, err := b.newPreviewer(plane)
	if err != nil {
		return nil, nil, err
	}
	provider, err := b.newKubernetesProvider(plane)
	return provider, previewer, err
}

// newKubernetesProvider authenticates with a token that the AWS command line gets for the identity that runs Pulumi,
// once that identity is an administrator.
func (b *builder) newKubernetesProvider(plane *awseks.Cluster) (*kubernetes.Provider, error) {
	access, err := b.newAdministrators(plane)
	if err != nil {
		return nil, err
	}
	return cluster.NewProvider(b.ctx, b.name+"-kubernetes", &cluster.ProviderArgs{
		Identity:   b.spec.Identity(),
		Kubeconfig: b.kubeconfig(plane),
		Context:    b.spec.Identity(),
	}, pulumi.Parent(b), pulumi.DependsOn(access))
}

func (b *builder) kubeconfig(plane *awseks.Cluster) pulumi.StringOutput {
	authority := plane.CertificateAuthority.Data().Elem()
	encoded := pulumi.All(plane.Endpoint, authority).ApplyT(func(known []any) (string, error) {
		return cluster.Kubeconfig{
			Name:      b.spec.Identity(),
			Server:    known[0].(string),
			Authority: known[1].(string),
			Command:   "aws",
			Args: []string{
				"eks", "get-token", "--cluster-name", b.spec.Identity(), "--region", b.spec.Region, "--output", "json",
			},
		}.Encode()
	})
	return pulumi.ToSecret(encoded).(pulumi.StringOutput)
}
