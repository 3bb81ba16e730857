package controlplane

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

const kwokReadyStage = `
apiVersion: kwok.x-k8s.io/v1alpha1
kind: Stage
metadata:
  name: pod-ready
spec:
  selector:
    matchExpressions:
    - key: '.status.podIP'
      operator: 'DoesNotExist'
  next:
    statusTemplate: |
      phase: Running
`

func module(t *testing.T, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600))
	}
	return dir
}

type expression struct{ Key, Operator string }

func expressions(t *testing.T, path string) []expression {
	t.Helper()
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	var stage struct {
		Spec struct {
			Selector struct {
				MatchExpressions []expression `yaml:"matchExpressions"`
			}
			Next struct {
				StatusTemplate string `yaml:"statusTemplate"`
			}
		}
	}
	require.NoError(t, yaml.Unmarshal(data, &stage))
	assert.NotEmpty(t, stage.Spec.Next.StatusTemplate)
	return stage.Spec.Selector.MatchExpressions
}

func TestAPodIsMadeReadyOrFailsButNotBoth(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "stages")
	require.NoError(t, writeStages(module(t, map[string]string{"pod-ready.yaml": kwokReadyStage}), folder))

	condition := `.spec.containers.[].image | select( contains("never-ready") )`
	ready := expressions(t, filepath.Join(folder, "pod-ready.yaml"))
	assert.Equal(t, []expression{{".status.podIP", "DoesNotExist"}, {condition, "DoesNotExist"}}, ready)
	assert.Contains(t, expressions(t, filepath.Join(folder, "pod-never-ready.yaml")), expression{condition, "Exists"})
	again := expressions(t, filepath.Join(folder, "pod-ready-again.yaml"))
	assert.Contains(t, again, expression{condition, "DoesNotExist"})
}

func TestAStageThatIsGoneFromTheModuleIsGoneFromTheStack(t *testing.T) {
	folder := t.TempDir()
	old := filepath.Join(folder, "old.yaml")
	require.NoError(t, os.WriteFile(old, nil, 0o600))
	require.NoError(t, writeStages(module(t, map[string]string{"pod-ready.yaml": kwokReadyStage}), folder))
	assert.NoFileExists(t, old)
}

func TestAStageThatCannotBeLimitedIsAnError(t *testing.T) {
	tests := map[string]struct {
		reason string
		files  map[string]string
	}{
		"absent":       {"the module was never built", nil},
		"other name":   {"the module has changed", map[string]string{"pod-ready.yaml": "metadata: {name: other}"}},
		"no selector":  {"every pod would become ready", map[string]string{"pod-ready.yaml": "metadata: {name: pod-ready}"}},
		"not yaml":     {"a broken copy", map[string]string{"pod-ready.yaml": "\t"}},
		"other stages": {"kwok would use its default", map[string]string{"pod-delete.yaml": kwokReadyStage}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			assert.ErrorContains(t, writeStages(module(t, test.files), t.TempDir()), "preparing kwok's stages", test.reason)
		})
	}
}
