package credential

import (
	"bytes"
	"encoding/json"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/client-go/pkg/apis/clientauthentication/v1beta1"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"

	"github.com/dreamseed/platform/internal/sandbox/layout"
)

const server = "https://127.0.0.1:6443"

// sandbox makes the kubeconfig of a sandbox the one that is found, and asks for a credential for a server.
func sandbox(t *testing.T, wanted string) {
	t.Helper()
	config := api.NewConfig()
	config.Clusters["here"] = &api.Cluster{Server: server}
	config.AuthInfos["admin"] = &api.AuthInfo{ClientCertificateData: []byte("certificate"), ClientKeyData: []byte("key")}
	config.Contexts["here"] = &api.Context{Cluster: "here", AuthInfo: "admin"}
	config.CurrentContext = "here"
	path := filepath.Join(t.TempDir(), "kubeconfig")
	require.NoError(t, clientcmd.WriteToFile(*config, path))
	t.Setenv(layout.KubeconfigVariable, path)
	info, err := json.Marshal(v1beta1.ExecCredential{
		Spec: v1beta1.ExecCredentialSpec{Cluster: &v1beta1.Cluster{Server: wanted}},
	})
	require.NoError(t, err)
	t.Setenv(infoVariable, string(info))
}

func TestTheSandboxsServerGetsACredential(t *testing.T) {
	sandbox(t, server)
	var stdout bytes.Buffer
	require.NoError(t, run(nil, &stdout, None))
	var issued v1beta1.ExecCredential
	require.NoError(t, json.Unmarshal(stdout.Bytes(), &issued))
	assert.Equal(t, "ExecCredential", issued.Kind)
	assert.Equal(t, "client.authentication.k8s.io/v1beta1", issued.APIVersion)
	require.NotNil(t, issued.Status)
	assert.Equal(t, "certificate", issued.Status.ClientCertificateData)
	assert.Equal(t, "key", issued.Status.ClientKeyData)
}

func TestNobodyElseGetsOne(t *testing.T) {
	cases := map[string]func(t *testing.T){
		"another server": func(t *testing.T) { sandbox(t, "https://elsewhere:6443") },
		"no server": func(t *testing.T) {
			sandbox(t, server)
			t.Setenv(infoVariable, "")
		},
		"no sandbox": func(t *testing.T) {
			sandbox(t, server)
			t.Setenv(layout.KubeconfigVariable, filepath.Join(t.TempDir(), "none"))
		},
	}
	for name, arrange := range cases {
		t.Run(name, func(t *testing.T) {
			arrange(t)
			var stdout bytes.Buffer
			require.Error(t, run(nil, &stdout, None))
			assert.Empty(t, stdout.String())
		})
	}
}

func TestArgumentsAreThoseOfTheRealPrograms(t *testing.T) {
	cases := map[string]struct {
		check     func([]string) error
		arguments string
		accepted  bool
	}{
		"gke":           {None, "", true},
		"gke, a word":   {None, "version", false},
		"eks":           {EKS, "eks get-token --cluster-name a --region b --output json", true},
		"eks, no name":  {EKS, "eks get-token --region b --output json", false},
		"eks, as text":  {EKS, "eks get-token --cluster-name a --region b --output text", false},
		"eks, misspelt": {EKS, "eks get-token --cluster a --region b --output json", false},
		"eks, another":  {EKS, "sts get-token --cluster-name a --region b --output json", false},
		"aks":           {AKS, "get-token --login azurecli --server-id " + AKSServer, true},
		"aks, a device": {AKS, "get-token --login devicecode --server-id " + AKSServer, false},
		"aks, another":  {AKS, "get-token --login azurecli --server-id other", false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, c.accepted, c.check(strings.Fields(c.arguments)) == nil)
		})
	}
}
