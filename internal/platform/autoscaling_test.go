package platform_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/services/catalogue"
)

const (
	autoscalerType   = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler"
	scaledObjectType = "kubernetes:keda.sh/v1alpha1:ScaledObject"
)

// scaler is a service's autoscaler, whichever kind it has.
type scaler struct {
	*mocktest.Resource
	// least, most and behavior are where its kind has them.
	least, most string
	behavior    []any
}

var scalers = map[bool]scaler{
	false: {least: "minReplicas", most: "maxReplicas", behavior: []any{"spec", "behavior"}},
	true: {
		least: "minReplicaCount", most: "maxReplicaCount",
		behavior: []any{"spec", "advanced", "horizontalPodAutoscalerConfig", "behavior"},
	},
}

func autoscaler(t *testing.T, built *mocktest.Recording, service catalogue.Service) scaler {
	t.Helper()
	byRequests := service.Autoscaling.RequestsPerSecond > 0
	found := scalers[byRequests]
	kind := map[bool]string{false: autoscalerType, true: scaledObjectType}[byRequests]
	found.Resource = built.Get(t, kind, service.Name+"-autoscaler")
	return found
}

func TestEveryServiceScalesBetweenItsBounds(t *testing.T) {
	eachWorkload(t, func(t *testing.T, _ *config.Config, built *mocktest.Recording, w workload) {
		scaler := autoscaler(t, built, w.Service)
		assert.Equal(t, map[string]any{"apiVersion": "apps/v1", "kind": "Deployment", "name": w.Name + "-service"},
			scaler.At("spec", "scaleTargetRef"))
		assert.Equal(t, w.Autoscaling.MinReplicas, scaler.At("spec", scaler.least))
		assert.Equal(t, w.Autoscaling.MaxReplicas, scaler.At("spec", scaler.most))
		scaler.AssertDependsOn(t, w.deployment.Ref())
	})
}

// Two autoscalers of one workload fight for its count.
func TestEveryServiceHasOneAutoscaler(t *testing.T) {
	eachStack(t, func(t *testing.T, cfg *config.Config, built *mocktest.Recording) {
		byRequests := 0
		for _, service := range cfg.Services {
			if service.Autoscaling.RequestsPerSecond > 0 {
				byRequests++
			}
		}
		assert.Len(t, built.OfType(scaledObjectType), byRequests)
		assert.Len(t, built.OfType(autoscalerType), len(cfg.Services)-byRequests)
	})
}

func TestTheSeedsServiceFollowsRequestsWherePeopleDependOnIt(t *testing.T) {
	for stack, want := range map[string]int{"production": 1, "staging": 1, "local": 0} {
		assert.Len(t, build(t, stackConfig(t, stack)).OfType(scaledObjectType), want, stack)
	}
}

func utilization(resource string, percent int) any {
	return map[string]any{"type": "Resource", "resource": map[string]any{
		"name": resource, "target": map[string]any{"type": "Utilization", "averageUtilization": percent},
	}}
}

func TestTheTargetsAreThoseOfTheSeed(t *testing.T) {
	eachWorkload(t, func(t *testing.T, _ *config.Config, built *mocktest.Recording, w workload) {
		if w.Autoscaling.RequestsPerSecond > 0 {
			return
		}
		assert.Equal(t, []any{utilization("cpu", 70), utilization("memory", 80)},
			autoscaler(t, built, w.Service).At("spec", "metrics"))
	})
}

// byRequests builds staging with auth following its requests.
func byRequests(t *testing.T, changes ...func(*catalogue.Service)) *mocktest.Recording {
	t.Helper()
	cfg := stackConfig(t, "staging")
	auth := service(t, cfg, "auth")
	auth.Autoscaling.RequestsPerSecond = 250
	for _, change := range changes {
		change(auth)
	}
	return build(t, cfg)
}

func used(resource, percent string) any {
	return map[string]any{
		"type": resource, "metricType": "Utilization", "metadata": map[string]any{"value": percent},
	}
}

func TestRequestsAreATargetBesideTheOthers(t *testing.T) {
	assert.Equal(t, []any{
		used("cpu", "70"), used("memory", "80"),
		map[string]any{
			"type": "prometheus", "name": "requests", "metricType": "AverageValue",
			"metadata": map[string]any{
				"serverAddress": "http://prometheus.dreamseed-monitoring:9090",
				"query": `sum by (namespace, service) (rate(http_requests_total{namespace="dreamseed-staging",` +
					`service="auth-service"}[1m]))`,
				"threshold": "250",
				// The default takes an empty answer for no requests, and removes pods.
				"ignoreNullValues": "false",
			},
		},
	}, byRequests(t).Get(t, scaledObjectType, "auth-autoscaler").At("spec", "triggers"))
}

func TestAMetricThatIsMissingKeepsThePods(t *testing.T) {
	assert.Equal(t, map[string]any{"failureThreshold": 3, "replicas": 2, "behavior": "currentReplicasIfHigher"},
		byRequests(t).Get(t, scaledObjectType, "auth-autoscaler").At("spec", "fallback"))
}

// KEDA that does not work fails the run instead of leaving a service that does not scale.
func TestAScaledObjectIsAwaited(t *testing.T) {
	built := byRequests(t)
	scaled := built.Get(t, scaledObjectType, "auth-autoscaler")
	assert.Equal(t, "condition=Ready", scaled.At("metadata", "annotations", "pulumi.com/waitFor"))
	assert.Equal(t, built.Get(t, deploymentType, "auth-deployment").CreateTimeout, scaled.CreateTimeout)
}

func TestARolloutScalesByRequestsToo(t *testing.T) {
	for _, strategy := range byRollout {
		built := byRequests(t, func(auth *catalogue.Service) { auth.Release.Strategy = strategy })
		scaled := built.Get(t, scaledObjectType, "auth-autoscaler")
		assert.Equal(t, map[string]any{"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout", "name": "auth-service"},
			scaled.At("spec", "scaleTargetRef"))
		scaled.AssertDependsOn(t, rollout(t, built).Ref())
	}
}

// Both kinds own the HorizontalPodAutoscaler of the workload's name. If the engine took them for two resources, it
// would make the new one first, and the deletion of the old one would take that object away.
func TestAServiceThatGainsOrLosesItsTargetNeverHasTwoAutoscalers(t *testing.T) {
	for kind, former := range map[string]string{scaledObjectType: autoscalerType, autoscalerType: scaledObjectType} {
		one := byRequests(t, func(auth *catalogue.Service) {
			if kind == autoscalerType {
				auth.Autoscaling.RequestsPerSecond = 0
			}
		}).Get(t, kind, "auth-autoscaler")
		assert.Contains(t, one.Aliases, mocktest.Ref(former, ""), kind)
		assert.Equal(t, []string{"kind"}, one.ReplaceOnChanges, kind)
		assert.True(t, one.DeleteBeforeReplace, kind)
		assert.Equal(t, "auth-service", one.At("metadata", "name"), kind)
	}
}

// KEDA calls it keda-hpa-<name> otherwise, and kubectl, alerts and dashboards would know it by another name.
func TestTheAutoscalerHasTheWorkloadsNameEitherWay(t *testing.T) {
	scaled := byRequests(t).Get(t, scaledObjectType, "auth-autoscaler")
	assert.Equal(t, "auth-service", scaled.At("spec", "advanced", "horizontalPodAutoscalerConfig", "name"))
}

func TestServicesGrowAtOnceAndShrinkSlowly(t *testing.T) {
	rules := func(window, percent, period int) any {
		return map[string]any{
			"stabilizationWindowSeconds": window,
			"policies":                   []any{map[string]any{"type": "Percent", "value": percent, "periodSeconds": period}},
		}
	}
	eachWorkload(t, func(t *testing.T, _ *config.Config, built *mocktest.Recording, w workload) {
		scaler := autoscaler(t, built, w.Service)
		require.NotNil(t, scaler.At(scaler.behavior...))
		assert.Equal(t, map[string]any{"scaleUp": rules(0, 100, 15), "scaleDown": rules(300, 50, 60)},
			scaler.At(scaler.behavior...))
	})
}
