package controlplane

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/internal/operator"
	"github.com/dreamseed/platform/internal/operator/charttest"
)

// told returns a value of Traefik's settings, as plain JSON.
func told(t *testing.T, path ...any) any {
	t.Helper()
	p := examplePlan(t)
	p.simulation.Namespace = charttest.Services
	text, err := json.Marshal(p.traefikSettings())
	require.NoError(t, err)
	var settings map[string]any
	require.NoError(t, json.Unmarshal(text, &settings))
	return mocktest.At(settings, path...)
}

// Each value of the chart on the left becomes the setting on the right
// (https://github.com/traefik/traefik-helm-chart/blob/v41.6.1/traefik/templates/_podtemplate.tpl).
func TestTraefikIsToldHereWhatItsReleaseTellsIt(t *testing.T) {
	values := charttest.Values(t, charttest.Registered(t, operator.Traefik))
	ingress, ours := []any{"providers", "kubernetesIngress"}, []any{"providers", "kubernetesCRD"}
	web, entryPoint := []any{"ports", "web"}, []any{"entryPoints", "web"}
	tests := map[string]struct{ value, setting []any }{
		"class":             {append(ingress, "ingressClass"), append(ingress, "ingressClass")},
		"class of kinds":    {append(ours, "ingressClass"), append(ours, "ingressClass")},
		"watched":           {append(ingress, "namespaces"), append(ingress, "namespaces")},
		"watched for kinds": {append(ours, "namespaces"), append(ours, "namespaces")},
		"published": {
			append(ingress, "publishedService", "pathOverride"), append(ingress, "ingressEndpoint", "publishedService"),
		},
		"paths by element": {append(ingress, "strictPrefixMatching"), append(ingress, "strictPrefixMatching")},
		"redirect":         {append(web, "http"), append(entryPoint, "http")},
		"issuer's proof":   {append(web, "allowACMEByPass"), append(entryPoint, "allowACMEByPass")},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			value := mocktest.At(values, test.value...)
			require.NotNil(t, value)
			assert.Equal(t, value, told(t, test.setting...))
		})
	}
	endpoint := told(t, append(ingress, "ingressEndpoint")...).(map[string]any)
	assert.Len(t, endpoint, 1, "an address that is only claimed would hide that the Service cannot be read")
}

func TestThePublishedServiceIsThere(t *testing.T) {
	namespace, name, _ := strings.Cut(told(t, "providers", "kubernetesIngress", "ingressEndpoint",
		"publishedService").(string), "/")
	manifests, err := readOwnManifests(traefik)
	require.NoError(t, err)
	var types []string
	for _, one := range manifests {
		metadata := one.field("metadata")
		if one.text("kind") == "Service" && metadata.text("namespace") == namespace && metadata.text("name") == name {
			types = append(types, one.field("spec").text("type"))
		}
	}
	assert.Equal(t, []string{"LoadBalancer"}, types)
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

// The permissions are those that the chart grants in the whole cluster, and no more.
func TestTraefikChangesNothingButTheStatusOfIngresses(t *testing.T) {
	manifests, err := readOwnManifests(traefik)
	require.NoError(t, err)
	rules := 0
	for _, one := range manifests {
		for _, entry := range one.list("rules") {
			rules++
			rule := object(entry.(map[string]any))
			for _, verb := range rule.list("verbs") {
				if verb == "update" {
					assert.Equal(t, []any{"ingresses/status"}, rule.list("resources"))
					continue
				}
				assert.Contains(t, []any{"get", "list", "watch"}, verb)
			}
		}
	}
	assert.NotZero(t, rules)
}
