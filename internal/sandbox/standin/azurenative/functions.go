package azurenative

import (
	"encoding/base64"
	"fmt"

	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"

	"github.com/dreamseed/platform/internal/sandbox/standin"
)

// tenant is the Entra tenant of the stand-in's subscription.
const tenant = "5f0c2a10-0000-4000-8000-0000000000ff"

func functions() map[string]standin.Function {
	return map[string]standin.Function{
		"azure-native:authorization:getClientConfig": {
			Source: "https://www.pulumi.com/registry/packages/azure-native-v2/api-docs/authorization/getclientconfig",
			Result: map[string]standin.Value{
				"clientId":       standin.Constant("5f0c2a10-0000-4000-8000-0000000000fe"),
				"objectId":       standin.Constant("5f0c2a10-0000-4000-8000-0000000000fd"),
				"subscriptionId": standin.Text("{subscriptionId}"),
				"tenantId":       standin.Constant(tenant),
			},
		},
		"azure-native:containerservice/v20240901:listManagedClusterUserCredentials": {
			Source:    reference + "aks/managed-clusters/list-cluster-user-credentials",
			Arguments: []string{"resourceGroupName", "resourceName", "format"},
			Result:    map[string]standin.Value{"kubeconfigs": kubeconfigs},
		},
	}
}

// kubeconfigs is the one that AKS hands out for a cluster without local accounts: its user is asked to sign in by a
// device code, which no pipeline can.
func kubeconfigs(i standin.Instance) any {
	authority, err := base64.StdEncoding.DecodeString(i.Server.Authority)
	if err != nil {
		return fmt.Errorf("reading the authority of the API server: %w", err)
	}
	name := fmt.Sprint(standin.Text("{resourceName}")(i))
	user := fmt.Sprint(standin.Text("clusterUser_{resourceGroupName}_{resourceName}")(i))
	config := api.NewConfig()
	config.Clusters[name] = &api.Cluster{Server: i.Server.URL, CertificateAuthorityData: authority}
	config.AuthInfos[user] = &api.AuthInfo{Exec: &api.ExecConfig{
		APIVersion: "client.authentication.k8s.io/v1beta1",
		Command:    "kubelogin",
		Args:       []string{"get-token", "--login", "devicecode", "--tenant-id", tenant},
	}}
	config.Contexts[name] = &api.Context{Cluster: name, AuthInfo: user}
	config.CurrentContext = name
	encoded, err := clientcmd.Write(*config)
	if err != nil {
		return fmt.Errorf("encoding the kubeconfig: %w", err)
	}
	return []any{map[string]any{"name": "clusterUser", "value": base64.StdEncoding.EncodeToString(encoded)}}
}
