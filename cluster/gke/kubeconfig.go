package gke

import (
	"github.com/pulumi/pulumi-gcp/sdk/v7/go/gcp/container"
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
)

// newKubernetesProvider reaches the cluster with a token that gke-gcloud-auth-plugin gets for whoever runs Pulumi. That
// is one of the administrators, whose right must be there before the first object and until the last one is gone.
func (b *builder) newKubernetesProvider(
	plane *container.Cluster, administrators []pulumi.Resource,
) (*kubernetes.Provider, error) {
	return cluster.NewProvider(b.ctx, b.name+"-kubernetes", &cluster.ProviderArgs{
		Identity:   b.spec.Identity(),
		Kubeconfig: b.kubeconfig(plane),
		Context:    b.spec.Identity(),
	}, pulumi.Parent(b), pulumi.DependsOn(administrators))
}

func (b *builder) kubeconfig(plane *container.Cluster) pulumi.StringOutput {
	endpoint := plane.Endpoint
	if b.spec.API.Private() {
		endpoint = plane.PrivateClusterConfig.PrivateEndpoint().Elem()
	}
	authority := plane.MasterAuth.ClusterCaCertificate().Elem()
	encoded := pulumi.All(endpoint, authority).ApplyT(func(known []any) (string, error) {
		return cluster.Kubeconfig{
			Name:      b.spec.Identity(),
			Server:    "https://" + known[0].(string),
			Authority: known[1].(string),
			Command:   "gke-gcloud-auth-plugin",
		}.Encode()
	})
	return pulumi.ToSecret(encoded).(pulumi.StringOutput)
}
