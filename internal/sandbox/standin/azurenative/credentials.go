package azurenative

import (
	"encoding/base64"
	"errors"
	"fmt"

	"github.com/dreamseed/platform/internal/sandbox/standin"
)

// userCredentials returns a cluster's kubeconfig.
func userCredentials(names *serverNames) standin.Function {
	return standin.Function{
		Source:    reference + "containerservice/listmanagedclusterusercredentials/",
		Arguments: []string{"resourceGroupName", "resourceName", "format", "serverFqdn"},
		Result:    map[string]standin.Value{"kubeconfigs": names.kubeconfigs},
		Secrets:   []string{"kubeconfigs"},
	}
}

// kubeconfig is Azure's answer for a cluster without local accounts, in the format "exec". Its user makes a person sign
// in with a browser (https://learn.microsoft.com/azure/aks/kubelogin-authentication). Other clusters have a token
// there; the one here is planted.
const kubeconfig = `apiVersion: v1
kind: Config
current-context: %[1]v
clusters:
- name: %[1]v
  cluster:
    server: %[3]s
    certificate-authority-data: %[4]s
contexts:
- name: %[1]v
  context:
    cluster: %[1]v
    user: clusterUser_%[2]v_%[1]v
users:
- name: clusterUser_%[2]v_%[1]v
  user:
    token: %[6]s
    exec:
      apiVersion: client.authentication.k8s.io/v1beta1
      command: kubelogin
      args: [get-token, --environment, AzurePublicCloud, --server-id, 6dae42f8-4368-4678-94ff-3960e28e3630,
        --client-id, 80faf920-1908-4b52-b5ef-a8e7bedfc67a, --tenant-id, %[5]s, --login, devicecode]
      provideClusterInfo: false
`

func (s *serverNames) kubeconfigs(i standin.Instance) any {
	if i.Config["subscriptionId"] == "" {
		return errors.New("the provider that is asked has no subscription")
	}
	server, err := s.server(i)
	if err != nil {
		return err
	}
	name, _ := i.Input("resourceName")
	group, _ := i.Input("resourceGroupName")
	content := fmt.Sprintf(kubeconfig, name, group, server, i.Server.Authority, tenant, standin.Canary)
	return []any{map[string]any{"name": "clusterUser", "value": base64.StdEncoding.EncodeToString([]byte(content))}}
}
