package platform_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/leak"
	"github.com/dreamseed/platform/internal/mocktest"
)

// secretsOf returns the secrets that a stack knows: the credentials for its cluster, which a user gave or a cloud
// returned. It never sees the values of the services' secrets.
func secretsOf(t *testing.T, built *mocktest.Recording) leak.Secrets {
	t.Helper()
	kubeconfig, _ := built.Get(t, "pulumi:providers:kubernetes", "cluster-kubernetes").At("kubeconfig").(string)
	require.NotEmpty(t, kubeconfig)
	return leak.Secrets{"the kubeconfig": kubeconfig}
}

func TestNoSecretIsInARenderedManifest(t *testing.T) {
	eachStack(t, func(t *testing.T, _ *config.Config, built *mocktest.Recording) {
		assert.Empty(t, leak.Find(secretsOf(t, built), map[string]string{"a manifest": string(manifests(t, built))}))
	})
}

// The control: a program that treats a secret as plain text leaks it.
func TestALeakIsFoundInARenderedManifest(t *testing.T) {
	cfg := stackConfig(t, "production")
	secrets := secretsOf(t, build(t, cfg))
	service(t, cfg, "auth").Config = map[string]string{"LEAK": secrets["the kubeconfig"]}

	found := leak.Find(secrets, map[string]string{"a manifest": string(manifests(t, build(t, cfg)))})

	assert.Len(t, found, 1)
}
