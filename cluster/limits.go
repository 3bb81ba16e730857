package cluster

import (
	"net/netip"
	"regexp"

	"github.com/dreamseed/platform/internal/naming"
)

// limits describes the values that a cloud accepts, so that a mistake is found before half of the cluster is built.
type limits struct {
	account, region, zone, poolName, machineType, administrator, previewIdentity, dnsZone form
	// poolRule is the naming rule for a node pool's physical name. poolName leaves room for its hash and, where a pool is
	// one group of nodes per zone, for the letter of the zone.
	poolRule naming.Rule
	// nameLength is the maximum length of Name, such that every derived name fits.
	nameLength int
	// minZones and maxZones bound the number of zones that a cluster spreads over.
	minZones, maxZones int
	// spotMachineTypes is the maximum number of machine types of a spot pool. On-demand pools have one.
	spotMachineTypes int
	// fixedPrivacy reports whether a private API server cannot become public, nor a public one private.
	fixedPrivacy bool
	// ranges are the cloud's requirements for the network.
	ranges ranges
}

// form is the format of a value, as a pattern and in words.
type form struct {
	pattern *regexp.Regexp
	rule    string
}

func (f form) fits(value string) bool { return f.pattern.MatchString(value) }

func pattern(expression, rule string) form {
	return form{regexp.MustCompile(`^(?:` + expression + `)$`), rule}
}

// ranges are a cloud's requirements for the address ranges of the network.
type ranges struct {
	// nodesPrefix holds the minimum and the maximum prefix length of the nodes' range.
	nodesPrefix [2]int
	// pods and controlPlane report whether the cloud needs such a range.
	pods, controlPlane bool
	// dataPrefix holds the minimum and the maximum prefix length of the range of data stores. Zero where the cloud needs
	// none of its own.
	dataPrefix [2]int
	// shares is the number of equal subnets that the nodes' range is divided into. Each zone gets one of them, and in it
	// one group of nodes per pool. 1 where all zones share one subnet, and a pool is one group across all of them.
	shares int
	// surge is the maximum number of nodes that an upgrade adds to each group, on top of the pools' maxima.
	surge int
	// reserved is the number of addresses that the cloud reserves in each subnet.
	reserved int
	// perNode is the number of addresses that a node takes from the nodes' range, its pods included where they share it.
	perNode int
	// systemNodes is the number of nodes that the cloud needs for itself, beside the pools.
	systemNodes int
	// taken are the ranges that the cloud uses itself.
	taken []netip.Prefix
}

// podsPerNode is the number of addresses that a node takes from the pods' range: a /24, twice its maximum number of
// pods (https://cloud.google.com/kubernetes-engine/docs/how-to/flexible-pod-cidr,
// https://learn.microsoft.com/azure/aks/azure-cni-overlay).
const podsPerNode = 256

const guid = `[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}`

var cloudLimits = map[Cloud]limits{
	Existing: {
		previewIdentity: pattern(`(user|group):[^\s*]+`,
			"must be one name that the API server knows, as user:<name> or group:<name>"),
	},
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
		// The API server knows either by its e-mail address, in lower case
		// (https://cloud.google.com/kubernetes-engine/docs/how-to/role-based-access-control).
		previewIdentity: pattern(`(user|serviceAccount):[^\s*@A-Z]+@[^\s*@A-Z]+`,
			"must be one user or service account in lower case, such as serviceAccount:preview@project.iam.gserviceaccount.com"),
		dnsZone:    pattern(`[a-z]([a-z0-9-]{0,61}[a-z0-9])?`, "must be the name of a managed zone such as dreamseed-ai"),
		nameLength: clusterName.Room(), minZones: 1, maxZones: 4, spotMachineTypes: 1,
		// https://cloud.google.com/vpc/docs/subnets#reserved_ip_addresses_in_every_subnet
		ranges: ranges{
			nodesPrefix: [2]int{8, 29}, pods: true, controlPlane: true, shares: 1, surge: 1, reserved: 4, perNode: 1,
			// https://cloud.google.com/sql/docs/postgres/configure-private-services-access
			dataPrefix: [2]int{16, 24},
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
		machineType:     pattern(`[a-z][a-z0-9-]*\.[a-z0-9-]+`, "must be an instance type such as m7i.2xlarge"),
		administrator:   pattern(`arn:aws[a-z-]*:iam::[0-9]{12}:role/\S+`, "must be the ARN of an IAM role"),
		previewIdentity: pattern(`arn:aws[a-z-]*:iam::[0-9]{12}:role/[^\s*]+`, "must be the ARN of one IAM role"),
		dnsZone:         pattern(`Z[A-Z0-9]+`, "must be the ID of a hosted zone such as Z0123456789ABCDEFGHIJ"),
		nameLength:      clusterName.Room(), minZones: 2, maxZones: 3, spotMachineTypes: 20,
		// The VPC is divided into quarters, one for each zone's private subnet and one for all public subnets. A node takes a
		// /28 for every sixteen pods (https://docs.aws.amazon.com/eks/latest/userguide/cni-increase-ip-addresses.html) and
		// addresses of its own. An upgrade adds up to twice as many nodes to a group as the group has zones
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
		machineType:     pattern(`Standard_\w+`, "must be a VM size such as Standard_D8as_v5"),
		administrator:   pattern(guid, "must be the object ID of an Entra group"),
		previewIdentity: pattern(guid, "must be the object ID of an Entra group"),
		dnsZone:         pattern(`[^/\s]+/[a-z0-9.-]+`, "must be <resource group>/<zone>, such as dns/dreamseed.ai"),
		nameLength:      clusterName.Room(), minZones: 1, maxZones: 3, spotMachineTypes: 1,
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

// SystemNodes is the maximum size of the pool that AKS needs for its own pods.
const SystemNodes = 3
