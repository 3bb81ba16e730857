package cost

import (
	"math"
	"slices"
)

// Cloud NAT gives an address 64,512 ports, and each node the fewest or the most that cluster/gke allows it
// (https://cloud.google.com/nat/docs/ports-and-addresses).
const (
	portsPerAddress = 64_512
	fewestPorts     = 64
	mostPorts       = 4096
)

// onGKE has no charge for the address of the ingress: it is free while a load balancer uses it
// (https://cloud.google.com/vpc/network-pricing#ipaddress). A rotated key has further versions; each is a charge, and
// the first alone is counted.
func (s *stack) onGKE() []charge {
	nodes := s.nodes()
	return slices.Concat(s.common(), s.machines(), s.gibibytes("disk pd-balanced"), []charge{
		{part: NAT, what: "NAT of a node", count: nodes},
		{part: NAT, what: "address of the NAT", count: Figures{
			Minimum:  math.Ceil(nodes.Minimum * fewestPorts / portsPerAddress),
			Expected: math.Ceil(nodes.Expected * fewestPorts / portsPerAddress),
			Maximum:  math.Ceil(nodes.Maximum * mostPorts / portsPerAddress),
		}},
		{part: Keys, what: "version of a key", count: always(1)},
	})
}
