package operators_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/internal/operator"
	"github.com/dreamseed/platform/internal/operator/charttest"
)

// told returns a value of Traefik's settings.
func told(t *testing.T, path ...any) any {
	t.Helper()
	traefik := get(t, operator.Traefik)
	it := instance(traefik)
	it.IngressNamespaces = []string{charttest.Services}
	text, err := traefik.Program.Settings(it)
	require.NoError(t, err)
	var settings map[string]any
	require.NoError(t, yaml.Unmarshal(text, &settings))
	return mocktest.At(settings, path...)
}

func TestTraefikListensOnLoopbackOnly(t *testing.T) {
	var listens []string
	for _, entryPoint := range told(t, "entryPoints").(map[string]any) {
		listens = append(listens, mocktest.At(entryPoint, "address").(string))
	}
	assert.ElementsMatch(t, []string{"127.0.0.1:40000", "127.0.0.1:40001", "127.0.0.1:40002"}, listens)
}

func TestTraefikCallsNobodyButTheAPIServer(t *testing.T) {
	assert.Equal(t, map[string]any{"checkNewVersion": false, "sendAnonymousUsage": false}, told(t, "global"))
	assert.Nil(t, told(t, "certificatesResolvers"), "an issuer is outside this machine")
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
	var types []any
	for _, one := range objects(t, get(t, operator.Traefik)) {
		if one["kind"] == "Service" &&
			mocktest.At(one, "metadata", "namespace") == namespace && mocktest.At(one, "metadata", "name") == name {
			types = append(types, mocktest.At(one, "spec", "type"))
		}
	}
	assert.Equal(t, []any{"LoadBalancer"}, types)
}

// The permissions are those that the chart grants in the whole cluster, and no more.
func TestTraefikChangesNothingButTheStatusOfIngresses(t *testing.T) {
	rules := 0
	for _, one := range objects(t, get(t, operator.Traefik)) {
		listed, _ := one["rules"].([]any)
		for _, rule := range listed {
			rules++
			for _, verb := range mocktest.At(rule, "verbs").([]any) {
				if verb == "update" {
					assert.Equal(t, []any{"ingresses/status"}, mocktest.At(rule, "resources"))
					continue
				}
				assert.Contains(t, []any{"get", "list", "watch"}, verb)
			}
		}
	}
	assert.NotZero(t, rules)
}
