package config_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/services/catalogue"
)

func TestEveryMistakeIsReportedAtOnce(t *testing.T) {
	found := problems(t, changes{
		"colour":                                   "green",
		"environment":                              "prod",
		"cluster.cloud":                            "gcp",
		"cluster.nodePools.0.spot":                 "no",
		"data.redis.mode":                          "sentinel",
		"egress":                                   destination("10.0.0.0", 443),
		"rolloutDeadlineSeconds":                   -1,
		"services.billing":                         map[string]any{},
		"services.auth.image":                      "auth:latest",
		"services.user.autoscaling.minReplicas":    "three",
		"services.content.autoscaling.maxReplicas": 1,
	})
	assert.ElementsMatch(t, []string{
		"colour", "environment", "cluster.nodePools[0].spot", "data.redis.mode", "egress[0].cidr", "rolloutDeadlineSeconds",
		"services.billing", "services.auth.image", "services.user.autoscaling.minReplicas",
		"services.content.autoscaling.maxReplicas",
	}, keys(found), "the cloud is checked once the cluster can be read")
}

// A section that failed to decode looks empty, and would be reported as missing although the user did give it.
func TestAMessageSaysWhatIsAllowed(t *testing.T) {
	cases := map[string]struct {
		made changes
		want string
	}{
		"unknown key": {
			made: changes{"replicas": 3},
			want: `dreamseed:replicas is "3": it is not a known key; the keys are cluster, cost, data, egress, ` +
				`environment, ingress, logLevel, logs, monitoring, operators, quotas, rolloutDeadlineSeconds, secrets, services`,
		},
		"unknown nested key": {
			made: changes{"cluster.nodePools.0.size": 3},
			want: `dreamseed:cluster.nodePools[0].size is 3: it is not a known key; cluster.nodePools[0] has ` +
				`cpu, diskGB, machineTypes, maxNodes, memory, minNodes, name, spot`,
		},
		"unknown service": {
			made: changes{"services.billing": map[string]any{}},
			want: `dreamseed:services.billing is map[]: it is not a service; the services are ` +
				strings.Join(catalogue.Names(), ", "),
		},
		"unknown key that is null": {
			made: changes{"cluster.existing.path": nil},
			want: `dreamseed:cluster.existing.path is "null": it is not a known key; cluster.existing has ` +
				`context, kubeconfig, kubeconfigPath`,
		},
		"missing environment": {
			made: changes{"environment": absent},
			want: `dreamseed:environment is missing: it must be one of local, staging, production`,
		},
		"small quota": {
			made: changes{"quotas.services.pods": 100},
			want: `dreamseed:quotas.services.pods is 100: it must be at least 134: ` +
				`what the services ask for at maxReplicas while all of them are released, beside their stores`,
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, c.want, problems(t, c.made).Error())
		})
	}
}

func TestMessagesComeInTheSameOrder(t *testing.T) {
	values := given(t, "production", changes{
		"a": "1", "b": "2", "c": "3",
		"cluster.d": 1, "cluster.e": 2, "cluster.f": 3,
		"services.g": 1, "services.h": 2, "services.auth.i": 3, "services.auth.j": 4,
		"services.user.config": map[string]any{"k/": "", "l/": "", "m/": ""},
	})
	_, first := config.Load(values, nil)
	require.Error(t, first)
	for range 20 {
		_, again := config.Load(values, nil)
		require.EqualError(t, again, first.Error())
	}
}
