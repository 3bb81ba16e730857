package platform_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/monitoring"
	"github.com/dreamseed/platform/monitoring/logging"
	"github.com/dreamseed/platform/services/catalogue"
)

const (
	rolloutType  = "kubernetes:argoproj.io/v1alpha1:Rollout"
	analysisType = "kubernetes:argoproj.io/v1alpha1:AnalysisTemplate"
)

// releasing builds staging with auth released by a strategy.
func releasing(t *testing.T, strategy catalogue.Strategy, changes ...func(*catalogue.Service)) *mocktest.Recording {
	t.Helper()
	cfg := stackConfig(t, "staging")
	cfg.Monitoring.Prometheus, cfg.Monitoring.URL = monitoring.Present, "http://prometheus:9090"
	cfg.Logs = logging.Default(logging.None)
	auth := service(t, cfg, "auth")
	auth.Release.Strategy = strategy
	for _, change := range changes {
		change(auth)
	}
	return build(t, cfg)
}

func rollout(t *testing.T, built *mocktest.Recording) *mocktest.Resource {
	t.Helper()
	return built.Get(t, rolloutType, "auth-rollout")
}

var byRollout = []catalogue.Strategy{catalogue.BlueGreen, catalogue.Canary}

func TestARolloutRunsThePodsThatADeploymentWould(t *testing.T) {
	deployment := releasing(t, catalogue.Rolling).Get(t, deploymentType, "auth-deployment")
	for _, strategy := range byRollout {
		built := releasing(t, strategy)
		one := rollout(t, built)
		for _, field := range []string{"template", "selector", "replicas"} {
			assert.Equal(t, deployment.At("spec", field), one.At("spec", field), "%s of %s", field, strategy)
		}
		assert.Equal(t, "auth-service", one.At("metadata", "name"))
		assert.Equal(t, []string{"spec.replicas"}, one.IgnoreChanges)
		assert.Len(t, built.OfType(deploymentType), 6, "the others have theirs")
	}
}

// switched lists the fields of a Service that a strategy leaves to Argo Rollouts: blueGreen the version, canary none.
var switched = map[catalogue.Strategy][]string{catalogue.BlueGreen: {"spec.selector"}}

// The golden list of ignored changes covers stacks without a Rollout; this covers the others.
func TestNothingElseOfARolloutIsIgnoredOrUnawaited(t *testing.T) {
	for _, strategy := range byRollout {
		built := releasing(t, strategy)
		for _, one := range built.Children(built.Get(t, serviceComponent, "auth")) {
			assert.NotContains(t, fmt.Sprint(one.Inputs), "pulumi.com/skipAwait", one.Name)
			switch one.Type {
			case rolloutType:
				assert.Equal(t, []string{"spec.replicas"}, one.IgnoreChanges, "the autoscaler's")
			case serviceType:
				assert.Equal(t, switched[strategy], one.IgnoreChanges, one.Name)
			default:
				assert.Empty(t, one.IgnoreChanges, one.Name)
			}
		}
	}
}

func TestARolloutWaitsForTheMigrationToo(t *testing.T) {
	for _, strategy := range byRollout {
		built := releasing(t, strategy)
		rollout(t, built).AssertDependsOn(t, migration(t, built, "auth").Ref())
	}
}

func TestTheAutoscalerFollowsTheRollout(t *testing.T) {
	for _, strategy := range byRollout {
		built := releasing(t, strategy)
		scaler := built.Get(t, autoscalerType, "auth-autoscaler")
		assert.Equal(t, map[string]any{
			"apiVersion": "argoproj.io/v1alpha1", "kind": "Rollout", "name": "auth-service",
		}, scaler.At("spec", "scaleTargetRef"))
		scaler.AssertDependsOn(t, rollout(t, built).Ref())
	}
}

func awaited(t *testing.T, one *mocktest.Resource) []string {
	t.Helper()
	annotation, _ := one.At("metadata", "annotations", "pulumi.com/waitFor").(string)
	var expressions []string
	require.NoError(t, json.Unmarshal([]byte(annotation), &expressions), annotation)
	return expressions
}

func TestTheEngineWaitsForTheVerdictOnThisTemplate(t *testing.T) {
	for _, strategy := range byRollout {
		one := rollout(t, releasing(t, strategy))
		token, _ := one.At("spec", "restartAt").(string)
		assert.Equal(t, []string{"jsonpath={.status.phase}=Healthy", "jsonpath={.status.restartedAt}=" + token},
			awaited(t, one))
		other := rollout(t, releasing(t, strategy, func(s *catalogue.Service) { s.LogLevel = "ERROR" }))
		assert.NotEqual(t, token, other.At("spec", "restartAt"), "another template has another token")
		same := rollout(t, releasing(t, strategy, func(s *catalogue.Service) { s.Autoscaling.MinReplicas++ }))
		assert.Equal(t, token, same.At("spec", "restartAt"), "the same template has the same")
	}
}

// The controller restarts the pods that are older than this time.
func TestTheTokenRestartsNothing(t *testing.T) {
	for _, level := range catalogue.LogLevels() {
		one := rollout(t, releasing(t, catalogue.BlueGreen, func(s *catalogue.Service) { s.LogLevel = level }))
		token, err := time.Parse(time.RFC3339, fmt.Sprint(one.At("spec", "restartAt")))
		require.NoError(t, err)
		assert.True(t, token.Before(time.Date(2014, time.June, 6, 0, 0, 0, 0, time.UTC)), "before there was Kubernetes")
	}
}

func TestARolloutGivesUpBeforeTheEngineDoes(t *testing.T) {
	pauses := map[catalogue.Strategy]int{catalogue.BlueGreen: 0, catalogue.Canary: 60}
	for strategy, pause := range pauses {
		one := rollout(t, releasing(t, strategy))
		assert.Equal(t, 240-pause, one.At("spec", "progressDeadlineSeconds"), strategy)
		assert.Equal(t, true, one.At("spec", "progressDeadlineAbort"), strategy)
		assert.Greater(t, seconds(t, one.UpdateTimeout), 240, strategy)
	}
}

// With foreground deletion, the Service would select the pods of the Rollout until the last of them is gone.
func TestARolloutGivesItsServiceBackBeforeItsPodsAreGone(t *testing.T) {
	for _, strategy := range byRollout {
		assert.Equal(t, "background", rollout(t, releasing(t, strategy)).
			At("metadata", "annotations", "pulumi.com/deletionPropagationPolicy"))
	}
}

func TestBlueAndGreenHaveAServiceEach(t *testing.T) {
	built := releasing(t, catalogue.BlueGreen)
	one := rollout(t, built)
	services := map[string]string{"activeService": "auth-service", "previewService": "auth-service-preview"}
	for field, named := range services {
		assert.Equal(t, named, one.At("spec", "strategy", "blueGreen", field))
	}
	for _, name := range []string{"auth-service", "auth-preview-service"} {
		one.AssertDependsOn(t, mocktest.Ref(serviceType, name))
		assert.Equal(t, []string{"jsonpath={.spec.clusterIP}"}, awaited(t, built.Get(t, serviceType, name)),
			"endpoints come with the Rollout, which needs the Service")
	}
}

func TestGreenIsPromotedByItself(t *testing.T) {
	assert.Equal(t, true, rollout(t, releasing(t, catalogue.BlueGreen)).
		At("spec", "strategy", "blueGreen", "autoPromotionEnabled"))
}

func TestAPreviewDoesNotMakeUpForPodsThatServe(t *testing.T) {
	assert.Equal(t, map[string]any{"labels": map[string]any{"dreamseed.ai/release-role": "preview"}},
		rollout(t, releasing(t, catalogue.BlueGreen)).At("spec", "strategy", "blueGreen", "previewMetadata"))
}

func TestACanaryGrowsStepByStep(t *testing.T) {
	one := rollout(t, releasing(t, catalogue.Canary))
	pause := map[string]any{"pause": map[string]any{"duration": "30s"}}
	assert.Equal(t, []any{
		map[string]any{"setWeight": 25}, pause, map[string]any{"setWeight": 50}, pause,
	}, one.At("spec", "strategy", "canary", "steps"))
	assert.Equal(t, 0, one.At("spec", "strategy", "canary", "maxUnavailable"))
}

func TestACanaryIsJudgedByItsOwnRequests(t *testing.T) {
	built := releasing(t, catalogue.Canary)
	one, template := rollout(t, built), built.Get(t, analysisType, "auth-analysis")
	one.AssertDependsOn(t, template.Ref())
	analysis := one.At("spec", "strategy", "canary", "analysis")
	assert.Equal(t, template.At("metadata", "name"), mocktest.At(analysis, "templates", 0, "templateName"))
	assert.Equal(t, 1, mocktest.At(analysis, "startingStep"), "once there is a share to look at")
	assert.Equal(t, []any{map[string]any{
		"name": "version", "valueFrom": map[string]any{"podTemplateHashValue": "Latest"},
	}}, mocktest.At(analysis, "args"))
	metrics, _ := template.At("spec", "metrics").([]any)
	require.Len(t, metrics, 2)
	for i, limit := range []int{5, 500} {
		assert.Equal(t, "http://prometheus:9090", mocktest.At(metrics[i], "provider", "prometheus", "address"))
		query := fmt.Sprint(mocktest.At(metrics[i], "provider", "prometheus", "query"))
		selected := `namespace="dreamseed-staging",service="auth-service",rollouts_pod_template_hash="{{args.version}}"`
		assert.Positive(t, strings.Count(query, "rate("))
		assert.Equal(t, strings.Count(query, "rate("), strings.Count(query, selected), query)
		assert.Contains(t, mocktest.At(metrics[i], "successCondition"), fmt.Sprintf("result[0] <= %d", limit))
		assert.Equal(t, 0, mocktest.At(metrics[i], "failureLimit"))
	}
}
