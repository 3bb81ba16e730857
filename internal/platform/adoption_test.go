package platform_test

import (
	"net/http"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/client-go/tools/clientcmd/api"

	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/internal/platform"
	"github.com/dreamseed/platform/services/catalogue"
)

// onCluster returns the local stack on a cluster that answers these paths with these texts.
func onCluster(t *testing.T, answers map[string]string) *config.Config {
	t.Helper()
	cfg := stackConfig(t, "local")
	server := mocktest.NewAPIServer(t, http.StatusOK)
	for path, text := range answers {
		server.Answer(path, text)
	}
	cfg.Cluster.Existing.KubeconfigPath = mocktest.KubeconfigFile(t, mocktest.Kubeconfig(t, "",
		map[string]*api.Cluster{cfg.Cluster.Existing.Context: server.Cluster()}))
	return cfg
}

const (
	liveDeployments = "/apis/apps/v1/namespaces/dreamseed-local/deployments"
	liveServices    = "/api/v1/namespaces/dreamseed-local/services"
)

func TestDeploymentOfSomebodyElseIsRefusedWhereItSelectsOtherPods(t *testing.T) {
	const ours = `"labels": {"app.kubernetes.io/managed-by": "pulumi", "app.kubernetes.io/part-of": "dreamseed"}`
	const theirs = `"labels": {"app": "theirs"}`
	const samePods, otherPods = `{"app.kubernetes.io/name": "auth-service"}`, `{"app": "theirs"}`
	cases := map[string]struct {
		labels, selected string
		strategy         catalogue.Strategy
		refused          bool
		reason           string
	}{
		"theirs, other pods": {theirs, otherPods, catalogue.Rolling, true, "a selector cannot be changed"},
		"theirs, same pods":  {theirs, samePods, catalogue.Rolling, false, "it is taken over"},
		"ours":               {ours, otherPods, catalogue.Rolling, false, "it is drift, which a replacement mends"},
		"beside a Rollout":   {theirs, otherPods, catalogue.BlueGreen, false, "the service has no Deployment"},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			cfg := onCluster(t, map[string]string{liveDeployments: `{"items": [{"metadata": {"name": "auth-service", ` +
				tt.labels + `}, "spec": {"selector": {"matchLabels": ` + tt.selected + `}}}]}`})
			service(t, cfg, "auth").Release.Strategy = tt.strategy

			built, err := mocktest.Try(func(ctx *pulumi.Context) error { return platform.Build(ctx, cfg, clouds()) })

			if !tt.refused {
				require.NoError(t, err, tt.reason)
				return
			}
			require.ErrorContains(t, err, "deployment auth-service of namespace dreamseed-local", tt.reason)
			assert.Empty(t, objects(built), "nothing is registered before")
		})
	}
}

func TestServiceWithAForeignKeyIsUpdated(t *testing.T) {
	for strategy, selected := range map[catalogue.Strategy]map[string]any{
		catalogue.Rolling:   {"app.kubernetes.io/name": "auth-service"},
		catalogue.BlueGreen: {"app.kubernetes.io/name": "auth-service", "rollouts-pod-template-hash": "96764854f"},
	} {
		cfg := onCluster(t, map[string]string{liveServices: `{"items": [{"metadata": {"name": "auth-service"}, "spec": ` +
			`{"selector": {"app.kubernetes.io/name": "auth-service", "none": "such", ` +
			`"rollouts-pod-template-hash": "96764854f"}}}]}`})
		service(t, cfg, "auth").Release.Strategy = strategy

		built := build(t, cfg)

		one := built.Get(t, serviceType, "auth-service")
		assert.Empty(t, one.IgnoreChanges, strategy)
		assert.Equal(t, selected, one.At("spec", "selector"), "the version that Argo Rollouts selects stays")
		assert.NotEmpty(t, one.At("metadata", "annotations", "dreamseed.ai/selector-taken-back"))
		other := built.Get(t, serviceType, "user-service")
		assert.Nil(t, other.At("metadata", "annotations", "dreamseed.ai/selector-taken-back"), "nobody touched it")
	}
}
