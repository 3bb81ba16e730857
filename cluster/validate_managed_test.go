package cluster_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/invalid"
)

const subscription = "11111111-2222-3333-4444-555555555555"

// managed returns Specs without a mistake, one for each cloud that the platform builds clusters in.
func managed() map[cluster.Cloud]*cluster.Spec {
	pools := func(onDemand, spot string, machineTypes ...string) []cluster.NodePool {
		pool := func(name string, isSpot bool, types ...string) cluster.NodePool {
			return cluster.NodePool{
				Name: name, Spot: isSpot, MinNodes: 3, MaxNodes: 10, MachineTypes: types,
				CPU: resource.MustParse("8"), Memory: resource.MustParse("32Gi"),
			}
		}
		return []cluster.NodePool{pool(onDemand, false, machineTypes[0]), pool(spot, true, machineTypes...)}
	}
	common := func(cloud cluster.Cloud, region, account, zone, administrator string) *cluster.Spec {
		return &cluster.Spec{
			Cloud: cloud, Name: "dreamseed-production", Account: account, Region: region, KubernetesVersion: "1.35",
			Network: cluster.Network{Nodes: "10.0.0.0/16", Pods: "10.64.0.0/14", Services: "10.1.0.0/20"},
			API:     cluster.APIAccess{Administrators: []string{administrator}},
			DNS:     cluster.DNS{Host: "learn.dreamseed.ai", Zone: zone},
			Protect: true,
		}
	}
	gke := common(cluster.GKE, "europe-west4", "dreamseed-production", "dreamseed-ai", "group:platform@dreamseed.ai")
	gke.Zones = []string{"europe-west4-a", "europe-west4-b", "europe-west4-c"}
	gke.Network.ControlPlane = "10.2.0.0/28"
	gke.NodePools = pools("on-demand", "spot", "n2-standard-8")

	eks := common(cluster.EKS, "eu-central-1", "123456789012", "Z0123456789ABCDEFGHIJ",
		"arn:aws:iam::123456789012:role/platform")
	eks.Zones = []string{"eu-central-1a", "eu-central-1b", "eu-central-1c"}
	eks.Network.Pods = ""
	eks.NodePools = pools("on-demand", "spot", "m7i.2xlarge", "m6i.2xlarge")

	aks := common(cluster.AKS, "westeurope", subscription, "dns/dreamseed.ai", subscription)
	aks.Zones = []string{"westeurope-1", "westeurope-2", "westeurope-3"}
	aks.NodePools = pools("ondemand", "spot", "Standard_D8as_v5")
	aks.NodePools[1].MachineTypes = aks.NodePools[1].MachineTypes[:1]

	return map[cluster.Cloud]*cluster.Spec{cluster.GKE: gke, cluster.EKS: eks, cluster.AKS: aks}
}

// previewIdentities are identities that may sign in to a cluster of their cloud.
var previewIdentities = map[cluster.Cloud]string{
	cluster.GKE: "serviceAccount:preview@dreamseed-production.iam.gserviceaccount.com",
	cluster.EKS: "arn:aws:iam::123456789012:role/preview",
	cluster.AKS: "11111111-2222-3333-4444-666666666666",
}

// mistake is a change that makes a Spec invalid, with the keys that the error has to name.
type mistake struct {
	reason string
	change func(*cluster.Spec)
	want   []string
}

func wrongAccount(account string) func(*cluster.Spec) {
	return func(s *cluster.Spec) { s.Account = account }
}

// inEveryCloud holds the mistakes that every cloud reports.
var inEveryCloud = map[string]mistake{
	"valid": {
		reason: "every other case begins here",
		change: func(*cluster.Spec) {},
	},
	"name that is too long": {
		reason: "GKE takes 40 characters, seven of them a hash",
		change: func(s *cluster.Spec) { s.Name = "a23456789012345678901234567890123x" },
		want:   []string{"cluster.name"},
	},
	"longest name": {
		reason: "33 and seven are 40",
		change: func(s *cluster.Spec) { s.Name = "a23456789012345678901234567890123" },
	},
	"no account": {reason: "somebody pays", change: wrongAccount(""), want: []string{"cluster.account"}},
	"account's name": {
		reason: "no cloud calls it so", change: wrongAccount("Our Account"), want: []string{"cluster.account"},
	},
	"zone as a region": {reason: "workload identity breaks", change: zoneAsRegion, want: []string{"cluster.region"}},
	"zone elsewhere": {
		reason: "a cluster is in one region",
		change: func(s *cluster.Spec) { s.Zones[1] = "mars-north1-a" },
		want:   []string{"cluster.zones[1]"},
	},
	"region as a zone": {
		reason: "a zone is more than its region",
		change: func(s *cluster.Spec) { s.Zones[1] = s.Region },
		want:   []string{"cluster.zones[1]"},
	},
	"no version": {
		reason: "somebody has to decide on upgrades",
		change: func(s *cluster.Spec) { s.KubernetesVersion = "" },
		want:   []string{"cluster.kubernetesVersion"},
	},
	"patch version": {
		reason: "patches are the release channel's",
		change: func(s *cluster.Spec) { s.KubernetesVersion = "1.35.4" },
		want:   []string{"cluster.kubernetesVersion"},
	},
	"nobody administers": {
		reason: "the identity that runs Pulumi could not reach the cluster it built",
		change: func(s *cluster.Spec) { s.API.Administrators = nil },
		want:   []string{"cluster.api.administrators"},
	},
	"administrator's first name": {
		reason: "no cloud knows who that is",
		change: func(s *cluster.Spec) { s.API.Administrators = append(s.API.Administrators, "alice") },
		want:   []string{"cluster.api.administrators[1]"},
	},
	"preview identity that nobody knows": {
		reason: "the limits would be those of nobody",
		change: func(s *cluster.Spec) { s.API.PreviewIdentity = "alice" },
		want:   []string{"cluster.api.previewIdentity"},
	},
	"everybody as preview identity": {
		reason: "a pattern is no name",
		change: func(s *cluster.Spec) { s.API.PreviewIdentity = "*" },
		want:   []string{"cluster.api.previewIdentity"},
	},
	"preview identity that administers": {
		reason: "its changes would be refused, the next up among them",
		change: func(s *cluster.Spec) {
			s.API.PreviewIdentity = previewIdentities[s.Cloud]
			s.API.Administrators = append(s.API.Administrators, s.API.PreviewIdentity)
		},
		want: []string{"cluster.api.previewIdentity"},
	},
	"preview identity": {
		reason: "it is one of the cloud's",
		change: func(s *cluster.Spec) { s.API.PreviewIdentity = previewIdentities[s.Cloud] },
	},
	"API server for everybody": {
		reason: "a network rule that lets everybody in is none",
		change: func(s *cluster.Spec) { s.API.AuthorizedRanges = []string{"203.0.113.0/24", "0.0.0.0/0"} },
		want:   []string{"cluster.api.authorizedRanges[1]"},
	},
	"authorised range that is none": {
		reason: "nobody can tell what is meant",
		change: func(s *cluster.Spec) { s.API.AuthorizedRanges = []string{"203.0.113.7", "203.0.113.7/24"} },
		want:   []string{"cluster.api.authorizedRanges[0]", "cluster.api.authorizedRanges[1]"},
	},
	"authorised ranges": {
		reason: "a public endpoint is allowed for those who name its users",
		change: func(s *cluster.Spec) { s.API.AuthorizedRanges = []string{"203.0.113.0/24", "198.51.100.7/32"} },
	},
	"host that is no DNS name": {
		reason: "it becomes a record",
		change: func(s *cluster.Spec) { s.DNS.Host = "learn_dreamseed" },
		want:   []string{"cluster.dns.host"},
	},
	"host without a domain": {
		reason: "nobody could delegate it",
		change: func(s *cluster.Spec) { s.DNS.Host = "learn" },
		want:   []string{"cluster.dns.host"},
	},
	"aliases that the record's owner may not make": {
		reason: "permissions and zone are those of the host and of what is below it",
		change: func(s *cluster.Spec) {
			s.DNS.Aliases = []string{
				"grafana.learn.dreamseed.ai", "grafana.dreamseed.ai", "*.learn.dreamseed.ai", "learn.dreamseed.ai",
			}
		},
		want: []string{"cluster.dns.aliases[1]", "cluster.dns.aliases[2]", "cluster.dns.aliases[3]"},
	},
	"alias that is there twice": {
		reason: "a name has one record",
		change: func(s *cluster.Spec) {
			s.DNS.Aliases = []string{"a.learn.dreamseed.ai", "a.learn.dreamseed.ai"}
		},
		want: []string{"cluster.dns.aliases[1]"},
	},
	"no DNS zone": {
		reason: "the record lies in it",
		change: func(s *cluster.Spec) { s.DNS.Zone = "" },
		want:   []string{"cluster.dns.zone"},
	},
	"no machine type": {
		reason: "nodes are machines",
		change: func(s *cluster.Spec) { s.NodePools[0].MachineTypes = nil },
		want:   []string{"cluster.nodePools[0].machineTypes"},
	},
	"two machine types on demand": {
		reason: "nodes of a pool are alike",
		change: func(s *cluster.Spec) {
			s.NodePools[0].MachineTypes = append(s.NodePools[0].MachineTypes, s.NodePools[0].MachineTypes[0])
		},
		want: []string{"cluster.nodePools[0].machineTypes"},
	},
	"machine type of nobody": {
		reason: "no cloud has it",
		change: func(s *cluster.Spec) { s.NodePools[0].MachineTypes[0] = "big one" },
		want:   []string{"cluster.nodePools[0].machineTypes[0]"},
	},
	"no node that is always there": {
		reason: "what adds nodes runs on a node itself",
		change: func(s *cluster.Spec) { s.NodePools[0].MinNodes = 0 },
		want:   []string{"cluster.nodePools"},
	},
	"Services in the shared range": {
		reason: "EKS takes private ones alone",
		change: func(s *cluster.Spec) { s.Network.Services = "100.64.0.0/20" },
		want:   []string{"cluster.network.services"},
	},
	"small disk": {
		reason: "the node's own images would not fit",
		change: func(s *cluster.Spec) { s.NodePools[0].DiskGB = 10 },
		want:   []string{"cluster.nodePools[0].diskGB"},
	},
	"settings of an existing cluster": {
		reason: "somebody means another cloud",
		change: func(s *cluster.Spec) { s.Existing.Kubeconfig = "planted-token" },
		want:   []string{"cluster.existing"},
	},
	"no network": {
		reason: "it cannot be changed later",
		change: func(s *cluster.Spec) { s.Network.Nodes, s.Network.Services = "", "" },
		want:   []string{"cluster.network.nodes", "cluster.network.services"},
	},
	"overlapping ranges": {
		reason: "packets for one would reach the other",
		change: func(s *cluster.Spec) { s.Network.Services = "10.0.16.0/20" },
		want:   []string{"cluster.network.services"},
	},
	"public addresses": {
		reason: "their owners could not be reached any more",
		change: func(s *cluster.Spec) { s.Network.Services = "8.8.0.0/20" },
		want:   []string{"cluster.network.services"},
	},
	"range that begins in its middle": {
		reason: "it says less than it seems to",
		change: func(s *cluster.Spec) { s.Network.Services = "10.1.7.0/20" },
		want:   []string{"cluster.network.services"},
	},
	"too few Services": {
		reason: "the range cannot grow",
		change: func(s *cluster.Spec) { s.Network.Services = "10.1.0.0/26" },
		want:   []string{"cluster.network.services"},
	},
	"many mistakes": {
		reason: "they are reported together",
		change: func(s *cluster.Spec) {
			s.Account, s.KubernetesVersion, s.API.Administrators, s.DNS.Zone = "", "", nil, ""
			s.NodePools = s.NodePools[1:]
		},
		want: []string{
			"cluster.nodePools", "cluster.account", "cluster.kubernetesVersion", "cluster.api.administrators",
			"cluster.dns.zone",
		},
	},
}

func zoneAsRegion(s *cluster.Spec) { s.Region = s.Zones[0] + "-a" }

func TestValidateInEveryCloud(t *testing.T) {
	for _, cloud := range slices.Sorted(maps.Keys(managed())) {
		for name, c := range inEveryCloud {
			t.Run(string(cloud)+"/"+name, func(t *testing.T) {
				spec := managed()[cloud]
				c.change(spec)
				refused(t, c, spec)
			})
		}
	}
}

func refused(t *testing.T, c mistake, spec *cluster.Spec) {
	t.Helper()
	err := spec.Validate()
	if c.want == nil {
		require.NoError(t, err, c.reason)
		return
	}
	var problems invalid.Problems
	require.ErrorAs(t, err, &problems)
	assert.Equal(t, c.want, keys(problems), c.reason)
	assert.NotContains(t, err.Error(), "planted-token", "a kubeconfig is a secret")
}
