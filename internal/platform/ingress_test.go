package platform_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/ingress"
	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/internal/operator"
	"github.com/dreamseed/platform/services/catalogue"
)

const (
	ingressType     = "kubernetes:networking.k8s.io/v1:Ingress"
	middlewareType  = "kubernetes:traefik.io/v1alpha1:Middleware"
	issuerType      = "kubernetes:cert-manager.io/v1:Issuer"
	certificateType = "kubernetes:cert-manager.io/v1:Certificate"
)

// eachIngress runs the test for every environment that has an ingress.
func eachIngress(t *testing.T, test func(t *testing.T, cfg *config.Config, built *mocktest.Recording)) {
	t.Helper()
	tested := 0
	eachStack(t, func(t *testing.T, cfg *config.Config, built *mocktest.Recording) {
		if cfg.Ingress.Enabled() {
			tested++
			test(t, cfg, built)
		}
	})
	assert.Equal(t, 7, tested, "staging and production on three clouds, and one with a server of the cloud")
}

// routes maps each path of the Ingresses to the Service that it leads to.
func routes(t *testing.T, built *mocktest.Recording) map[any]any {
	t.Helper()
	found := map[any]any{}
	for _, one := range built.Each(t, ingressType) {
		paths, _ := one.At("spec", "rules", 0, "http", "paths").([]any)
		for _, path := range paths {
			found[mocktest.At(path, "path")] = mocktest.At(path, "backend", "service", "name")
		}
	}
	return found
}

func TestEveryServiceHasItsRoute(t *testing.T) {
	eachIngress(t, func(t *testing.T, _ *config.Config, built *mocktest.Recording) {
		assert.Equal(t, map[any]any{
			"/api/ai-tutor":    "ai-tutor-service",
			"/api/analytics":   "analytics-service",
			"/api/assessments": "assessment-service",
			"/api/auth":        "auth-service",
			"/api/content":     "content-service",
			"/api/payments":    "payment-service",
			"/api/users":       "user-service",
			"/health":          "auth-service",
		}, routes(t, built))
	})
}

func TestIngressesAreOfTheHostAndTheClass(t *testing.T) {
	eachIngress(t, func(t *testing.T, cfg *config.Config, built *mocktest.Recording) {
		for _, one := range built.Each(t, ingressType) {
			assert.Equal(t, "traefik", one.At("spec", "ingressClassName"), one.Name)
			assert.Nil(t, one.At("metadata", "annotations", "kubernetes.io/ingress.class"), one.Name)
			assert.Equal(t, cfg.Cluster.DNS.Host, one.At("spec", "rules", 0, "host"), one.Name)
			assert.Equal(t, []any{map[string]any{
				"hosts": []any{cfg.Cluster.DNS.Host}, "secretName": "dreamseed-tls",
			}}, one.At("spec", "tls"), one.Name)
		}
	})
}

func TestRoutesAreLimitedAsTheControllerCan(t *testing.T) {
	eachIngress(t, func(t *testing.T, cfg *config.Config, built *mocktest.Recording) {
		limit := built.Get(t, middlewareType, "ingress-routes-100-200-limit")
		assert.Equal(t, map[string]any{"average": 100, "burst": 200}, limit.At("spec", "rateLimit"))
		limited := built.Get(t, ingressType, "ingress-routes-100-200")
		assert.Equal(t, "dreamseed-"+string(cfg.Environment)+"-routes-100-200@kubernetescrd",
			limited.At("metadata", "annotations", "traefik.ingress.kubernetes.io/router.middlewares"))
		assert.Equal(t, "routes-100-200", limit.At("metadata", "name"))
		limited.AssertDependsOn(t, limit.Ref())
		health := built.Get(t, ingressType, "ingress-health")
		assert.Equal(t, plainAnnotations, health.At("metadata", "annotations"), "a smoke test is not limited")
	})
}

func TestRoutesOfOneLimitShareAnIngress(t *testing.T) {
	values := mocktest.StackConfig(t, "staging")
	values["dreamseed:ingress"] = `{"routes": [
		{"path": "/api/auth", "service": "auth", "requestsPerSecond": 10, "burst": 20},
		{"path": "/api/users", "service": "user"},
		{"path": "/api/payments", "service": "payment", "requestsPerSecond": 10, "burst": 20}]}`
	built := build(t, load(t, values))
	assert.Equal(t, []string{"ingress-health", "ingress-routes", "ingress-routes-10-20"},
		mocktest.Names(built.OfType(ingressType)))
	assert.Equal(t, []string{"ingress-routes-10-20-limit"}, mocktest.Names(built.OfType(middlewareType)))
	assert.Equal(t, plainAnnotations, built.Get(t, ingressType, "ingress-routes").At("metadata", "annotations"))
}

func TestNoRouteLeadsToAServiceThatDoesNotRunYet(t *testing.T) {
	eachIngress(t, func(t *testing.T, _ *config.Config, built *mocktest.Recording) {
		for _, one := range built.Each(t, ingressType) {
			for _, name := range catalogue.Names() {
				one.AssertDependsOn(t, mocktest.Ref(deploymentType, name+"-deployment"), mocktest.Ref(serviceType, name+"-service"))
			}
		}
	})
}

func TestTheCertificateIsTheHosts(t *testing.T) {
	eachIngress(t, func(t *testing.T, cfg *config.Config, built *mocktest.Recording) {
		certificate := built.Get(t, certificateType, "ingress-certificate")
		assert.Equal(t, "dreamseed-tls", certificate.At("spec", "secretName"))
		assert.Equal(t, []any{cfg.Cluster.DNS.Host}, certificate.At("spec", "dnsNames"))
		issuer := built.Get(t, issuerType, "ingress-issuer")
		assert.Equal(t, issuer.At("metadata", "name"), certificate.At("spec", "issuerRef", "name"))
		assert.Equal(t, "https://acme-v02.api.letsencrypt.org/directory", issuer.At("spec", "acme", "server"))
		assert.Equal(t, "traefik", issuer.At("spec", "acme", "solvers", 0, "http01", "ingress", "ingressClassName"))
	})
}

func TestIssuers(t *testing.T) {
	cfg := stackConfig(t, "staging")
	cfg.Ingress.Issuer = ingress.LetsEncryptStaging
	assert.Equal(t, "https://acme-staging-v02.api.letsencrypt.org/directory",
		build(t, cfg).Get(t, issuerType, "ingress-issuer").At("spec", "acme", "server"))
	cfg.Ingress.Issuer = ingress.SelfSigned
	built := build(t, cfg)
	assert.Equal(t, map[string]any{"selfSigned": map[string]any{}}, built.Get(t, issuerType, "ingress-issuer").At("spec"))
	assert.NotContains(t, policies(built), "services-allow-certificate-proof", "nobody asks for one")
}

func TestTheControllerIsLetInAndNothingElse(t *testing.T) {
	eachIngress(t, func(t *testing.T, _ *config.Config, built *mocktest.Recording) {
		assert.Equal(t, map[string]any{
			"podSelector": allServices(),
			"policyTypes": []any{"Ingress"},
			"ingress":     []any{rule("from", podsIn("traefik", everyPod), port("TCP", 8000))},
		}, policy(t, built, "services-allow-ingress-controller"))
		assert.Equal(t, map[string]any{
			"podSelector": selecting(map[string]any{"acme.cert-manager.io/http01-solver": "true"}),
			"policyTypes": []any{"Ingress"},
			"ingress":     []any{rule("from", podsIn("traefik", everyPod), port("TCP", 8089))},
		}, policy(t, built, "services-allow-certificate-proof"))
	})
}

func TestWithoutAHostThereIsNoIngress(t *testing.T) {
	built := build(t, stackConfig(t, "local"))
	for _, kind := range []string{ingressType, middlewareType, issuerType, certificateType} {
		assert.Empty(t, built.OfType(kind), kind)
	}
	assert.Equal(t, []string{
		"cloudnative-pg-release", "external-secrets-monitoring-release", "external-secrets-release", "strimzi-release",
	}, mocktest.Names(built.OfType(releaseType)), "nor its operators")
	assert.NotContains(t, policies(built), "services-allow-ingress-controller")
}

func TestAControllerOfAnotherClassIsSomebodyElses(t *testing.T) {
	values := mocktest.StackConfig(t, "staging")
	values["dreamseed:ingress"] = `{"className": "haproxy", "controllerNamespace": "haproxy-ingress"}`
	built := build(t, load(t, values))
	for _, one := range built.Each(t, ingressType) {
		assert.Equal(t, "haproxy", one.At("spec", "ingressClassName"))
		assert.Equal(t, plainAnnotations, one.At("metadata", "annotations"))
	}
	assert.Len(t, routes(t, built), 8)
	assert.Equal(t, []string{
		"cert-manager-release", "external-secrets-monitoring-release", "external-secrets-release", "keda-release",
	}, mocktest.Names(built.OfType(releaseType)))
	peer := mocktest.At(policy(t, built, "services-allow-ingress-controller"), "ingress", 0, "from", 0)
	assert.Equal(t, podsIn("haproxy-ingress", everyPod), peer)
}

func TestOperatorsAreInstalledAsTheyArePinned(t *testing.T) {
	want := map[string][]any{
		"argo-rollouts-release":    {"argo-rollouts", "2.43.5", "https://argoproj.github.io/argo-helm"},
		"cert-manager-release":     {"cert-manager", "v1.21.2", "https://charts.jetstack.io"},
		"external-secrets-release": {"external-secrets", "0.20.4", "https://charts.external-secrets.io"},
		"keda-release":             {"keda", "2.21.0", "https://kedacore.github.io/charts"},
		"sealed-secrets-release":   {"sealed-secrets", "2.19.3", "https://bitnami.github.io/sealed-secrets"},
		"traefik-release":          {"traefik", "41.6.1", "https://traefik.github.io/charts"},
	}
	released := map[string]*mocktest.Resource{}
	for _, built := range []*mocktest.Recording{releasing(t, catalogue.BlueGreen), sealing(t)} {
		for _, release := range built.Each(t, releaseType) {
			released[release.Name] = release
		}
	}
	require.Len(t, released, len(want))
	for name, chart := range want {
		release := released[name]
		pinned := []any{release.At("chart"), release.At("version"), release.At("repositoryOpts", "repo")}
		assert.Equal(t, chart, pinned)
		assert.Equal(t, true, release.At("atomic"), "one that does not become ready is taken back")
		assert.Equal(t, false, release.At("createNamespace"), "ours is bounded")
	}
}

func TestTheAPIServerReachesTheWebhookThatItAsks(t *testing.T) {
	eachIngress(t, func(t *testing.T, _ *config.Config, built *mocktest.Recording) {
		assert.Equal(t, map[string]any{
			"podSelector": selecting(everyPod),
			"policyTypes": []any{"Ingress"},
			"ingress":     []any{map[string]any{"ports": []any{port("TCP", operator.WebhookPort)}}},
		}, policy(t, built, "cert-manager-allow-webhook"))
	})
}

func TestAnOperatorIsThereBeforeWhatItLooksAfter(t *testing.T) {
	built := releasing(t, catalogue.BlueGreen)
	rollout(t, built).AssertDependsOn(t, mocktest.Ref(releaseType, "argo-rollouts-release"))
	for _, one := range append(built.Each(t, ingressType), built.Each(t, middlewareType)...) {
		one.AssertDependsOn(t, mocktest.Ref(releaseType, "traefik-release"))
	}
	for _, kind := range []string{issuerType, certificateType} {
		built.OfType(kind)[0].AssertDependsOn(t, mocktest.Ref(releaseType, "cert-manager-release"))
	}
}

func TestTheLoadBalancerTakesTheReservedAddress(t *testing.T) {
	eachIngress(t, func(t *testing.T, _ *config.Config, built *mocktest.Recording) {
		values := built.Get(t, releaseType, "traefik-release").At("values")
		assert.NotEmpty(t, mocktest.At(values, "service", "annotations"))
		assert.Equal(t, "Local", mocktest.At(values, "service", "spec", "externalTrafficPolicy"),
			"or the rate limit would be about the nodes' addresses")
	})
}

func TestTheControllerSeesTheServicesNamespaceAndItsOwn(t *testing.T) {
	eachIngress(t, func(t *testing.T, cfg *config.Config, built *mocktest.Recording) {
		values := built.Get(t, releaseType, "traefik-release").At("values")
		home := "dreamseed-" + string(cfg.Environment)
		assert.Equal(t, []any{home}, mocktest.At(values, "providers", "kubernetesCRD", "namespaces"))
		assert.Equal(t, []any{home, "traefik"}, mocktest.At(values, "providers", "kubernetesIngress", "namespaces"),
			"its Service is there, whose address every Ingress waits for")
		assert.Equal(t, false, mocktest.At(values, "ingressRoute", "dashboard", "enabled"))
	})
}

func TestOperatorsThatSomebodyElseInstalledAreLeftAlone(t *testing.T) {
	values := mocktest.StackConfig(t, "staging")
	values["dreamseed:operators"] = "present"
	built := build(t, load(t, values))
	assert.Empty(t, built.OfType(releaseType))
	assert.Equal(t, []string{"monitoring-namespace", "node-agents-namespace", "services-namespace"},
		mocktest.Names(built.OfType(namespaceType)))
	assert.Len(t, routes(t, built), 8, "what they look after is there")
}

// A class without a controller would make the engine wait for its own timeout, ten minutes.
func TestAnAddressIsWaitedForUntilTheDeadline(t *testing.T) {
	cfg := stackConfig(t, "production")
	cfg.RolloutDeadlineSeconds = 77
	ingresses := build(t, cfg).OfType(ingressType)
	require.NotEmpty(t, ingresses)
	for _, one := range ingresses {
		assert.Equal(t, []int{77, 77}, []int{seconds(t, one.CreateTimeout), seconds(t, one.UpdateTimeout)}, one.Name)
	}
}

// An Ingress that is only updated keeps the former controller's address in its status.
func TestAnIngressOfAnotherClassIsAnotherIngress(t *testing.T) {
	eachIngress(t, func(t *testing.T, _ *config.Config, built *mocktest.Recording) {
		for _, one := range built.Each(t, ingressType) {
			assert.Equal(t, []string{"spec.ingressClassName"}, one.ReplaceOnChanges, one.Name)
			assert.True(t, one.DeleteBeforeReplace, "%s: two of one name cannot be", one.Name)
		}
	})
}
