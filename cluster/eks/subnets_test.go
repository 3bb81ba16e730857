package eks

import (
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
	"pgregory.net/rapid"
)

func TestAVPCIsCutIntoSubnets(t *testing.T) {
	vpc := netip.MustParsePrefix("10.0.0.0/16")
	for zone, want := range [][2]string{
		{"10.0.0.0/18", "10.0.192.0/20"}, {"10.0.64.0/18", "10.0.208.0/20"}, {"10.0.128.0/18", "10.0.224.0/20"},
	} {
		assert.Equal(t, want[0], privateSubnet(vpc, zone).String())
		assert.Equal(t, want[1], publicSubnet(vpc, zone).String())
	}
}

func TestSubnetsLieApartAndInsideTheVPC(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		bits := rapid.IntRange(16, 20).Draw(t, "bits")
		address := rapid.SliceOfN(rapid.Byte(), 4, 4).Draw(t, "address")
		vpc := netip.PrefixFrom(netip.AddrFrom4([4]byte(address)), bits).Masked()
		var subnets []netip.Prefix
		for zone := range 3 {
			subnets = append(subnets, privateSubnet(vpc, zone), publicSubnet(vpc, zone))
		}
		for i, one := range subnets {
			assert.Equal(t, one.Masked(), one)
			assert.True(t, vpc.Contains(one.Addr()) && one.Bits() > vpc.Bits(), "%s lies in %s", one, vpc)
			for _, other := range subnets[:i] {
				assert.False(t, one.Overlaps(other), "%s and %s", one, other)
			}
		}
	})
}
