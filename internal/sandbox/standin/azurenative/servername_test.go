package azurenative_test

import (
	"encoding/base64"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/sandbox/standin"
	"github.com/dreamseed/platform/internal/sandbox/standin/azurenative"
)

const (
	clusterToken     = "azure-native:containerservice/v20240901:ManagedCluster"
	credentialsToken = "azure-native:containerservice/v20240901:listManagedClusterUserCredentials"
)

// here is the sandbox's API server.
var here = standin.APIServer{URL: "https://127.0.0.1:6443", Authority: "cGxhbnRlZA=="}

var config = map[string]string{"subscriptionId": "5f0c2a10-0000-4000-8000-000000000002"}

// made creates a cluster with this access to its API server.
func made(t *testing.T, cloud standin.Cloud, access map[string]any) {
	t.Helper()
	_, _, err := cloud.Create(clusterToken, map[string]any{
		"resourceName": "one", "resourceGroupName": "group", "location": "westeurope", "dnsPrefix": "one",
		"kubernetesVersion": "1.35", "agentPoolProfiles": []any{map[string]any{"name": "system"}},
		"apiServerAccessProfile": access,
	}, config, here, standin.NewMemory())
	require.NoError(t, err)
}

// asked requests the kubeconfig of a cluster, by the given name of its server if it is not empty.
func asked(cloud standin.Cloud, serverFQDN string) (string, error) {
	arguments := map[string]any{"resourceName": "one", "resourceGroupName": "group", "format": "exec"}
	if serverFQDN != "" {
		arguments["serverFqdn"] = serverFQDN
	}
	answer, err := cloud.Call(credentialsToken, arguments, config, here)
	if err != nil {
		return "", err
	}
	content, err := base64.StdEncoding.DecodeString(answer["kubeconfigs"].([]any)[0].(map[string]any)["value"].(string))
	return string(content), err
}

func TestAPrivateAPIServerIsFoundByItsPublicName(t *testing.T) {
	cloud := azurenative.Cloud()
	made(t, cloud, map[string]any{"enablePrivateCluster": true, "enablePrivateClusterPublicFQDN": true})

	kubeconfig, err := asked(cloud, "public")
	require.NoError(t, err)
	assert.Contains(t, kubeconfig, "server: https://127.0.0.1:6443\n")

	for _, other := range []string{"", "private"} {
		kubeconfig, err = asked(cloud, other)
		require.NoError(t, err)
		assert.Contains(t, kubeconfig, "server: https://one-5f0c2a10.privatelink.westeurope.azmk8s.io:443\n",
			"whoever asks for no public name gets the one that nobody resolves from outside")
	}
}

func TestAPrivateAPIServerNeedNotHaveAPublicName(t *testing.T) {
	cloud := azurenative.Cloud()
	made(t, cloud, map[string]any{"enablePrivateCluster": true, "enablePrivateClusterPublicFQDN": false})
	_, err := asked(cloud, "public")
	require.ErrorContains(t, err, "cluster group/one has no public name")
	kubeconfig, err := asked(cloud, "")
	require.NoError(t, err)
	assert.Contains(t, kubeconfig, ".privatelink.")
}

func TestAPublicAPIServerIsFoundByAnyName(t *testing.T) {
	cloud := azurenative.Cloud()
	made(t, cloud, map[string]any{"enablePrivateCluster": false})
	for _, name := range []string{"", "public"} {
		kubeconfig, err := asked(cloud, name)
		require.NoError(t, err)
		assert.Contains(t, kubeconfig, "server: https://127.0.0.1:6443\n", name)
	}
}

// The engine asks again in a run that does not touch the cluster.
func TestAClusterThatNothingIsKnownOfIsFoundByAnyName(t *testing.T) {
	for _, name := range []string{"", "public"} {
		kubeconfig, err := asked(azurenative.Cloud(), name)
		require.NoError(t, err)
		assert.Contains(t, kubeconfig, "server: https://127.0.0.1:6443\n", name)
	}
}
