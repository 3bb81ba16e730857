package gke

import (
	"github.com/pulumi/pulumi-gcp/sdk/v7/go/gcp/container"
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
)

// applicationDefault makes the plugin get its token from the same source as the Google Cloud provider: a person's
// `gcloud auth application-default login`, a pipeline's identity federation, or the machine. Without it the plugin runs
// gcloud, which would have to be installed and signed in separately
// (https://github.com/kubernetes/cloud-provider-gcp/blob/master/cmd/gke-gcloud-auth-plugin/cred.go).
const applicationDefault = "--use_application_default_credentials"

// newKubernetesProvider authenticates with a token that gke-gcloud-auth-plugin gets for the identity that runs Pulumi.
// It is one of the administrators, whose grants must exist before the first object and until the last one is gone.
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
			Args:      []string{applicationDefault},
		}.Encode()
	})
	return pulumi.ToSecret(encoded).(pulumi.StringOutput)
}
