package operator_test

import (
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/internal/operator"
	"github.com/dreamseed/platform/internal/operator/charttest"
)

func traefikValue(t *testing.T, path ...any) any {
	t.Helper()
	return mocktest.At(charttest.Values(t, charttest.Registered(t, operator.Traefik)), path...)
}

// Traefik reads no Service outside the namespaces that it watches, and the engine waits for an Ingress without an
// address.
func TestTraefikWatchesWhereTheServiceIsThatItPublishes(t *testing.T) {
	ingress := func(path ...any) any {
		return traefikValue(t, append([]any{"providers", "kubernetesIngress"}, path...)...)
	}
	assert.Equal(t, []any{services, "traefik"}, ingress("namespaces"))
	assert.Equal(t, true, ingress("publishedService", "enabled"))
	published, _ := ingress("publishedService", "pathOverride").(string)
	namespace, name, _ := strings.Cut(published, "/")
	assert.Contains(t, ingress("namespaces"), namespace)
	release := charttest.Registered(t, operator.Traefik)
	assert.Equal(t, []any{release.At("namespace"), release.At("name")}, []any{namespace, name},
		"the chart calls its Service as the release")
}

func TestTraefikComparesPathsByTheirElements(t *testing.T) {
	assert.Equal(t, true, traefikValue(t, "providers", "kubernetesIngress", "strictPrefixMatching"))
}

func TestTraefikTakesItsOwnKindsFromTheServicesNamespaceAlone(t *testing.T) {
	assert.Equal(t, []any{services}, traefikValue(t, "providers", "kubernetesCRD", "namespaces"))
}

// The issuer requests its challenge in clear text; all other requests are redirected to TLS before any route applies.
func TestPlainHTTPIsRedirectedButForTheIssuersProof(t *testing.T) {
	assert.Equal(t, map[string]any{
		"allowACMEByPass": true,
		"http": map[string]any{"redirections": map[string]any{"entryPoint": map[string]any{
			"to": "websecure", "scheme": "https", "permanent": true,
		}}},
	}, traefikValue(t, "ports", "web"), "with a priority the redirect would come after the routes of the services")
}

func TestTraefikIsReachedFromOutsideWithTheAddressOfTheClient(t *testing.T) {
	assert.Equal(t, map[string]any{"type": "LoadBalancer", "externalTrafficPolicy": "Local"},
		traefikValue(t, "service", "spec"))
}

func TestTraefikTellsNobodyAnything(t *testing.T) {
	assert.Equal(t, false, traefikValue(t, "global", "checkNewVersion"))
	assert.Equal(t, false, traefikValue(t, "global", "sendAnonymousUsage"))
	assert.Equal(t, false, traefikValue(t, "ingressRoute", "dashboard", "enabled"))
	assert.Equal(t, "drop", traefikValue(t, "accessLog", "fields", "headers", "defaultMode"), "tokens are in headers")
}

func TestADrainedNodeLeavesAController(t *testing.T) {
	present := map[string]any{"minAvailable": float64(1)}
	enabled := map[string]any{"enabled": true, "minAvailable": float64(1)}
	type pair struct {
		replicas, budget []any
		want             any
	}
	budgets := map[operator.Name][]pair{
		operator.Traefik:      {{[]any{"deployment", "replicas"}, []any{"podDisruptionBudget"}, enabled}},
		operator.ArgoRollouts: {{[]any{"controller", "replicas"}, []any{"controller", "pdb"}, enabled}},
		// Its chart has no budget.
		operator.CloudNativePG: {{[]any{"replicaCount"}, []any{"podDisruptionBudget"}, nil}},
		operator.ECK:           {{[]any{"replicaCount"}, []any{"podDisruptionBudget"}, enabled}},
		operator.Strimzi:       {{[]any{"replicas"}, []any{"podDisruptionBudget"}, enabled}},
		operator.KEDA: {
			{[]any{"operator", "replicaCount"}, []any{"podDisruptionBudget", "operator"}, present},
			{[]any{"metricsServer", "replicaCount"}, []any{"podDisruptionBudget", "metricServer"}, present},
		},
	}
	assert.ElementsMatch(t, charttest.Known(), slices.Collect(maps.Keys(budgets)))
	for name, pairs := range budgets {
		values := charttest.Values(t, charttest.Registered(t, name))
		for _, one := range pairs {
			assert.EqualValues(t, 2, mocktest.At(values, one.replicas...), name)
			assert.Equal(t, one.want, mocktest.At(values, one.budget...), name)
		}
	}
}
