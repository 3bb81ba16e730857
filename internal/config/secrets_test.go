package config_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/invalid"
)

const planted = "planted hunter2"

// For every mistake in a secret, the message names the key and hides the value.
func TestASecretIsInNoMessage(t *testing.T) {
	cases := map[string]string{
		"environment":                           "dreamseed:environment",
		"logLevel":                              "dreamseed:logLevel",
		"data":                                  "dreamseed:data",
		"data.redis.mode":                       "dreamseed:data",
		"data.kafka.external.cidr":              "dreamseed:data",
		"rolloutDeadlineSeconds":                "dreamseed:rolloutDeadlineSeconds",
		"unheardOf":                             "dreamseed:unheardOf",
		"cluster":                               "dreamseed:cluster",
		"cluster.cloud":                         "dreamseed:cluster",
		"cluster.name":                          "dreamseed:cluster",
		"cluster.zones.0":                       "dreamseed:cluster",
		"cluster.nodePools.0.name":              "dreamseed:cluster",
		"cluster.nodePools.0.cpu":               "dreamseed:cluster",
		"cluster.existing.kubeconfigs":          "dreamseed:cluster",
		"services":                              "dreamseed:services",
		"services.auth.image":                   "dreamseed:services",
		"services.auth.autoscaling.minReplicas": "dreamseed:services",
		"services.auth.config":                  "dreamseed:services",
		"services.auth.resources.limits":        "dreamseed:services",
		"services.billing":                      "dreamseed:services",
		"egress":                                "dreamseed:egress",
		"quotas.services.pods":                  "dreamseed:quotas",
		"quotas.monitoring.requests.cpu":        "dreamseed:quotas",
		"quotas.monitoring.requests.disk":       "dreamseed:quotas",
	}
	for path, secret := range cases {
		t.Run(path, func(t *testing.T) {
			_, err := config.Load(given(t, "production", changes{path: planted}), []string{secret})
			require.Error(t, err)
			assert.Contains(t, err.Error(), secret)
			assert.NotContains(t, err.Error(), planted)
			assert.NotContains(t, err.Error(), "hunter2")
		})
	}
}

func TestWhatIsNoSecretIsShown(t *testing.T) {
	_, err := config.Load(given(t, "production", changes{"environment": planted, "data": "x"}),
		[]string{"dreamseed:data", "other:environment"})
	assert.ErrorContains(t, err, planted)
}

// A user may write a password where none belongs, without marking it as a secret.
func TestAPasswordInAnAddressIsInNoMessage(t *testing.T) {
	for _, address := range []string{
		"http://:hunter2@prometheus:9090",
		"https://user:hunter2@prometheus:9090",
		"redis://user:hunter2@prometheus:9090",
		"http://user:hunter2%zz@prometheus:9090",
	} {
		_, err := config.Load(given(t, "production", changes{"monitoring.url": address}), nil)
		require.ErrorContains(t, err, "dreamseed:monitoring.url", address)
		assert.NotContains(t, err.Error(), "hunter2", address)
	}
}

// A user who encrypts a value relies on it: in a ConfigMap or in the state it would be in clear.
func TestOnlyTheKubeconfigMayBeEncrypted(t *testing.T) {
	cases := map[string]struct {
		reason    string
		stack     string
		made      changes
		encrypted []string
		want      []string
	}{
		"the kubeconfig": {
			"it is a secret up to the state", "local",
			changes{"cluster.existing.kubeconfigPath": "", "cluster.existing.kubeconfig": planted},
			[]string{"dreamseed:cluster"}, nil,
		},
		"another project's key": {"it is not ours", "production", nil, []string{"gcp:cluster"}, nil},
		"a part of the cluster that is no kubeconfig": {
			"it names things in the cloud", "production", nil, []string{"dreamseed:cluster"}, []string{"cluster"},
		},
		"an entry of a ConfigMap": {
			"anybody in the namespace may read it", "production",
			changes{"services.auth.config": map[string]any{"PASSWORD": planted}},
			[]string{"dreamseed:services"}, []string{"services"},
		},
		"two at once": {
			"all are told", "production", nil, []string{"dreamseed:data", "dreamseed:logLevel"},
			[]string{"data", "logLevel"},
		},
		"what is wrong anyhow": {
			"once is enough", "production", changes{"unheardOf": planted}, []string{"dreamseed:unheardOf"},
			[]string{"unheardOf"},
		},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := config.Load(given(t, tt.stack, tt.made), tt.encrypted)

			if tt.want == nil {
				require.NoError(t, err, tt.reason)
				return
			}
			var found invalid.Problems
			require.ErrorAs(t, err, &found, tt.reason)
			assert.Equal(t, tt.want, keys(found), tt.reason)
			assert.NotContains(t, err.Error(), planted)
		})
	}
}
