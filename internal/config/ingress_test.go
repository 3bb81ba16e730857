package config_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/invalid"
	"github.com/dreamseed/platform/internal/operator"
)

func route(path, service string, further ...any) map[string]any {
	made := map[string]any{"path": path, "service": service}
	for i := 0; i < len(further); i += 2 {
		made[further[i].(string)] = further[i+1]
	}
	return made
}

func TestIngressMistakes(t *testing.T) {
	cases := map[string]struct {
		reason string
		stack  string
		made   changes
		want   []string
	}{
		"host that is no DNS name": {
			reason: "no certificate could be had for it",
			stack:  "local", made: changes{"ingress": map[string]any{"host": "learn_dreamseed.ai"}},
			want: []string{"ingress.host"},
		},
		"another host than the cluster's": {
			reason: "its record would lead nowhere",
			made:   changes{"ingress": map[string]any{"host": "www.dreamseed.ai"}},
			want:   []string{"ingress.host"},
		},
		"class and namespace that are no names": {
			reason: "the API server would refuse them",
			made:   changes{"ingress": map[string]any{"className": "My Class", "controllerNamespace": "a.b", "routes": []any{}}},
			want:   []string{"ingress.className", "ingress.controllerNamespace"},
		},
		"unknown issuer": {
			reason: "there are three",
			made:   changes{"ingress": map[string]any{"issuer": "letsencrypt"}},
			want:   []string{"ingress.issuer"},
		},
		"two services on one path": {
			reason: "a request can only go to one",
			made:   changes{"ingress": map[string]any{"routes": []any{route("/api/x", "auth"), route("/api/x", "user")}}},
			want:   []string{"ingress.routes[1].path"},
		},
		"route without a service": {
			reason: "it would lead nowhere",
			made: changes{"ingress": map[string]any{
				"routes": []any{map[string]any{"path": "/api/x"}, route("/api/y", "billing")},
			}},
			want: []string{"ingress.routes[0].service", "ingress.routes[1].service"},
		},
		"paths that are none": {
			reason: "one would hide another, or never match",
			made: changes{"ingress": map[string]any{"routes": []any{
				route("/health", "auth"), route("/api/", "auth"), route("/api/../x", "auth"), route("/api/A", "auth"),
			}}},
			want: []string{
				"ingress.routes[0].path", "ingress.routes[1].path", "ingress.routes[2].path", "ingress.routes[3].path",
			},
		},
		"limits that are none": {
			reason: "nobody would get through",
			made: changes{"ingress": map[string]any{"routes": []any{
				route("/api/x", "auth", "requestsPerSecond", 10), route("/api/y", "auth", "requestsPerSecond", -1),
			}}},
			want: []string{"ingress.routes[0].burst", "ingress.routes[1].requestsPerSecond"},
		},
		"burst without a rate": {
			reason: "there is no limit that it could widen",
			stack:  "local", made: changes{"ingress": map[string]any{"host": "learn.example", "routes": []any{
				route("/api/auth", "auth"), route("/api/users", "user", "burst", 10), route("/api/x", "user", "burst", -1),
			}}},
			want: []string{"ingress.routes[1].burst", "ingress.routes[2].burst"},
		},
		"negative burst": {
			reason: "nobody would get through",
			made: changes{"ingress": map[string]any{"routes": []any{
				route("/api/x", "auth", "requestsPerSecond", 5, "burst", -5),
			}}},
			want: []string{"ingress.routes[0].burst"},
		},
		"controller elsewhere than it is installed": {
			reason: "the services would be closed to it",
			made:   changes{"ingress": map[string]any{"controllerNamespace": "ingress"}},
			want:   []string{"ingress.controllerNamespace"},
		},
		"routes without a host": {
			reason: "there would be no ingress at all",
			stack:  "local", made: changes{"ingress": map[string]any{"routes": []any{route("/api/auth", "auth")}}},
			want: []string{"ingress.host"},
		},
		"limit of an unknown controller": {
			reason: "it would silently be without effect",
			made: changes{"ingress": map[string]any{"className": "haproxy", "routes": []any{
				route("/api/x", "auth", "requestsPerSecond", 10, "burst", 10),
			}}},
			want: []string{"ingress.routes[0].requestsPerSecond"},
		},
		"unknown source of operators": {
			reason: "there are two",
			made:   changes{"operators": "olm"},
			want:   []string{"operators"},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			stack := c.stack
			if stack == "" {
				stack = "production"
			}
			_, err := config.Load(given(t, stack, c.made), nil)
			var found invalid.Problems
			require.ErrorAs(t, err, &found)
			assert.ElementsMatch(t, c.want, keys(found), c.reason)
		})
	}
}

var shrinkingCanary = map[string]any{"strategy": "canary", "canary": map[string]any{"weights": []int{50, 25}}}

// A release with ten mistakes reports all of them, before anything is touched.
func TestEveryMistakeOfAReleaseIsReportedAtOnce(t *testing.T) {
	found := problems(t, changes{
		"services.assessment.autoscaling": map[string]any{"minReplicas": 30},
		"services.user.availability":      map[string]any{"floor": 4},
		"services.auth.availability":      map[string]any{"floor": 3},
		"services.payment.spot":           map[string]any{"allowed": true, "onDemandFloor": 2},
		"services.payment.autoscaling":    map[string]any{"minReplicas": 4},
		"services.content.availability":   map[string]any{"graceSeconds": 26},
		"services.analytics.release":      map[string]any{"strategy": "recreate"},
		"services.ai-tutor.release":       shrinkingCanary,
		"ingress": map[string]any{
			"host":   "learn_dreamseed.ai",
			"routes": []any{route("/api/x", "auth"), route("/api/x", "user"), map[string]any{"path": "/api/y"}},
		},
	})
	assert.ElementsMatch(t, []string{
		"services.assessment.autoscaling.maxReplicas", "services.user.availability.floor", "services.auth.availability.floor",
		"services.payment.spot.allowed", "services.content.availability.graceSeconds", "services.analytics.release.strategy",
		"services.ai-tutor.release.canary.weights[1]", "ingress.host", "ingress.routes[1].path", "ingress.routes[2].service",
	}, keys(found))
	for _, problem := range found {
		assert.NotEmpty(t, problem.Rule)
	}
}

func TestTheHostIsTheClusters(t *testing.T) {
	assert.Equal(t, "learn.dreamseed.ai", load(t, "production", nil).Ingress.Host)
	assert.False(t, load(t, "local", nil).Ingress.Enabled())
	assert.True(t, load(t, "local", changes{"ingress": map[string]any{"host": "dreamseed.localhost"}}).Ingress.Enabled())
}

func TestOnlyUsedOperators(t *testing.T) {
	cases := map[string]struct {
		stack string
		made  changes
		want  []operator.Name
	}{
		"data stores, and secrets": {
			stack: "local", want: []operator.Name{operator.CloudNativePG, operator.ExternalSecrets, operator.Strimzi},
		},
		"secrets alone": {
			stack: "local", made: changes{"data": elsewhere}, want: []operator.Name{operator.ExternalSecrets},
		},
		"data stores, and sealed secrets": {
			stack: "local", made: changes{"secrets": map[string]any{"backend": "sealedSecrets", "bootstrap": true}},
			want: []operator.Name{
				operator.CloudNativePG, operator.ExternalSecrets, operator.SealedSecrets, operator.Strimzi,
			},
		},
		"sealed secrets": {
			stack: "local",
			made:  changes{"data": elsewhere, "secrets": map[string]any{"backend": "sealedSecrets", "bootstrap": true}},
			want:  []operator.Name{operator.SealedSecrets},
		},
		"ingress": {
			stack: "staging",
			want:  []operator.Name{operator.CertManager, operator.ExternalSecrets, operator.KEDA, operator.Traefik},
		},
		"ingress of others": {
			stack: "staging", made: changes{"ingress": map[string]any{"className": "haproxy"}},
			want: []operator.Name{operator.CertManager, operator.ExternalSecrets, operator.KEDA},
		},
		"logs in Elasticsearch": {
			stack: "local", made: changes{"data": elsewhere, "logs": map[string]any{"store": "elastic"}},
			want: []operator.Name{operator.ECK, operator.ExternalSecrets},
		},
		"logs in Elasticsearch, and sealed secrets": {
			stack: "local", made: changes{
				"data":    elsewhere,
				"logs":    map[string]any{"store": "elastic"},
				"secrets": map[string]any{"backend": "sealedSecrets", "bootstrap": true},
			},
			want: []operator.Name{operator.ECK, operator.ExternalSecrets, operator.SealedSecrets},
		},
		"blue and green": {
			stack: "local", made: changes{
				"data": elsewhere, "services.auth.release": map[string]any{"strategy": "blueGreen"},
			},
			want: []operator.Name{operator.ArgoRollouts, operator.ExternalSecrets},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, c.want, load(t, c.stack, c.made).UsedOperators())
		})
	}
}
