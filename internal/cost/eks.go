package cost

import "slices"

// eksKeys are those of the secrets and of the data.
const eksKeys = 2

// onEKS counts a NAT gateway in each zone, with an address, and an address of the ingress in each.
func (s *stack) onEKS() []charge {
	return slices.Concat(s.common(), s.machines(), s.gibibytes("disk gp3"), []charge{
		{part: NAT, what: "NAT gateway", count: always(s.zones())},
		{part: NAT, what: publicAddress, count: always(s.zones())},
		{part: Addresses, what: publicAddress, count: always(s.zones())},
		{part: Keys, what: "key", count: always(eksKeys)},
	})
}
