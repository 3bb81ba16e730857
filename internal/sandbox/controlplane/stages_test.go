package controlplane

import (
	"maps"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/dreamseed/platform/internal/mocktest"
)

// kwokModule has stages like those of kwok's module, and the files that make it serve pod metrics.
var kwokModule = map[string]string{
	"pod-ready.yaml":             kwokStage("pod-ready"),
	"pod-complete.yaml":          kwokStage("pod-complete"),
	"pod-delete.yaml":            kwokStage("pod-delete"),
	"metrics-resource.yaml":      "kind: Metric\n",
	"usage-from-annotation.yaml": "kind: ClusterResourceUsage\n",
}

func kwokStage(name string) string {
	return `
apiVersion: kwok.x-k8s.io/v1alpha1
kind: Stage
metadata:
  name: ` + name + `
spec:
  selector:
    matchExpressions:
    - key: '.status.podIP'
      operator: 'DoesNotExist'
  next:
    statusTemplate: |
      phase: Running
`
}

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
	require.NoError(t, writeStages(module(t, kwokModule), folder, Simulation{}))

	condition := `.spec.containers.[].image | select( contains("never-ready") )`
	ready := expressions(t, filepath.Join(folder, "pod-ready.yaml"))
	ofNoJob := `select( any(.metadata.ownerReferences.[]?; .kind == "Job") | not ) | ` + condition
	assert.Equal(t, []expression{{".status.podIP", "DoesNotExist"}, {ofNoJob, "DoesNotExist"}}, ready)
	fails := expressions(t, filepath.Join(folder, "pod-never-ready.yaml"))
	assert.Contains(t, fails, expression{condition, "Exists"})
	assert.Contains(t, fails, expression{".metadata.ownerReferences.[].kind", "NotIn"}, "a Job's pod succeeds")
	again := expressions(t, filepath.Join(folder, "pod-ready-again.yaml"))
	assert.Contains(t, again, expression{condition, "DoesNotExist"})
}

// written returns a stage as it is written for the simulation.
func written(t *testing.T, name string, simulation Simulation) map[string]any {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "stages")
	require.NoError(t, writeStages(module(t, kwokModule), folder, simulation))
	data, err := os.ReadFile(filepath.Join(folder, name+".yaml"))
	require.NoError(t, err)
	stage := map[string]any{}
	require.NoError(t, yaml.Unmarshal(data, &stage))
	return stage["spec"].(map[string]any)
}

func TestAPodTakesItsTimeToBecomeReady(t *testing.T) {
	slow := Simulation{PodStartup: 20 * time.Second}
	assert.Equal(t, 20000, mocktest.At(written(t, "pod-ready", slow), "delay", "durationMilliseconds"))
	assert.NotContains(t, written(t, "pod-ready", Simulation{}), "delay", "at once where nothing is said")
	assert.NotContains(t, written(t, "pod-complete", slow), "delay", "a Job's pod has taken its time already")
}

func TestAPodThatIsToldToEndIsStillThereForAMoment(t *testing.T) {
	assert.Equal(t, 1000, mocktest.At(written(t, "pod-delete", Simulation{}), "delay", "durationMilliseconds"))
}

func TestAJobsPodSucceedsOrFailsButNotBoth(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "stages")
	require.NoError(t, writeStages(module(t, kwokModule), folder, Simulation{}))

	condition := `.spec.containers.[].image | select( contains("migration-fails") )`
	assert.Contains(t, expressions(t, filepath.Join(folder, "pod-complete.yaml")), expression{condition, "DoesNotExist"})
	fails := expressions(t, filepath.Join(folder, "pod-migration-fails.yaml"))
	assert.Contains(t, fails, expression{condition, "Exists"})
	assert.Contains(t, fails, expression{".metadata.ownerReferences.[].kind", "In"}, "a service may be named alike")
	assert.NotContains(t, expressions(t, filepath.Join(folder, "pod-ready.yaml")), expression{condition, "DoesNotExist"})
}

func TestUsageIsToldWhereItIsAskedForOnly(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "stages")
	for simulation, exists := range map[Simulation]func(assert.TestingT, string, ...any) bool{
		{Metrics: true}: assert.FileExists, {Usage: true}: assert.FileExists, {}: assert.NoFileExists,
	} {
		require.NoError(t, writeStages(module(t, kwokModule), folder, simulation))
		for _, name := range usageFiles {
			exists(t, filepath.Join(folder, name))
		}
	}
}

func TestAStageThatIsGoneFromTheModuleIsGoneFromTheStack(t *testing.T) {
	folder := t.TempDir()
	old := filepath.Join(folder, "old.yaml")
	require.NoError(t, os.WriteFile(old, nil, 0o600))
	require.NoError(t, writeStages(module(t, kwokModule), folder, Simulation{}))
	assert.NoFileExists(t, old)
}

func TestAStageThatCannotBeLimitedIsAnError(t *testing.T) {
	with := func(name, content string) map[string]string {
		files := maps.Clone(kwokModule)
		files[name] = content
		return files
	}
	tests := map[string]struct {
		reason string
		files  map[string]string
	}{
		"absent":       {"the module was never built", nil},
		"other name":   {"the module has changed", with("pod-ready.yaml", "metadata: {name: other}")},
		"no selector":  {"every pod would become ready", with("pod-ready.yaml", "metadata: {name: pod-ready}")},
		"not yaml":     {"a broken copy", with("pod-ready.yaml", "\t")},
		"other stages": {"kwok would use its default", map[string]string{"pod-delete.yaml": kwokStage("pod-delete")}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			err := writeStages(module(t, test.files), t.TempDir(), Simulation{})
			assert.ErrorContains(t, err, "preparing kwok's stages", test.reason)
		})
	}
}

func TestALoadBalancerGetsAnAddressOnce(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "stages")
	require.NoError(t, writeStages(module(t, kwokModule), folder, Simulation{}))
	path := filepath.Join(folder, "service-load-balancer.yaml")
	assert.ElementsMatch(t, []expression{
		{".metadata.deletionTimestamp", "DoesNotExist"},
		{".spec.type", "In"},
		{".status.loadBalancer.ingress", "DoesNotExist"},
	}, expressions(t, path), "another Service has none, and one that has an address keeps it")
	data, err := os.ReadFile(path)
	require.NoError(t, err)
	var stage map[string]any
	require.NoError(t, yaml.Unmarshal(data, &stage))
	assert.Equal(t, "Service", mocktest.At(stage, "spec", "resourceRef", "kind"))
	assert.Equal(t, []any{"LoadBalancer"}, mocktest.At(stage, "spec", "selector", "matchExpressions", 1, "values"))
}
