package platform_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/monitoring"
	"github.com/dreamseed/platform/services/catalogue"
)

const grafanaHost = "grafana.learn.dreamseed.ai"

// withGrafana registers an environment whose Grafana is reachable through the ingress.
func withGrafana(t *testing.T, environment string) (*config.Config, *mocktest.Recording) {
	t.Helper()
	cfg := load(t, environments(t)[environment])
	cfg.Cluster.DNS.Aliases = []string{grafanaHost}
	cfg.Monitoring.Grafana = monitoring.Access{Host: grafanaHost, Users: "GRAFANA_USERS"}
	cfg.Monitoring.Secrets["GRAFANA_USERS"] = catalogue.Secret{}
	return cfg, build(t, cfg)
}

func TestGrafanaIsReachedOnlyWhereTheConfigurationSaysSo(t *testing.T) {
	const inMonitoring = "dreamseed-monitoring"
	eachStack(t, func(t *testing.T, cfg *config.Config, built *mocktest.Recording) {
		assert.False(t, slices.ContainsFunc(built.OfType(ingressType), func(one *mocktest.Resource) bool {
			return one.At("metadata", "namespace") == inMonitoring
		}))
		w := newWorld(t, cfg, built)
		if cfg.Ingress.Enabled() {
			arrives := tcp(w.pod(t, "traefik"), w.pod(t, "grafana").Address, 3000, "no route leads there")
			assert.False(t, surroundings[cfg.Cluster.Cloud][0].engine.Allows(&w.World, arrives.Connection))
		}
	})

	for _, environment := range []string{"production", "production-eks", "production-aks"} {
		t.Run(environment, func(t *testing.T) {
			cfg, built := withGrafana(t, environment)
			route := built.Get(t, ingressType, "monitoring-stack-grafana-ingress-route")
			assert.Equal(t, inMonitoring, route.At("metadata", "namespace"))
			assert.Equal(t, grafanaHost, route.At("spec", "rules", 0, "host"))
			assert.Equal(t, "grafana", route.At("spec", "rules", 0, "http", "paths", 0, "backend", "service", "name"))
			w := newWorld(t, cfg, built)
			arrives := tcp(w.pod(t, "traefik"), w.pod(t, "grafana").Address, 3000, "a route leads there")
			unwanted := []flow{
				tcp(w.pod(t, "neighbour"), w.pod(t, "grafana").Address, 3000, "nobody else is let in"),
				tcp(w.pod(t, "traefik"), w.pod(t, "prometheus-a").Address, 9090, "no route leads there"),
				tcp(w.pod(t, "traefik"), w.pod(t, "alertmanager-a").Address, 9093, "nor there"),
			}
			for _, around := range surroundings[cfg.Cluster.Cloud] {
				assert.True(t, around.engine.Allows(&w.World, arrives.Connection), arrives.reason)
				for _, one := range unwanted {
					assert.False(t, around.engine.Allows(&w.World, one.Connection), one.reason)
				}
			}
		})
	}
}

func TestGrafanaIsBehindAPassword(t *testing.T) {
	_, built := withGrafana(t, "production")
	const of = "monitoring-stack-grafana-ingress-"
	route := built.Get(t, ingressType, of+"route")

	assert.Equal(t, "dreamseed-monitoring-grafana-limit@kubernetescrd,dreamseed-monitoring-grafana-users@kubernetescrd",
		route.At("metadata", "annotations", "traefik.ingress.kubernetes.io/router.middlewares"),
		"first the limit, so that nobody guesses fast")
	users := built.Get(t, middlewareType, of+"users")
	assert.Equal(t, "grafana-users", users.At("metadata", "name"))
	assert.Equal(t, map[string]any{"secret": "monitoring-secrets-grafana-users", "removeHeader": true},
		users.At("spec", "basicAuth"), "Grafana would take the password for one of its own")
	assert.Equal(t, "grafana-limit", built.Get(t, middlewareType, of+"limit").At("metadata", "name"))
	route.AssertDependsOn(t, users.Ref(), built.Get(t, middlewareType, of+"limit").Ref(),
		built.Get(t, "kubernetes:core/v1:Service", "monitoring-stack-grafana-service").Ref())
}

// The certificate is in the namespace of the Ingress, which reads no other one's Secrets.
func TestGrafanaHasACertificateOfItsOwn(t *testing.T) {
	_, built := withGrafana(t, "production")
	certificate := built.Get(t, certificateType, "monitoring-stack-grafana-ingress-certificate")
	route := built.Get(t, ingressType, "monitoring-stack-grafana-ingress-route")

	assert.Equal(t, "dreamseed-monitoring", certificate.At("metadata", "namespace"))
	assert.Equal(t, []any{grafanaHost}, certificate.At("spec", "dnsNames"))
	assert.Equal(t, certificate.At("spec", "secretName"), route.At("spec", "tls", 0, "secretName"))
	issuer := built.Get(t, issuerType, "monitoring-stack-grafana-ingress-issuer")
	assert.Equal(t, "dreamseed-monitoring", issuer.At("metadata", "namespace"))
}

func TestGrafanaKnowsTheHostOfItsUsers(t *testing.T) {
	_, built := withGrafana(t, "production")
	variables, _ := built.Get(t, "kubernetes:apps/v1:Deployment", "monitoring-stack-grafana-deployment").
		At("spec", "template", "spec", "containers", 0, "env").([]any)
	values := map[any]any{}
	for _, one := range variables {
		values[mocktest.At(one, "name")] = mocktest.At(one, "value")
	}
	require.NotEmpty(t, values)
	assert.Equal(t, "https://"+grafanaHost+"/", values["GF_SERVER_ROOT_URL"])
	assert.Equal(t, "true", values["GF_SECURITY_COOKIE_SECURE"])
}

// The controller reads only the namespaces of its routes.
func TestTheControllerServesTheNamespaceOfGrafana(t *testing.T) {
	served := func(built *mocktest.Recording) any {
		return built.Get(t, releaseType, "traefik-release").At("values", "providers", "kubernetesIngress", "namespaces")
	}
	cfg := load(t, environments(t)["production"])
	assert.Equal(t, []any{"dreamseed-production", "traefik"}, served(build(t, cfg)), "the control")
	_, built := withGrafana(t, "production")
	assert.Equal(t, []any{"dreamseed-production", "dreamseed-monitoring", "traefik"}, served(built))
}
