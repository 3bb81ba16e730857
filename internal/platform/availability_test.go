package platform_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/mocktest"
)

const budgetType = "kubernetes:policy/v1:PodDisruptionBudget"

func TestADrainLeavesTheFloor(t *testing.T) {
	eachWorkload(t, func(t *testing.T, _ *config.Config, built *mocktest.Recording, w workload) {
		budget := built.Get(t, budgetType, w.Name+"-disruption-budget")
		assert.Equal(t, w.Availability.Floor, budget.At("spec", "minAvailable"))
	})
}

// A pod that is not ready serves nobody, and would block the drain of its node for as long as it is broken.
func TestABrokenPodBlocksNoDrain(t *testing.T) {
	eachWorkload(t, func(t *testing.T, _ *config.Config, built *mocktest.Recording, w workload) {
		assert.Equal(t, "AlwaysAllow",
			built.Get(t, budgetType, w.Name+"-disruption-budget").At("spec", "unhealthyPodEvictionPolicy"))
	})
}

func TestTheDisruptionBudgetCountsThePodsThatServe(t *testing.T) {
	eachWorkload(t, func(t *testing.T, _ *config.Config, built *mocktest.Recording, w workload) {
		assert.Equal(t, map[string]any{
			"matchLabels": map[string]any{"app.kubernetes.io/name": w.Name + "-service"},
			"matchExpressions": []any{map[string]any{
				"key": "dreamseed.ai/release-role", "operator": "NotIn", "values": []any{"preview"},
			}},
		}, built.Get(t, budgetType, w.Name+"-disruption-budget").At("spec", "selector"))
	})
}

// The key of the spot taint depends on the cloud.
func TestOnlyServicesThatMayRunOnSpotTolerateIt(t *testing.T) {
	eachWorkload(t, func(t *testing.T, cfg *config.Config, _ *mocktest.Recording, w workload) {
		spot := cfg.Cluster.Cloud.Spot()
		if !w.Spot.Allowed {
			assert.Nil(t, w.pod["tolerations"])
			assert.Nil(t, w.pod["affinity"])
			return
		}
		assert.Equal(t, []any{map[string]any{
			"key": spot.Key, "operator": "Equal", "value": spot.Value, "effect": "NoSchedule",
		}}, w.pod["tolerations"])
		assert.Equal(t, []any{map[string]any{"weight": 100, "preference": map[string]any{"matchExpressions": []any{
			map[string]any{"key": spot.Key, "operator": "In", "values": []any{spot.Value}},
		}}}}, mocktest.At(w.pod, "affinity", "nodeAffinity", "preferredDuringSchedulingIgnoredDuringExecution"))
	})
}

func TestAPodOfASpotNodeIsGoneInTime(t *testing.T) {
	eachWorkload(t, func(t *testing.T, cfg *config.Config, _ *mocktest.Recording, w workload) {
		grace := 30
		if w.Spot.Allowed {
			grace = min(grace, cfg.Cluster.Cloud.Spot().GracePeriodSeconds)
		}
		assert.Equal(t, grace, w.pod["terminationGracePeriodSeconds"])
	})
}
