package aks

import (
	"encoding/base64"
	"errors"
	"fmt"

	aks "github.com/pulumi/pulumi-azure-native-sdk/containerservice/v2/v20240901"
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"

	"github.com/dreamseed/platform/cluster"
)

// entraServer is the ID of the Entra application that stands for the API server of every AKS cluster
// (https://azure.github.io/kubelogin/concepts/aks.html).
const entraServer = "6dae42f8-4368-4678-94ff-3960e28e3630"

// newKubernetesProvider authenticates with a token that kubelogin gets for the identity that runs Pulumi, which is a
// member of one of the groups that administer the cluster.
func (b *builder) newKubernetesProvider(plane *aks.ManagedCluster) (*kubernetes.Provider, error) {
	return cluster.NewProvider(b.ctx, b.name+"-kubernetes", &cluster.ProviderArgs{
		Identity:   b.spec.Identity(),
		Kubeconfig: b.kubeconfig(plane),
		Context:    b.spec.Identity(),
	}, pulumi.Parent(b))
}

// publicName requests the publicly resolvable name of a private API server. By default Azure returns the private one,
// as `az aks get-credentials` does without --public-fqdn (https://github.com/Azure/kubelogin/issues/116,
// https://learn.microsoft.com/cli/azure/aks#az-aks-get-credentials).
const publicName = "public"

// serverName returns the name of the API server to request. An API server that is not private has its public name only.
func (b *builder) serverName() pulumi.StringPtrInput {
	if b.spec.API.Private() {
		return pulumi.String(publicName)
	}
	return nil
}

// kubeconfig asks Azure for the API server's address and certificate authority in every run, because both can change
// without Pulumi. Azure returns a whole kubeconfig; its user is dropped.
func (b *builder) kubeconfig(plane *aks.ManagedCluster) pulumi.StringOutput {
	answer := aks.ListManagedClusterUserCredentialsOutput(b.ctx, aks.ListManagedClusterUserCredentialsOutputArgs{
		ResourceGroupName: b.group,
		ResourceName:      plane.Name,
		Format:            pulumi.String("exec"),
		ServerFqdn:        b.serverName(),
	}, pulumi.Parent(b), pulumi.Provider(b.provider))
	encoded := answer.Kubeconfigs().ApplyT(func(found []aks.CredentialResultResponse) (string, error) {
		server, err := findServer(found)
		if err != nil {
			return "", fmt.Errorf("reading Azure's kubeconfig of cluster %s: %w", b.spec.Identity(), err)
		}
		return cluster.Kubeconfig{
			Name:      b.spec.Identity(),
			Server:    server.Server,
			Authority: base64.StdEncoding.EncodeToString(server.CertificateAuthorityData),
			Command:   "kubelogin",
			Args:      []string{"get-token", "--login", "azurecli", "--server-id", entraServer},
		}.Encode()
	})
	return pulumi.ToSecret(encoded).(pulumi.StringOutput)
}

// findServer returns the cluster of the current context in Azure's kubeconfig.
func findServer(answer []aks.CredentialResultResponse) (*api.Cluster, error) {
	if len(answer) == 0 {
		return nil, errors.New("there is none")
	}
	content, err := base64.StdEncoding.DecodeString(answer[0].Value)
	if err != nil {
		return nil, err
	}
	config, err := clientcmd.Load(content)
	if err != nil {
		return nil, err
	}
	current, found := config.Contexts[config.CurrentContext]
	if !found || config.Clusters[current.Cluster] == nil {
		return nil, errors.New("its current context leads to no cluster")
	}
	return config.Clusters[current.Cluster], nil
}
