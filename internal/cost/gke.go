package cost

import (
	"fmt"
	"math"
	"slices"

	"github.com/dreamseed/platform/data/store"
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
	return slices.Concat(s.common(), s.machines(), s.gibibytes("disk pd-balanced"), s.cloudSQL(), []charge{
		{part: NAT, what: "NAT of a node", count: nodes},
		{part: NAT, what: "address of the NAT", count: Figures{
			Minimum:  math.Ceil(nodes.Minimum * fewestPorts / portsPerAddress),
			Expected: math.Ceil(nodes.Expected * fewestPorts / portsPerAddress),
			Maximum:  math.Ceil(nodes.Maximum * mostPorts / portsPerAddress),
		}},
		{part: Keys, what: "version of a key", count: always(1)},
	})
}

// leastDatabaseDisk is what the disk of a server of Cloud SQL begins with, in GiB.
const leastDatabaseDisk = 10

// cloudSQL returns the charges of the database server. A second one costs as much as the first
// (https://cloud.google.com/sql/pricing). What its backups take is billed by their size.
func (s *stack) cloudSQL() []charge {
	of := s.cfg.Data.Postgres
	if of.Mode != store.Managed {
		return nil
	}
	var cpus, megabytes, servers float64 = 0, 0, 1
	if _, err := fmt.Sscanf(of.Managed.Tier, "db-custom-%g-%g", &cpus, &megabytes); err != nil {
		return nil // the configuration has been checked
	}
	if of.Managed.HighAvailability {
		servers = 2
	}
	return []charge{
		{part: Databases, what: "database CPU", count: always(servers * cpus)},
		{part: Databases, what: "database memory", count: always(servers * megabytes / 1024)},
		{part: Databases, what: "database disk", count: Figures{
			Minimum: servers * leastDatabaseDisk, Expected: servers * leastDatabaseDisk,
			Maximum: servers * float64(of.Managed.MaxStorageGB),
		}},
	}
}
