package config_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Addresses are read from ConfigMaps and other objects that many may read.
func TestACredentialInAPlainValueIsRefusedAndNotShown(t *testing.T) {
	cases := map[string][]string{
		"monitoring.url": {
			"http://p:9090/?token=hunter2", "https://p:9090/#hunter2", "http://a:hunter2@p:9090", "http://p:9090?hunter2",
		},
		"services.auth.config.SETTING": {
			"postgres://auth:hunter2@db:5432/auth", "amqp://:hunter2@queue", "see https://api.example.com/v1?api_key=hunter2",
			"https://x.blob.example.com/c?sv=1&sig=hunter2", "https://example.com/hook?client_secret=hunter2",
			"-----BEGIN RSA PRIVATE KEY-----\nhunter2", "-----BEGIN PRIVATE KEY-----\nhunter2",
		},
	}
	for key, wrong := range cases {
		t.Run(key, func(t *testing.T) {
			for _, value := range wrong {
				found := problems(t, changes{key: value})
				assert.Equal(t, []string{key}, keys(found), value)
				assert.NotContains(t, found.Error(), "hunter2", value)
			}
		})
	}
}

func TestWhatIsNoCredentialIsNoMistake(t *testing.T) {
	for _, value := range []string{
		"https://example.com/oauth/token", "https://example.com/?page=2&tokens=5", "mail@example.com",
		"http://example.com:8080/@handle", `{"password": {"minLength": 12}}`, "-----BEGIN CERTIFICATE-----\nMII",
	} {
		load(t, "production", changes{"services.auth.config.SETTING": value})
	}
}

func TestAKubeconfigInClearIsRefused(t *testing.T) {
	values := given(t, "local", changes{"cluster.existing": map[string]any{"kubeconfig": "hunter2", "context": "x"}})
	err := refusal(t, values)
	require.ErrorContains(t, err, "dreamseed:cluster.existing.kubeconfig")
	require.ErrorContains(t, err, "config set --secret")
	assert.NotContains(t, err.Error(), "hunter2")
}

func TestAddressesThatNothingAnswersAt(t *testing.T) {
	cases := map[string][]string{
		"monitoring.url": {"http://:9090", "http://p:65536", "http://p:", "http://p p:9090", "ftp://p:9090"},
	}
	for key, wrong := range cases {
		t.Run(key, func(t *testing.T) {
			for _, value := range wrong {
				assert.Equal(t, []string{key}, keys(problems(t, changes{key: value})), value)
			}
		})
	}
}

func TestAddressesInEveryWayThatWorks(t *testing.T) {
	cases := map[string][]string{
		"monitoring.url": {"http://prometheus.dreamseed-monitoring:9090", "https://mimir.example.com/prometheus"},
	}
	for key, right := range cases {
		for _, value := range right {
			present := map[string]any{"prometheus": "present", "url": "http://p:9090"}
			load(t, "production", changes{"monitoring": present, key: value})
		}
	}
}

func TestAHostIsAName(t *testing.T) {
	existing := func(host string) changes {
		return changes{"ingress": map[string]any{"host": host, "routes": []any{route("/api/auth", "auth")}}}
	}
	long := "a23456789012345678901234567890123456789012345678901234567890123x.example.com"
	for _, wrong := range []string{
		"203.0.113.7", "2001:db8::7", "1.2.3", "learn.example.com.", "Learn.example.com", "*.example.com",
		"learn.example.com:443", "https://learn.example.com", "learn..example.com", "-learn.example.com", long,
		"learn example",
	} {
		assert.Equal(t, []string{"ingress.host"}, keysOfRefusal(t, given(t, "local", existing(wrong))), wrong)
		assert.Equal(t, []string{"cluster.dns.host"}, keys(problems(t, changes{"cluster.dns.host": wrong})), wrong)
	}
	for _, right := range []string{
		"learn.example.com", "localhost", "1st.example.com", "xn--lern-example.com", "7.example.com",
	} {
		load(t, "local", existing(right))
	}
}
