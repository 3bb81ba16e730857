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
	cfg.Data.Kafka.External.CIDR = "0.0.0.0/0"
	built := build(t, cfg)
	for _, name := range []string{
		"services-allow-declared-egress", "services-allow-auth-egress", "services-allow-kafka-out",
	} {
		block := mocktest.At(policy(t, built, name), "egress", 0, "to", 0, "ipBlock")
		assert.Equal(t, "0.0.0.0/0", mocktest.At(block, "cidr"), name)
		assert.Subset(t, mocktest.At(block, "except"), []any{"168.63.129.16/32", "169.254.0.0/16"}, name)
	}
}
