package aks

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTheClustersDNSAnswersInsideTheRangeOfServices(t *testing.T) {
	for services, want := range map[string]string{
		"10.1.0.0/20":      "10.1.0.10",
		"10.1.0.0/16":      "10.1.0.10",
		"10.25.16.0/24":    "10.25.16.10",
		"172.20.255.0/24":  "172.20.255.10",
		"192.168.0.240/28": "192.168.0.250",
	} {
		address, err := dnsServiceIP(services)
		require.NoError(t, err, services)
		assert.Equal(t, want, address)
		assert.True(t, netip.MustParsePrefix(services).Contains(netip.MustParseAddr(address)), services)
	}
}

func TestNoAddressIsMadeUpForTheClustersDNS(t *testing.T) {
	for reason, services := range map[string]string{
		"too small": "10.0.0.0/29", "no range": "10.0.0.0", "nothing": "", "no room above": "255.255.255.252/30",
	} {
		_, err := dnsServiceIP(services)
		assert.Error(t, err, reason)
	}
}
