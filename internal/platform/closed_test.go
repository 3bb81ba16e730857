package platform_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/services/catalogue"
)

// Anyone may declare a destination, so it must not open the addresses that hand out credentials.
func TestWhatStaysClosedInADestinationIsInNoPolicy(t *testing.T) {
	cfg := stackConfig(t, "production")
	world := catalogue.Egress{CIDR: "0.0.0.0/0", Ports: []int{80, 5432}}.WithoutClosed(catalogue.CredentialServers())
	cfg.Egress = []catalogue.Egress{world}
	service(t, cfg, "auth").Egress = []catalogue.Egress{world}
	built := build(t, cfg)
	for _, name := range []string{
		"services-allow-declared-egress", "services-allow-auth-egress", "services-allow-migrations-to-databases",
	} {
		assert.Equal(t, map[string]any{"cidr": "0.0.0.0/0", "except": []any{"168.63.129.16/32", "169.254.0.0/16"}},
			mocktest.At(policy(t, built, name), "egress", 0, "to", 0, "ipBlock"), name)
	}
}
