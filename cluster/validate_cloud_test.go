package cluster_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/cluster"
)

// inOneCloud holds the mistakes that only one cloud reports, and the values that only one cloud allows.
var inOneCloud = map[cluster.Cloud]map[string]mistake{
	cluster.GKE: {
		"group as preview identity": {
			reason: "the API server is told of groups only where a domain has been set up for that",
			change: func(s *cluster.Spec) { s.API.PreviewIdentity = "group:previews@dreamseed.ai" },
			want:   []string{"cluster.api.previewIdentity"},
		},
		"preview identity in capitals": {
			reason: "Google gives the API server the address in lower case",
			change: func(s *cluster.Spec) { s.API.PreviewIdentity = "user:Alice@dreamseed.ai" },
			want:   []string{"cluster.api.previewIdentity"},
		},
		"control plane of another size": {
			reason: "GKE takes exactly a /28",
			change: func(s *cluster.Spec) { s.Network.ControlPlane = "10.2.0.0/27" },
			want:   []string{"cluster.network.controlPlane"},
		},
		"control plane among the nodes": {
			reason: "packets for one would reach the other",
			change: func(s *cluster.Spec) { s.Network.ControlPlane = "10.0.0.0/28" },
			want:   []string{"cluster.network.controlPlane"},
		},
		"data among the nodes": {
			reason: "packets for one would reach the other",
			change: func(s *cluster.Spec) { s.Network.Data = "10.0.1.0/24" },
			want:   []string{"cluster.network.data"},
		},
		"data stores without room": {
			reason: "Google gives the stores of a region a /24 at least",
			change: func(s *cluster.Spec) { s.Network.Data = "10.2.1.0/25" },
			want:   []string{"cluster.network.data"},
		},
		"data in public": {
			reason: "these are somebody's",
			change: func(s *cluster.Spec) { s.Network.Data = "203.0.113.0/24" },
			want:   []string{"cluster.network.data"},
		},
		"data apart": {
			reason: "a network of its own beside those of the cluster",
			change: func(s *cluster.Spec) { s.Network.Data = "10.2.1.0/24" },
		},
		"fewer pod ranges than nodes": {
			reason: "22 nodes take a /24 each",
			change: func(s *cluster.Spec) { s.Network.Pods = "10.64.0.0/20" },
			want:   []string{"cluster.network.pods"},
		},
		"just enough pod ranges": {
			reason: "22 nodes take a /24 each",
			change: func(s *cluster.Spec) { s.Network.Pods = "10.64.0.0/19" },
		},
		"fewer addresses than nodes": {
			reason: "22 nodes and the four that Google keeps",
			change: func(s *cluster.Spec) { s.Network.Nodes = "10.0.0.0/28" },
			want:   []string{"cluster.network.nodes"},
		},
		"just enough addresses": {
			reason: "22 nodes and the four that Google keeps",
			change: func(s *cluster.Spec) { s.Network.Nodes = "10.0.0.0/27" },
		},
		"several spot machine types": {
			reason: "a node pool has one",
			change: func(s *cluster.Spec) { s.NodePools[1].MachineTypes = []string{"n2-standard-8", "n2d-standard-8"} },
			want:   []string{"cluster.nodePools[1].machineTypes"},
		},
		"pool with a long name": {
			reason: "40 characters, seven of them a hash",
			change: func(s *cluster.Spec) { s.NodePools[0].Name = "a234567890123456789012345678901234" },
			want:   []string{"cluster.nodePools[0].name"},
		},
		"five zones": {
			reason: "no region has more than four",
			change: func(s *cluster.Spec) { s.Zones = append(s.Zones, "europe-west4-d", "europe-west4-e") },
			want:   []string{"cluster.zones"},
		},
	},
	cluster.EKS: {
		"pods apart": {
			reason: "pods live in the VPC",
			change: func(s *cluster.Spec) { s.Network.Pods = "10.64.0.0/14" },
			want:   []string{"cluster.network.pods"},
		},
		"control plane apart": {
			reason: "only GKE asks for it",
			change: func(s *cluster.Spec) { s.Network.ControlPlane = "10.2.0.0/28" },
			want:   []string{"cluster.network.controlPlane"},
		},
		"data apart": {
			reason: "data stores live in the VPC",
			change: func(s *cluster.Spec) { s.Network.Data = "10.2.1.0/24" },
			want:   []string{"cluster.network.data"},
		},
		"VPC that is too large": {
			reason: "AWS takes a /16 at most",
			change: func(s *cluster.Spec) { s.Network.Nodes = "10.16.0.0/15" },
			want:   []string{"cluster.network.nodes"},
		},
		"fewer addresses than pods": {
			reason: "twelve nodes in each zone, 128 addresses each, and five that AWS keeps: more than a /22",
			change: func(s *cluster.Spec) { s.Network.Nodes = "10.0.0.0/20" },
			want:   []string{"cluster.network.nodes"},
		},
		"just enough addresses": {
			reason: "a quarter of it is a /21: fifteen nodes, seven and four of the pools and two more of each in an upgrade",
			change: func(s *cluster.Spec) { s.NodePools[0].MaxNodes = 21; s.Network.Nodes = "10.0.0.0/19" },
		},
		"no room for an upgrade": {
			reason: "it adds up to two nodes to each group: sixteen in the first zone, and fifteen have room",
			change: func(s *cluster.Spec) { s.NodePools[0].MaxNodes = 22; s.Network.Nodes = "10.0.0.0/19" },
			want:   []string{"cluster.network.nodes"},
		},
		"no room for the larger shares": {
			reason: "the first zone has that of both pools: seven and five, and four more in an upgrade",
			change: func(s *cluster.Spec) {
				s.NodePools[0].MaxNodes, s.NodePools[1].MaxNodes = 19, 13
				s.Network.Nodes = "10.0.0.0/19"
			},
			want: []string{"cluster.network.nodes"},
		},
		"pool with a long name": {
			reason: "63 characters, two of them the zone's and seven a hash",
			change: func(s *cluster.Spec) { s.NodePools[0].Name = "a" + strings.Repeat("b", 54) },
			want:   []string{"cluster.nodePools[0].name"},
		},
		"fewer nodes than zones": {
			reason: "whether services can live with it is for their availability to say",
			change: func(s *cluster.Spec) { s.NodePools[0].MinNodes, s.NodePools[0].MaxNodes = 1, 2 },
		},
		"one zone": {
			reason: "EKS asks for two",
			change: func(s *cluster.Spec) { s.Zones = s.Zones[:1] },
			want:   []string{"cluster.zones"},
		},
		"region of another partition": {
			reason: "its ARNs are others",
			change: func(s *cluster.Spec) { s.Region, s.Zones = "us-gov-west-1", []string{"a", "b"} },
			want:   []string{"cluster.region"},
		},
		"several machine types on demand": {
			reason: "only spot needs the choice",
			change: func(s *cluster.Spec) { s.NodePools[0].MachineTypes = []string{"m7i.2xlarge", "m6i.2xlarge"} },
			want:   []string{"cluster.nodePools[0].machineTypes"},
		},
		"machine type of another cloud": {
			reason: "AWS does not have it",
			change: func(s *cluster.Spec) { s.NodePools[0].MachineTypes = []string{"n2-standard-8"} },
			want:   []string{"cluster.nodePools[0].machineTypes[0]"},
		},
		"administrator of another cloud": {
			reason: "AWS does not know groups of Google",
			change: func(s *cluster.Spec) { s.API.Administrators = []string{"group:platform@dreamseed.ai"} },
			want:   []string{"cluster.api.administrators[0]"},
		},
	},
	cluster.AKS: {
		"preview identity by its name": {
			reason: "Entra's tokens hold object IDs",
			change: func(s *cluster.Spec) { s.API.PreviewIdentity = "previews" },
			want:   []string{"cluster.api.previewIdentity"},
		},
		"pool with a hyphen": {
			reason: "agent pools take letters and digits",
			change: func(s *cluster.Spec) { s.NodePools[0].Name = "on-dem" },
			want:   []string{"cluster.nodePools[0].name"},
		},
		"pool with nine characters": {
			reason: "12 characters, four of them a hash",
			change: func(s *cluster.Spec) { s.NodePools[0].Name = "on2345678" },
			want:   []string{"cluster.nodePools[0].name"},
		},
		"range that Azure uses itself": {
			reason: "AKS refuses it",
			change: func(s *cluster.Spec) { s.Network.Services = "172.30.0.0/20" },
			want:   []string{"cluster.network.services"},
		},
		"host outside the zone": {
			reason: "the record could not be made there",
			change: func(s *cluster.Spec) { s.DNS.Host = "learn.example.org" },
			want:   []string{"cluster.dns.host"},
		},
		"zone without a resource group": {
			reason: "Azure finds it by both",
			change: func(s *cluster.Spec) { s.DNS.Zone = "dreamseed.ai" },
			want:   []string{"cluster.dns.zone"},
		},
		"zone by its number": {
			reason: "zones are named as the nodes' label names them",
			change: func(s *cluster.Spec) { s.Zones[0] = "1" },
			want:   []string{"cluster.zones[0]"},
		},
		"no room for the system pool": {
			reason: "22 nodes, three of the system's and five addresses that Azure keeps fill a /27 to the last one",
			change: func(s *cluster.Spec) { s.NodePools[0].MaxNodes = 13; s.Network.Nodes = "10.0.0.0/27" },
			want:   []string{"cluster.network.nodes"},
		},
		"just enough room for the system pool": {
			reason: "24 nodes, three of the system's and five addresses that Azure keeps are 32",
			change: func(s *cluster.Spec) { s.NodePools[0].MaxNodes = 12; s.Network.Nodes = "10.0.0.0/27" },
		},
	},
	cluster.Existing: {
		"preview user": {
			reason: "the owner of the cluster lets it in",
			change: func(s *cluster.Spec) { s.API.PreviewIdentity = "user:preview@example.org" },
		},
		"preview group": {
			reason: "an identity provider may know groups alone",
			change: func(s *cluster.Spec) { s.API.PreviewIdentity = "group:oidc:previews" },
		},
		"preview identity without its kind": {
			reason: "a user and a group may have the same name",
			change: func(s *cluster.Spec) { s.API.PreviewIdentity = "previews" },
			want:   []string{"cluster.api.previewIdentity"},
		},
		"preview identity without a name": {
			reason: "it would be nobody",
			change: func(s *cluster.Spec) { s.API.PreviewIdentity = "user:" },
			want:   []string{"cluster.api.previewIdentity"},
		},
		"preview identity of Kubernetes' own": {
			reason: "system:authenticated is everybody, and system:masters whoever repairs the cluster",
			change: func(s *cluster.Spec) { s.API.PreviewIdentity = "group:system:authenticated" },
			want:   []string{"cluster.api.previewIdentity"},
		},
		"preview identities": {
			reason: "it is one",
			change: func(s *cluster.Spec) { s.API.PreviewIdentity = "user:preview-*" },
			want:   []string{"cluster.api.previewIdentity"},
		},
		"settings of a cloud": {
			reason: "an existing cluster is never changed",
			change: func(s *cluster.Spec) {
				s.Account, s.KubernetesVersion = "dreamseed", "1.35"
				s.Network = cluster.Network{Nodes: "a", Pods: "b", Services: "c", ControlPlane: "d", Data: "k"}
				s.API = cluster.APIAccess{AuthorizedRanges: []string{"e"}, Administrators: []string{"f"}}
				s.DNS = cluster.DNS{Host: "g", Zone: "h", Aliases: []string{"j"}}
				s.NodePools[0].MachineTypes = []string{"i"}
			},
			want: []string{
				"cluster.account", "cluster.kubernetesVersion", "cluster.network.nodes", "cluster.network.pods",
				"cluster.network.services", "cluster.network.controlPlane", "cluster.network.data",
				"cluster.api.authorizedRanges",
				"cluster.api.administrators", "cluster.dns.host", "cluster.dns.zone", "cluster.dns.aliases",
				"cluster.nodePools[0].machineTypes",
			},
		},
	},
}

func TestValidateInOneCloud(t *testing.T) {
	for cloud, mistakes := range inOneCloud {
		for name, c := range mistakes {
			t.Run(string(cloud)+"/"+name, func(t *testing.T) {
				spec := valid()
				if cloud.Managed() {
					spec = managed()[cloud]
				}
				c.change(spec)
				refused(t, c, spec)
			})
		}
	}
}

func TestAMessageSaysWhatIsAllowed(t *testing.T) {
	spec := managed()[cluster.GKE]
	spec.Network.Services = "10.0.16.0/20"
	require.EqualError(t, spec.Validate(), `dreamseed:cluster.network.services is "10.0.16.0/20": `+
		`it must not overlap with cluster.network.nodes (10.0.0.0/16)`)

	spec = managed()[cluster.GKE]
	spec.Network.Pods = "10.64.0.0/20"
	require.EqualError(t, spec.Validate(), `dreamseed:cluster.network.pods is "10.64.0.0/20": `+
		`it must be a /19 or larger: 22 nodes, those of an upgrade included, need 5632 addresses`)

	spec = managed()[cluster.EKS]
	spec.Network.Nodes = "10.0.0.0/20"
	require.EqualError(t, spec.Validate(), `dreamseed:cluster.network.nodes is "10.0.0.0/20": `+
		`it must be a /19 or larger: 32 nodes, those of an upgrade included, need 6164 addresses`)

	spec = managed()[cluster.EKS]
	spec.Region = "eu-central-1a"
	require.EqualError(t, spec.Validate(), `dreamseed:cluster.region is "eu-central-1a": `+
		`it must be a region of the partition aws such as eu-central-1, not a zone`)
}
