package platform_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/mocktest"
)

const autoscalerType = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler"

func autoscaler(t *testing.T, built *mocktest.Recording, service string) *mocktest.Resource {
	t.Helper()
	return built.Get(t, autoscalerType, service+"-autoscaler")
}

func TestEveryServiceScalesBetweenItsBounds(t *testing.T) {
	eachWorkload(t, func(t *testing.T, _ *config.Config, built *mocktest.Recording, w workload) {
		scaler := autoscaler(t, built, w.Name)
		assert.Equal(t, map[string]any{"apiVersion": "apps/v1", "kind": "Deployment", "name": w.Name + "-service"},
			scaler.At("spec", "scaleTargetRef"))
		assert.Equal(t, w.Autoscaling.MinReplicas, scaler.At("spec", "minReplicas"))
		assert.Equal(t, w.Autoscaling.MaxReplicas, scaler.At("spec", "maxReplicas"))
		scaler.AssertDependsOn(t, w.deployment.Ref())
	})
}

func utilization(resource string, percent int) any {
	return map[string]any{"type": "Resource", "resource": map[string]any{
		"name": resource, "target": map[string]any{"type": "Utilization", "averageUtilization": percent},
	}}
}

func TestTheTargetsAreThoseOfTheSeed(t *testing.T) {
	eachWorkload(t, func(t *testing.T, _ *config.Config, built *mocktest.Recording, w workload) {
		assert.Equal(t, []any{utilization("cpu", 70), utilization("memory", 80)},
			autoscaler(t, built, w.Name).At("spec", "metrics"))
	})
}

func TestRequestsAreATargetWhereTheStackCountsThem(t *testing.T) {
	values := mocktest.StackConfig(t, "staging")
	values["dreamseed:metrics"] = `{"requestsPerSecond": "http_requests_per_second"}`
	built := build(t, load(t, values))
	assert.Contains(t, autoscaler(t, built, "auth").At("spec", "metrics"), map[string]any{
		"type": "Pods",
		"pods": map[string]any{
			"metric": map[string]any{"name": "http_requests_per_second"},
			"target": map[string]any{"type": "AverageValue", "averageValue": "1000"},
		},
	})
}

func TestServicesGrowAtOnceAndShrinkSlowly(t *testing.T) {
	rules := func(window, percent, period int) any {
		return map[string]any{
			"stabilizationWindowSeconds": window,
			"policies":                   []any{map[string]any{"type": "Percent", "value": percent, "periodSeconds": period}},
		}
	}
	eachWorkload(t, func(t *testing.T, _ *config.Config, built *mocktest.Recording, w workload) {
		assert.Equal(t, map[string]any{"scaleUp": rules(0, 100, 15), "scaleDown": rules(300, 50, 60)},
			autoscaler(t, built, w.Name).At("spec", "behavior"))
	})
}
