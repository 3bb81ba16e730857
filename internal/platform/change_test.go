package platform_test

import (
	"regexp"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/services/catalogue"
)

// service returns the configured service of this name, to be changed.
func service(t *testing.T, cfg *config.Config, name string) *catalogue.Service {
	t.Helper()
	at := slices.IndexFunc(cfg.Services, func(one catalogue.Service) bool { return one.Name == name })
	require.GreaterOrEqual(t, at, 0, name)
	return &cfg.Services[at]
}

func TestAChangeReachesNoMoreThanItMust(t *testing.T) {
	cases := map[string]struct {
		reason string
		change func(t *testing.T, cfg *config.Config)
		want   []string
	}{
		"image": {
			reason: "a release of one service is no release of another, and has what is read looked at again",
			change: func(t *testing.T, cfg *config.Config) {
				service(t, cfg, "auth").Image = "example.com/auth" + older
			},
			want: []string{
				"auth-deployment", "auth-migration-44136fa355b3", "auth-migration-9f86d081884c",
				"auth-secrets-read-DATABASE_URL", "auth-secrets-read-KAFKA_BOOTSTRAP_SERVERS",
				"auth-secrets-read-KAFKA_PASSWORD", "auth-secrets-read-KAFKA_USERNAME", "auth-secrets-read-REDIS_URL",
			},
		},
		"configuration of a service": {
			reason: "one ConfigMap comes and one goes, which rolls that service's pods",
			change: func(t *testing.T, cfg *config.Config) {
				service(t, cfg, "auth").Config = map[string]string{"features.json": "{}"}
			},
			want: []string{"auth-config", "auth-config", "auth-deployment"},
		},
		"log level of a service": {
			reason: "it is in the ConfigMap",
			change: func(t *testing.T, cfg *config.Config) { service(t, cfg, "user").LogLevel = "ERROR" },
			want:   []string{"user-config", "user-config", "user-deployment"},
		},
		"replicas": {
			reason: "scaling is in place, and the dashboard shows the new bounds",
			change: func(t *testing.T, cfg *config.Config) { service(t, cfg, "content").Autoscaling.MinReplicas++ },
			want: []string{
				"content-autoscaler", "content-deployment", "monitoring-stack-grafana-dashboards-services",
			},
		},
		"quota": {
			reason: "the pods that run go on running",
			change: func(_ *testing.T, cfg *config.Config) { cfg.Quotas.Monitoring.Pods++ },
			want:   []string{"monitoring-quota"},
		},
		"resources": {
			reason: "they are the pods' own",
			change: func(t *testing.T, cfg *config.Config) {
				service(t, cfg, "content").Resources.Limits.CPU = resource.MustParse("2")
			},
			want: []string{"content-deployment"},
		},
		"objective": {
			reason: "rules and dashboards follow it, and no pod is rolled",
			change: func(t *testing.T, cfg *config.Config) { service(t, cfg, "auth").Objectives.AvailabilityPercent = 99 },
			want: []string{
				"monitoring-stack-grafana-dashboards-services", "monitoring-stack-prometheus-rules",
			},
		},
		"declared egress": {
			reason: "the network is changed in place",
			change: func(_ *testing.T, cfg *config.Config) { cfg.Egress[0].Ports = []int{5432} },
			want:   []string{"services-allow-declared-egress"},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			cfg := stackConfig(t, "staging")
			cfg.Egress = []catalogue.Egress{{CIDR: "192.0.2.0/24", Ports: []int{25}}}
			before := build(t, cfg)
			c.change(t, cfg)
			changed := mocktest.Changed(before, build(t, cfg))
			for i := range changed {
				changed[i] = hashOfContent.ReplaceAllString(changed[i], "$1")
			}
			assert.Equal(t, c.want, changed, c.reason)
		})
	}
}

// hashOfContent matches the name of a ConfigMap, which ends with the hash.
var hashOfContent = regexp.MustCompile(`^(.*-config)-[0-9a-f]{10}$`)

func TestTheNameOfAConfigMapFollowsItsContent(t *testing.T) {
	cfg := stackConfig(t, "staging")
	name := func() any {
		return configMap(t, build(t, cfg), "auth").At("metadata", "name")
	}
	first := name()
	assert.Regexp(t, "^auth-service-config-[0-9a-f]+$", first)
	service(t, cfg, "auth").Config = map[string]string{"a": "1"}
	second := name()
	service(t, cfg, "auth").Config = map[string]string{"a": "2"}
	third := name()
	assert.NotEqual(t, first, second, "another key")
	assert.NotEqual(t, second, third, "another value")
	service(t, cfg, "auth").Config = nil
	assert.Equal(t, first, name(), "back to the first content")
}

func TestFurtherEntriesBecomeFiles(t *testing.T) {
	cfg := stackConfig(t, "staging")
	service(t, cfg, "auth").Config = map[string]string{"features.json": "{}"}
	built := build(t, cfg)
	assert.Equal(t, "{}", configMap(t, built, "auth").At("data", "features.json"))
	assert.Nil(t, configMap(t, built, "user").At("data", "features.json"))
}

func TestTwoRunsRegisterTheSameGraph(t *testing.T) {
	for _, stack := range mocktest.Stacks() {
		t.Run(stack, func(t *testing.T) {
			cfg := stackConfig(t, stack)
			first := build(t, cfg)
			for range 5 {
				assert.Empty(t, mocktest.Changed(first, build(t, cfg)))
			}
		})
	}
}

func seconds(t *testing.T, duration string) int {
	t.Helper()
	parsed, err := time.ParseDuration(duration)
	require.NoError(t, err)
	return int(parsed.Seconds())
}
