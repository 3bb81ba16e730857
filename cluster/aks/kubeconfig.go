package aks

import (
	"encoding/base64"
	"errors"
	"fmt"

	containerservice "github.com/pulumi/pulumi-azure-native-sdk/containerservice/v2/v20240901"
	"github.com/pulumi/pulumi-azure-native-sdk/resources/v2"
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/dreamseed/platform/cluster"
)

// serverApplication is what every AKS API server is called in Entra
// (https://azure.github.io/kubelogin/concepts/aks.html).
const serverApplication = "6dae42f8-4368-4678-94ff-3960e28e3630"

// newKubernetesProvider reaches the cluster with a token that kubelogin gets for whoever is signed in to Azure's
// command line.
func (b *builder) newKubernetesProvider(
	group *resources.ResourceGroup, plane *containerservice.ManagedCluster,
) (*kubernetes.Provider, error) {
	return cluster.NewProvider(b.ctx, b.name+"-kubernetes", &cluster.ProviderArgs{
		Identity:   b.spec.Identity(),
		Kubeconfig: b.kubeconfig(group, plane),
		Context:    b.spec.Identity(),
	}, pulumi.Parent(b))
}

// kubeconfig takes the address and the authority out of the one that AKS hands out, and nothing else.
func (b *builder) kubeconfig(
	group *resources.ResourceGroup, plane *containerservice.ManagedCluster,
) pulumi.StringOutput {
	handedOut := containerservice.ListManagedClusterUserCredentialsOutput(b.ctx,
		containerservice.ListManagedClusterUserCredentialsOutputArgs{
			ResourceGroupName: group.Name,
			ResourceName:      plane.Name,
			Format:            pulumi.String("exec"),
		}, pulumi.Parent(b), pulumi.Provider(b.provider))
	encoded := handedOut.Kubeconfigs().ApplyT(func(all []containerservice.CredentialResultResponse) (string, error) {
		if len(all) == 0 {
			return "", errors.New("reading the kubeconfig that AKS hands out: there is none")
		}
		return b.withoutCredential(all[0].Value)
	})
	return pulumi.ToSecret(encoded).(pulumi.StringOutput)
}

func (b *builder) withoutCredential(encoded string) (string, error) {
	content, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		return "", errors.New("reading the kubeconfig that AKS hands out: it is not base64")
	}
	config, err := clientcmd.Load(content)
	if err != nil {
		return "", errors.New("reading the kubeconfig that AKS hands out: it is none")
	}
	current := config.Contexts[config.CurrentContext]
	if current == nil || config.Clusters[current.Cluster] == nil {
		return "", fmt.Errorf("reading the kubeconfig that AKS hands out: context %q has no cluster", config.CurrentContext)
	}
	at := config.Clusters[current.Cluster]
	return cluster.Kubeconfig{
		Name:      b.spec.Identity(),
		Server:    at.Server,
		Authority: base64.StdEncoding.EncodeToString(at.CertificateAuthorityData),
		Command:   "kubelogin",
		Args:      []string{"get-token", "--login", "azurecli", "--server-id", serverApplication},
	}.Encode()
}
