package enginetest

import (
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The tests of this file run pulumi as a person does, with the variables that `dreamseed sandbox env` prints.

func TestPulumiByHandWorksOnTheSandbox(t *testing.T) {
	local.AsTracked(t)

	preview := local.Pulumi(t, local.Box.Project(), nil, "preview", "--stack", "local", "--expect-no-changes")
	require.NoError(t, preview.Err, preview.Output)

	outputs := local.Pulumi(t, local.Box.Project(), nil, "stack", "output", "--stack", "local", "--json")
	require.NoError(t, outputs.Err, outputs.Output)
	assert.Contains(t, outputs.Output, `"cluster": "dreamseed-local"`)
	assert.Contains(t, outputs.Output, `"http://ai-tutor-service.dreamseed-local.svc.cluster.local:8000"`)
	assert.Contains(t, outputs.Output, `"dreamseed-monitoring"`)
}

func TestRelativeKubeconfigPathIsBelowTheProject(t *testing.T) {
	local.AsTracked(t)
	folder := local.projectWith(t, map[string]string{
		"dreamseed:cluster.existing.kubeconfigPath": ".kube/local.yaml",
	})
	require.NoError(t, os.Mkdir(filepath.Join(folder, ".kube"), 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(folder, ".kube", "local.yaml"), []byte(local.kubeconfig(t)), 0o600))

	preview := local.Pulumi(t, folder, nil, "preview", "--refresh", "--stack", "local")

	require.NoError(t, preview.Err, preview.Output)
	assert.NotContains(t, preview.Output, "replace", "another path to the same cluster replaces nothing")
}

func TestPulumiByHandRefusesAWrongConfigurationBeforeTheFirstResource(t *testing.T) {
	local.AsTracked(t)
	missing := filepath.Join(t.TempDir(), "kubeconfig")
	cases := map[string]struct {
		set    map[string]string
		says   []string
		reason string
	}{
		"unknown keys": {
			set:    map[string]string{"dreamseed:replicas": "3", "dreamseed:services.auth.replica": "3"},
			says:   []string{"dreamseed:replicas", "dreamseed:services.auth.replica", "replicas", "not a known key"},
			reason: "the engine lets unknown keys pass",
		},
		"wrong type": {
			set:  map[string]string{"dreamseed:services.auth.resources": "three"},
			says: []string{"dreamseed:services.auth.resources", "three", "object"},
		},
		"unknown service": {
			set:  map[string]string{"dreamseed:services.billing.image": "billing:1"},
			says: []string{"dreamseed:services.billing", "payment"},
		},
		"no digest": {
			set:  map[string]string{"dreamseed:environment": "staging"},
			says: []string{"dreamseed:services.auth.image", "digest"},
		},
		"no such kubeconfig": {
			set:  map[string]string{"dreamseed:cluster.existing.kubeconfigPath": missing},
			says: []string{"dreamseed:cluster.existing.kubeconfigPath", missing},
		},
		"no such context": {
			set:  map[string]string{"dreamseed:cluster.existing.context": "elsewhere"},
			says: []string{"dreamseed:cluster.existing.context", "elsewhere", "dreamseed-sandbox-local"},
		},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			preview := local.Pulumi(t, local.projectWith(t, tt.set), nil, "preview", "--stack", "local")

			require.Error(t, preview.Err, tt.reason)
			for _, word := range tt.says {
				assert.Contains(t, preview.Output, word)
			}
			assert.NotContains(t, preview.Output, "Deployment", "nothing was planned")
		})
	}
}

func TestAPIServerThatDoesNotAnswerIsOneMessage(t *testing.T) {
	local.AsTracked(t)
	kubeconfig := filepath.Join(t.TempDir(), "kubeconfig")
	require.NoError(t, os.WriteFile(kubeconfig, []byte(strings.Replace(local.kubeconfig(t),
		local.server(t), "https://"+unusedAddress(t), 1)), 0o600))

	folder := local.projectWith(t, map[string]string{"dreamseed:cluster.existing.kubeconfigPath": kubeconfig})
	preview := local.Pulumi(t, folder, nil, "preview", "--stack", "local")

	require.Error(t, preview.Err)
	assert.Contains(t, preview.Output, "does not answer")
	assert.Equal(t, 1, strings.Count(preview.Output, "Nothing was changed"))
}

// projectWith returns a copy of the engine's project folder, with settings made as a person makes them.
func (s *subject) projectWith(t *testing.T, settings map[string]string) string {
	t.Helper()
	folder := t.TempDir()
	require.NoError(t, os.CopyFS(folder, os.DirFS(s.Box.Project())))
	for key, value := range settings {
		set := s.Pulumi(t, folder, nil, "config", "set", "--stack", "local", "--path", key, value)
		require.NoError(t, set.Err, set.Output)
	}
	return folder
}

func (s *subject) kubeconfig(t *testing.T) string {
	t.Helper()
	content, err := os.ReadFile(s.Stack.Kubeconfig())
	require.NoError(t, err)
	return string(content)
}

func (s *subject) server(t *testing.T) string {
	t.Helper()
	return s.Kubectl(t, "config", "view", "--output=jsonpath={.clusters[0].cluster.server}")
}

// unusedAddress returns an address on loopback on which nobody listens.
func unusedAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	require.NoError(t, listener.Close())
	return listener.Addr().String()
}
