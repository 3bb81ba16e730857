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

// The tests of this file run pulumi as a person does, with what `dreamseed sandbox env` prints.

func TestPulumiByHandWorksOnTheSandbox(t *testing.T) {
	shared.up(t, asTracked)

	preview := shared.pulumi(t, shared.box.Project(), nil, "preview", "--expect-no-changes")
	require.NoError(t, preview.err, preview.output)

	outputs := shared.pulumi(t, shared.box.Project(), nil, "stack", "output", "--json")
	require.NoError(t, outputs.err, outputs.output)
	assert.Contains(t, outputs.output, `"cluster": "dreamseed-local"`)
	assert.Contains(t, outputs.output, `"http://ai-tutor-service.dreamseed-local.svc.cluster.local"`)
	assert.Contains(t, outputs.output, `"dreamseed-monitoring"`)
}

func TestPulumiByHandRefusesAWrongConfigurationBeforeTheFirstResource(t *testing.T) {
	shared.up(t, asTracked)
	missing := filepath.Join(t.TempDir(), "kubeconfig")
	cases := map[string]struct {
		set    []string
		says   []string
		reason string
	}{
		"unknown keys": {
			set:    []string{"dreamseed:replicas=3", "dreamseed:services.auth.replica=3"},
			says:   []string{"dreamseed:replicas", "dreamseed:services.auth.replica", "replicas", "not a known key"},
			reason: "the engine lets unknown keys pass",
		},
		"wrong type": {
			set:  []string{"dreamseed:services.auth.replicas=three"},
			says: []string{"dreamseed:services.auth.replicas", "three", "whole number"},
		},
		"unknown service": {
			set:  []string{"dreamseed:services.billing.image=billing:1"},
			says: []string{"dreamseed:services.billing", "payment"},
		},
		"no digest": {
			set:  []string{"dreamseed:environment=staging"},
			says: []string{"dreamseed:services.auth.image", "digest"},
		},
		"no such kubeconfig": {
			set:  []string{"dreamseed:cluster.existing.kubeconfigPath=" + missing},
			says: []string{"dreamseed:cluster.existing.kubeconfigPath", missing},
		},
		"no such context": {
			set:  []string{"dreamseed:cluster.existing.context=elsewhere"},
			says: []string{"dreamseed:cluster.existing.context", "elsewhere", "dreamseed-sandbox-local"},
		},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			words := []string{"preview"}
			for _, setting := range tt.set {
				words = append(words, "--config-path", "--config", setting)
			}

			preview := shared.pulumi(t, shared.copyOfWorkProject(t), nil, words...)

			require.Error(t, preview.err, tt.reason)
			for _, word := range tt.says {
				assert.Contains(t, preview.output, word)
			}
			assert.NotContains(t, preview.output, "Deployment", "nothing was planned")
		})
	}
}

func TestAPIServerThatDoesNotAnswerIsOneMessage(t *testing.T) {
	shared.up(t, asTracked)
	kubeconfig := filepath.Join(t.TempDir(), "kubeconfig")
	require.NoError(t, os.WriteFile(kubeconfig, []byte(strings.Replace(shared.kubeconfig(t),
		shared.server(t), "https://"+unusedAddress(t), 1)), 0o600))

	preview := shared.pulumi(t, shared.copyOfWorkProject(t), nil, "preview", "--config-path",
		"--config", "dreamseed:cluster.existing.kubeconfigPath="+kubeconfig)

	require.Error(t, preview.err)
	assert.Contains(t, preview.output, "does not answer")
	assert.Equal(t, 1, strings.Count(preview.output, "Nothing was changed"))
}

// copyOfWorkProject is a copy of the folder that the engine works in: --config is written into the stack's file.
func (s *stand) copyOfWorkProject(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	require.NoError(t, os.CopyFS(folder, os.DirFS(s.box.Project())))
	return folder
}

func (s *stand) kubeconfig(t *testing.T) string {
	t.Helper()
	content, err := os.ReadFile(s.layout.Stack("local").Kubeconfig())
	require.NoError(t, err)
	return string(content)
}

func (s *stand) server(t *testing.T) string {
	t.Helper()
	return s.kubectl(t, "config", "view", "--output=jsonpath={.clusters[0].cluster.server}")
}

// unusedAddress is one on loopback where nobody listens.
func unusedAddress(t *testing.T) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer listener.Close()
	return listener.Addr().String()
}
