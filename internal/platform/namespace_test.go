package platform_test

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/mocktest"
)

// bothNamespaces runs the test for the namespaces of each stack, by logical name.
func bothNamespaces(t *testing.T, test func(t *testing.T, built *mocktest.Recording, name string)) {
	t.Helper()
	eachStack(t, func(t *testing.T, _ *config.Config, built *mocktest.Recording) {
		for _, name := range []string{"services", "monitoring"} {
			t.Run(name, func(t *testing.T) { test(t, built, name) })
		}
	})
}

func TestNamespaceNamesAreFixed(t *testing.T) {
	eachStack(t, func(t *testing.T, cfg *config.Config, built *mocktest.Recording) {
		name := func(logical string) any {
			return built.Get(t, namespaceType, logical+"-namespace").At("metadata", "name")
		}
		assert.Equal(t, "dreamseed-"+string(cfg.Environment), name("services"))
		assert.Equal(t, "dreamseed-monitoring", name("monitoring"))
		assert.Equal(t, "dreamseed-node-agents", name("node-agents"))
		want := []string{"monitoring-namespace", "node-agents-namespace", "services-namespace"}
		for _, name := range installed(cfg) {
			want = append(want, name+"-namespace")
		}
		assert.ElementsMatch(t, want, mocktest.Names(built.OfType(namespaceType)))
	})
}

func TestNamespacesEnforcePodSecurityRestricted(t *testing.T) {
	bothNamespaces(t, func(t *testing.T, built *mocktest.Recording, name string) {
		namespace := built.Get(t, namespaceType, name+"-namespace")
		for _, mode := range []string{"enforce", "audit", "warn"} {
			label := "pod-security.kubernetes.io/" + mode
			assert.Equal(t, "restricted", namespace.At("metadata", "labels", label))
			assert.Equal(t, "latest", namespace.At("metadata", "labels", label+"-version"))
		}
	})
}

func TestNamespacesSayTheirEnvironment(t *testing.T) {
	eachStack(t, func(t *testing.T, cfg *config.Config, built *mocktest.Recording) {
		for _, namespace := range built.Each(t, namespaceType) {
			assert.Equal(t, string(cfg.Environment), namespace.At("metadata", "labels", "environment"), namespace.Name)
		}
	})
}

func TestTheQuotaOfTheServicesIsTheirPeak(t *testing.T) {
	eachStack(t, func(t *testing.T, cfg *config.Config, built *mocktest.Recording) {
		peak := cfg.Peak()
		assert.Equal(t, hard(peak), built.Get(t, quotaType, "services-quota").At("spec", "hard"))
	})
}

func TestTheQuotaOfMonitoringIsTheConfiguredOne(t *testing.T) {
	eachStack(t, func(t *testing.T, cfg *config.Config, built *mocktest.Recording) {
		quota := built.Get(t, quotaType, "monitoring-quota")
		assert.Equal(t, hard(cfg.Quotas.Monitoring), quota.At("spec", "hard"))
		assert.Equal(t, "dreamseed-monitoring", quota.At("metadata", "namespace"))
	})
}

func hard(quota config.Quota) map[string]any {
	return map[string]any{
		"pods":            strconv.Itoa(quota.Pods),
		"requests.cpu":    quota.Requests.CPU.String(),
		"requests.memory": quota.Requests.Memory.String(),
		"limits.cpu":      quota.Limits.CPU.String(),
		"limits.memory":   quota.Limits.Memory.String(),
	}
}

// Under a quota the API server refuses a pod without resources.
func TestContainersThatSayNothingGetModestResources(t *testing.T) {
	bothNamespaces(t, func(t *testing.T, built *mocktest.Recording, name string) {
		limits := built.Get(t, limitRangeType, name+"-limits")
		assert.Equal(t, []any{map[string]any{
			"type":           "Container",
			"defaultRequest": map[string]any{"cpu": "100m", "memory": "256Mi"},
			"default":        map[string]any{"cpu": "500m", "memory": "512Mi"},
		}}, limits.At("spec", "limits"))
		assert.Equal(t, built.Get(t, namespaceType, name+"-namespace").At("metadata", "name"),
			limits.At("metadata", "namespace"))
	})
}

func TestWhatBoundsANamespaceWaitsForIt(t *testing.T) {
	bothNamespaces(t, func(t *testing.T, built *mocktest.Recording, name string) {
		namespace := built.Get(t, namespaceType, name+"-namespace")
		for _, bound := range built.Children(built.Get(t, namespaceComponent, name)) {
			if bound != namespace {
				bound.AssertDependsOn(t, namespace.Ref())
			}
		}
	})
}

func TestPriorityClasses(t *testing.T) {
	eachStack(t, func(t *testing.T, _ *config.Config, built *mocktest.Recording) {
		values := map[any]any{}
		for _, class := range built.Each(t, priorityClassType) {
			values[class.At("metadata", "name")] = class.At("value")
			assert.Nil(t, class.At("globalDefault"), "a pod of somebody else keeps its priority")
		}
		assert.Equal(t, map[any]any{
			"dreamseed-critical":   100_000,
			"dreamseed-standard":   10_000,
			"dreamseed-background": 1_000,
		}, values)
	})
}
