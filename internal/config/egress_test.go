package config_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func destination(cidr string, ports ...any) []any {
	return []any{map[string]any{"cidr": cidr, "ports": ports}}
}

// Production's pods are 10.64.0.0/14, its Services 10.25.0.0/20.
func TestADestinationThatMustStayClosedIsRefused(t *testing.T) {
	for _, wrong := range []string{
		"169.254.169.254/32", "169.254.0.0/16", "169.254.128.0/17", "169.254.170.23/32", "168.63.129.16/32",
		"fd00:ec2::254/128", "fd00:ec2::/32", "fe80::/10", "fd20:ce::254/128", "::ffff:169.254.169.254/128",
		"10.64.0.0/14", "10.65.3.0/24", "10.25.0.0/20", "10.25.0.1/32",
	} {
		assert.Equal(t, []string{"egress[0].cidr"}, keys(problems(t, changes{"egress": destination(wrong, 80)})), wrong)
		assert.Equal(t, []string{"services.auth.egress[0].cidr"},
			keys(problems(t, changes{"services.auth.egress": destination(wrong, 80)})), wrong)
	}
}

func TestWhatMustStayClosedIsTakenOutOfAWiderDestination(t *testing.T) {
	cases := map[string][]string{
		"0.0.0.0/0":      {"10.25.0.0/20", "10.64.0.0/14", "168.63.129.16/32", "169.254.0.0/16"},
		"128.0.0.0/1":    {"168.63.129.16/32", "169.254.0.0/16"},
		"169.254.0.0/15": {"169.254.0.0/16"},
		"10.0.0.0/8":     {"10.25.0.0/20", "10.64.0.0/14"},
		"::/0":           {"fd00:ec2::/32", "fd20:ce::/32", "fe80::/10"},
		"10.20.0.0/20":   nil,
		"10.24.0.0/16":   nil, // the nodes' network may hold data stores, too
	}
	for cidr, want := range cases {
		cfg := load(t, "production", changes{
			"egress": destination(cidr, 443), "services.auth.egress": destination(cidr, 443),
		})
		assert.Equal(t, want, cfg.Egress[0].Except, cidr)
		for _, service := range cfg.Services {
			if service.Name == "auth" {
				assert.Equal(t, want, service.Egress[0].Except, cidr)
			}
		}
	}
}

func TestAPortIsListedOnce(t *testing.T) {
	assert.Equal(t, []string{"egress[0].ports[2]"},
		keys(problems(t, changes{"egress": destination("10.20.0.0/20", 443, 80, 443)})))
}
