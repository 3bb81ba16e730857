package credential

import (
	"bytes"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/client-go/pkg/apis/clientauthentication/v1beta1"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"

	"github.com/dreamseed/platform/internal/sandbox/layout"
)

const (
	apiServer = "https://127.0.0.1:6443"
	asked     = `{"apiVersion": "client.authentication.k8s.io/v1beta1", "kind": "ExecCredential",
		"spec": {"interactive": false, "cluster": {"server": "https://127.0.0.1:6443"}}}`
)

// administrator returns the sandbox's kubeconfig as the Kubernetes library writes it, with a context for another
// cluster.
func administrator() *api.Config {
	config := api.NewConfig()
	for name, server := range map[string]string{"sandbox": apiServer, "other": "https://192.0.2.1"} {
		config.Clusters[name] = &api.Cluster{Server: server, CertificateAuthorityData: []byte("authority of " + name)}
		config.AuthInfos["admin-"+name] = &api.AuthInfo{
			ClientCertificateData: []byte("certificate of " + name), ClientKeyData: []byte("key of " + name),
		}
		config.Contexts[name] = &api.Context{Cluster: name, AuthInfo: "admin-" + name}
	}
	config.CurrentContext = "sandbox"
	return config
}

// anything accepts any arguments.
func anything([]string) error { return nil }

// inSandbox writes the sandbox's kubeconfig, and sets the client's exec info.
func inSandbox(t *testing.T, config *api.Config, info string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "kubeconfig")
	require.NoError(t, clientcmd.WriteToFile(*config, path))
	t.Setenv(layout.KubeconfigVariable, path)
	t.Setenv(infoVariable, info)
}

func TestTheCredentialIsTheAdministrators(t *testing.T) {
	inSandbox(t, administrator(), asked)
	var stdout bytes.Buffer
	before := time.Now()

	require.NoError(t, run(nil, &stdout, anything))

	var issued v1beta1.ExecCredential
	require.NoError(t, json.Unmarshal(stdout.Bytes(), &issued))
	assert.Equal(t, v1beta1.SchemeGroupVersion.String(), issued.APIVersion)
	assert.Equal(t, "ExecCredential", issued.Kind)
	assert.Empty(t, issued.Spec, "an answer is no question")
	require.NotNil(t, issued.Status)
	assert.Equal(t, "certificate of sandbox", issued.Status.ClientCertificateData)
	assert.Equal(t, "key of sandbox", issued.Status.ClientKeyData)
	require.NotNil(t, issued.Status.ExpirationTimestamp, "the client asks again")
	assert.WithinDuration(t, before.Add(lifetime), issued.Status.ExpirationTimestamp.Time, 5*time.Second)
}

func TestTheAPIServerIsThatOfTheCurrentContext(t *testing.T) {
	inSandbox(t, administrator(), asked)
	found, err := ReadAdministrator()
	require.NoError(t, err)
	assert.Equal(t, apiServer, found.Server)
	assert.Equal(t, "YXV0aG9yaXR5IG9mIHNhbmRib3g=", found.Authority)
}

func TestNoCredentialIsHandedOut(t *testing.T) {
	for reason, c := range map[string]struct {
		info  string
		plant func(*api.Config)
		want  string
	}{
		"without a question": {"", nil, "reading KUBERNETES_EXEC_INFO"},
		"to a client that does not name its server": {
			`{"apiVersion": "client.authentication.k8s.io/v1beta1", "spec": {"interactive": false}}`, nil,
			"it names no server: the kubeconfig must say provideClusterInfo",
		},
		"to another server": {
			`{"apiVersion": "client.authentication.k8s.io/v1beta1", "spec": {"cluster": {"server": "https://192.0.2.1"}}}`,
			nil, "the credential is for https://127.0.0.1:6443, not for https://192.0.2.1",
		},
		"in a version that the client does not read": {
			`{"apiVersion": "client.authentication.k8s.io/v1", "spec": {"cluster": {"server": "https://127.0.0.1:6443"}}}`,
			nil, `it is of version "client.authentication.k8s.io/v1"`,
		},
		"without a context": {
			asked, func(c *api.Config) { c.CurrentContext = "gone" }, "it has no current context",
		},
		"without a cluster": {asked, func(c *api.Config) { delete(c.Clusters, "sandbox") }, "it has no current context"},
		"without a client certificate": {
			asked, func(c *api.Config) { c.AuthInfos["admin-sandbox"] = &api.AuthInfo{Token: "x"} },
			"with a cluster and a client certificate",
		},
	} {
		t.Run(reason, func(t *testing.T) {
			config := administrator()
			if c.plant != nil {
				c.plant(config)
			}
			inSandbox(t, config, c.info)
			var stdout bytes.Buffer
			require.ErrorContains(t, run(nil, &stdout, anything), c.want)
			assert.Empty(t, stdout.String())
		})
	}
}

func TestAPluginOnlyWorksInASandbox(t *testing.T) {
	var stdout bytes.Buffer
	t.Setenv(infoVariable, asked)
	t.Setenv(layout.KubeconfigVariable, "")
	require.ErrorContains(t, run(nil, &stdout, anything), layout.KubeconfigVariable+" is not set")
	t.Setenv(layout.KubeconfigVariable, filepath.Join(t.TempDir(), "gone"))
	require.ErrorIs(t, run(nil, &stdout, anything), os.ErrNotExist)
	assert.Empty(t, stdout.String())
}

func TestWrongArgumentsGetNoCredential(t *testing.T) {
	inSandbox(t, administrator(), asked)
	var stdout bytes.Buffer
	wrong := errors.New("wrong")
	require.ErrorIs(t, run([]string{"x"}, &stdout, func([]string) error { return wrong }), wrong)
	assert.Empty(t, stdout.String())
}
