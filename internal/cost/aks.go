package cost

import (
	"fmt"
	"slices"

	"github.com/dreamseed/platform/cluster"
)

// The system pool of cluster/aks.
const (
	systemMachine = "machine Standard_D2as_v5"
	systemDiskGB  = 64
)

// onAKS counts the system pool, too. Keys cost nothing but their use.
func (s *stack) onAKS() []charge {
	return slices.Concat(s.common(), s.machines(), s.disks(), []charge{
		{part: SystemNodes, what: systemMachine, count: always(cluster.SystemNodes)},
		{part: NAT, what: "NAT gateway", count: always(1)},
		{part: NAT, what: publicAddress, count: always(1)},
		{part: Addresses, what: publicAddress, count: always(1)},
		{part: Registry, what: "registry Standard", count: always(1)},
	})
}

// disks returns the boot disks, which are premium disks in one zone, and the volumes, which span the zones.
func (s *stack) disks() []charge {
	all := []charge{{part: BootDisks, what: premium(systemDiskGB, "LRS"), count: always(cluster.SystemNodes)}}
	for _, one := range s.pools {
		all = append(all, charge{part: BootDisks, what: premium(float64(one.Disk()), "LRS"), count: one.nodes})
	}
	for _, size := range s.volumes() {
		all = append(all, charge{part: Volumes, what: premium(size, "ZRS"), count: always(1)})
	}
	return all
}

// premiumSizes are the sizes of premium disks in GiB, each with its name. A disk is billed as the next larger one
// (https://learn.microsoft.com/azure/virtual-machines/disks-types#premium-ssd-size).
var premiumSizes = []struct {
	gibibytes float64
	name      string
}{
	{4, "P1"}, {8, "P2"}, {16, "P3"}, {32, "P4"}, {64, "P6"}, {128, "P10"}, {256, "P15"}, {512, "P20"}, {1024, "P30"},
	{2048, "P40"}, {4096, "P50"}, {8192, "P60"}, {16_384, "P70"}, {32_767, "P80"},
}

func premium(gibibytes float64, redundancy string) string {
	for _, size := range premiumSizes {
		if gibibytes <= size.gibibytes {
			return fmt.Sprintf("disk %s %s", size.name, redundancy)
		}
	}
	return fmt.Sprintf("disk of %g GiB %s", gibibytes, redundancy)
}
