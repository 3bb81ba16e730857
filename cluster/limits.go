package cluster

import (
	"net/netip"
	"regexp"

	"github.com/dreamseed/platform/internal/naming"
)

// limits are what a cloud takes, so that a mistake is found here and not after half of the cluster was built.
type limits struct {
	account, region, zone, poolName, machineType, administrator, dnsZone form
	// poolRule is what the physical name of a node pool looks like. poolName has room for its hash, and for the letter
	// of the zone where a pool is a group of nodes in each.
	poolRule naming.Rule
	// nameLength is the longest Name, so that everything that is named after it fits.
	nameLength int
	// minZones and maxZones are how many zones a cluster spreads over.
	minZones, maxZones int
	// spotMachineTypes is how many machine types a spot pool may have. Pools on demand have one.
	spotMachineTypes int
	// fixedPrivacy says that a private API server stays private, and a public one public.
	fixedPrivacy bool
	// ranges are what the cloud asks of the network.
	ranges ranges
}

// form is what a value looks like, as a pattern and in words.
type form struct {
	pattern *regexp.Regexp
	rule    string
}

func (f form) fits(value string) bool { return f.pattern.MatchString(value) }

func pattern(expression, rule string) form {
	return form{regexp.MustCompile(`^(?:` + expression + `)$`), rule}
}

// ranges are what a cloud asks of the network's ranges.
type ranges struct {
	// nodesPrefix is the least and the most bits of the nodes' range.
	nodesPrefix [2]int
	// pods and controlPlane say whether there are such ranges.
	pods, controlPlane bool
	// shares is into how many equal subnets the nodes' range is cut, of which each zone gets one, and in it a group of
	// nodes of each pool. 1 where all zones share one subnet, and a pool is one group over all of them.
	shares int
	// surge is how many nodes an upgrade adds to each group at most, beside the ones that the pools can grow to.
	surge int
	// reserved are the addresses of each subnet that the cloud keeps.
	reserved int
	// perNode are the addresses that a node takes from the nodes' range, pods included where they live there.
	perNode int
	// systemNodes are the nodes that the cloud needs for itself, beside the pools.
	systemNodes int
	// taken are ranges that the cloud uses itself.
	taken []netip.Prefix
}

// podsPerNode are the addresses that a node takes from the pods' range: a /24, twice the pods that it may run
// (https://cloud.google.com/kubernetes-engine/docs/how-to/flexible-pod-cidr,
// https://learn.microsoft.com/azure/aks/azure-cni-overlay).
const podsPerNode = 256

const guid = `[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}`

var cloudLimits = map[Cloud]limits{
	GKE: {
		// https://cloud.google.com/resource-manager/docs/creating-managing-projects
		account: pattern(`[a-z][a-z0-9-]{4,28}[a-z0-9]`,
			"must be a project ID: 6 to 30 lower-case letters, digits and hyphens"),
		region: pattern(`[a-z]+-[a-z]+[0-9]+`, "must be a region such as europe-west4, not a zone"),
		zone:   pattern(`-[a-z]`, "must be the region and a letter, such as europe-west4-a"),
		// https://cloud.google.com/kubernetes-engine/docs/reference/rest/v1/projects.locations.clusters.nodePools
		poolRule: naming.Rule{Length: 40, Separator: "-", HashLength: 6},
		poolName: pattern(`[a-z]([a-z0-9-]{0,31}[a-z0-9])?`,
			"must be at most 33 lower-case letters, digits and hyphens"),
		machineType: pattern(`[a-z][a-z0-9]*-[a-z0-9-]+`, "must be a machine type such as n2-standard-8"),
		administrator: pattern(`(user|group|serviceAccount|principal|principalSet):\S+`,
			"must be an IAM member such as group:platform@dreamseed.ai"),
		dnsZone:    pattern(`[a-z]([a-z0-9-]{0,61}[a-z0-9])?`, "must be the name of a managed zone such as dreamseed-ai"),
		nameLength: clusterName.Room(), minZones: 1, maxZones: 4, spotMachineTypes: 1,
		// https://cloud.google.com/vpc/docs/subnets#reserved_ip_addresses_in_every_subnet
		ranges: ranges{
			nodesPrefix: [2]int{8, 29}, pods: true, controlPlane: true, shares: 1, surge: 1, reserved: 4, perNode: 1,
		},
	},
	EKS: {
		account: pattern(`[0-9]{12}`, "must be the account's twelve digits, quoted"),
		region: pattern(`(af|ap|ca|eu|il|me|mx|sa|us)-(north|south)?(central|east|west|north|south)-[0-9]`,
			"must be a region of the partition aws such as eu-central-1, not a zone"),
		zone: pattern(`[a-z]`, "must be the region and a letter, such as eu-central-1a"),
		// https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateNodegroup.html
		poolRule: naming.Rule{Length: 63, Separator: "-", HashLength: 6},
		poolName: pattern(`[a-z]([a-z0-9-]{0,52}[a-z0-9])?`,
			"must be at most 54 lower-case letters, digits and hyphens"),
		machineType:   pattern(`[a-z][a-z0-9-]*\.[a-z0-9-]+`, "must be an instance type such as m7i.2xlarge"),
		administrator: pattern(`arn:aws[a-z-]*:iam::[0-9]{12}:role/\S+`, "must be the ARN of an IAM role"),
		dnsZone:       pattern(`Z[A-Z0-9]+`, "must be the ID of a hosted zone such as Z0123456789ABCDEFGHIJ"),
		nameLength:    clusterName.Room(), minZones: 2, maxZones: 3, spotMachineTypes: 20,
		// The VPC is cut into quarters, one for each zone's private subnet and one for all public subnets. A node takes a
		// /28 for every sixteen pods (https://docs.aws.amazon.com/eks/latest/userguide/cni-increase-ip-addresses.html) and
		// addresses of its own. An upgrade adds up to twice as many nodes to a group as it has zones
		// (https://docs.aws.amazon.com/eks/latest/userguide/managed-node-update-behavior.html).
		ranges: ranges{nodesPrefix: [2]int{16, 20}, shares: 4, surge: 2, reserved: 5, perNode: 128},
	},
	AKS: {
		account: pattern(guid, "must be a subscription ID"),
		region:  pattern(`[a-z]+[0-9]?`, "must be a region such as westeurope"),
		zone:    pattern(`-[1-3]`, "must be the region and a number, such as westeurope-1"),
		// https://learn.microsoft.com/azure/aks/create-node-pools
		poolRule: naming.Rule{Length: 12, HashLength: 4},
		poolName: pattern(`[a-z][a-z0-9]{0,7}`,
			"must be at most 8 lower-case letters and digits, and begin with a letter"),
		machineType:   pattern(`Standard_\w+`, "must be a VM size such as Standard_D8as_v5"),
		administrator: pattern(guid, "must be the object ID of an Entra group"),
		dnsZone:       pattern(`[^/\s]+/[a-z0-9.-]+`, "must be <resource group>/<zone>, such as dns/dreamseed.ai"),
		nameLength:    clusterName.Room(), minZones: 1, maxZones: 3, spotMachineTypes: 1,
		// https://learn.microsoft.com/azure/aks/private-clusters
		fixedPrivacy: true,
		ranges: ranges{
			nodesPrefix: [2]int{8, 29}, pods: true, shares: 1, surge: 1, reserved: 5, perNode: 1, systemNodes: SystemNodes,
			// https://learn.microsoft.com/azure/aks/configure-azure-cni
			taken: []netip.Prefix{
				netip.MustParsePrefix("169.254.0.0/16"), netip.MustParsePrefix("172.30.0.0/16"),
				netip.MustParsePrefix("172.31.0.0/16"), netip.MustParsePrefix("192.0.2.0/24"),
			},
		},
	},
}

// SystemNodes is the most nodes of the pool that AKS needs for its own pods.
const SystemNodes = 3
