package mocktest

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/clientcmd/api"
)

// AssertExecKubeconfig asserts that a kubeconfig contains only the stand-in's cluster under this name, and that its
// user has nothing but a command that gets a credential.
func AssertExecKubeconfig(tb testing.TB, content, name, command string, args ...string) {
	tb.Helper()
	config, err := clientcmd.Load([]byte(content))
	require.NoError(tb, err)
	require.Contains(tb, config.Clusters, name)
	assert.Len(tb, config.Contexts, 1)
	assert.Equal(tb, name, config.CurrentContext)
	assert.Equal(tb, server.URL, config.Clusters[name].Server)
	assert.Equal(tb, "planted-authority", string(config.Clusters[name].CertificateAuthorityData))
	require.Contains(tb, config.AuthInfos, name)
	exec := config.AuthInfos[name].Exec
	require.NotNil(tb, exec)
	assert.Equal(tb, command, exec.Command)
	assert.Equal(tb, args, exec.Args)
	assert.True(tb, exec.ProvideClusterInfo)
	assert.Equal(tb, &api.AuthInfo{Exec: exec, LocationOfOrigin: "", Extensions: config.AuthInfos[name].Extensions},
		config.AuthInfos[name], "no token, no certificate, no password")
}
