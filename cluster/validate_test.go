package cluster_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/invalid"
)

// valid returns a Spec without a mistake.
func valid() *cluster.Spec {
	pool := func(name string, spot bool) cluster.NodePool {
		return cluster.NodePool{
			Name: name, Spot: spot, MinNodes: 1, MaxNodes: 3,
			CPU: resource.MustParse("4"), Memory: resource.MustParse("16Gi"),
		}
	}
	return &cluster.Spec{
		Cloud:     cluster.Existing,
		Name:      "dreamseed",
		Region:    "europe-west4",
		Zones:     []string{"europe-west4-a", "europe-west4-b"},
		NodePools: []cluster.NodePool{pool("on-demand", false), pool("spot", true)},
		Existing:  cluster.ExistingSpec{KubeconfigPath: "kubeconfig", Context: "dreamseed"},
	}
}

func TestValidate(t *testing.T) {
	long := "a234567890123456789012345678901234567890123456789012345678901234"
	cases := map[string]struct {
		reason string
		change func(*cluster.Spec)
		want   []string
	}{
		"valid": {
			reason: "every other case begins here",
			change: func(*cluster.Spec) {},
		},
		"no cloud": {
			reason: "it selects the builder",
			change: func(s *cluster.Spec) { s.Cloud = "" },
			want:   []string{"cluster.cloud"},
		},
		"unknown cloud": {
			reason: "nobody can build it",
			change: func(s *cluster.Spec) { s.Cloud = "openstack" },
			want:   []string{"cluster.cloud"},
		},
		"no name": {
			reason: "it identifies the cluster to the provider",
			change: func(s *cluster.Spec) { s.Name = "" },
			want:   []string{"cluster.name"},
		},
		"name in capitals": {
			reason: "it is a DNS label",
			change: func(s *cluster.Spec) { s.Name = "DreamSeed" },
			want:   []string{"cluster.name"},
		},
		"name of 64": {
			reason: "a DNS label has 63",
			change: func(s *cluster.Spec) { s.Name = long },
			want:   []string{"cluster.name"},
		},
		"no region": {
			reason: "the zones lie there",
			change: func(s *cluster.Spec) { s.Region = "" },
			want:   []string{"cluster.region"},
		},
		"no zones": {
			reason: "pods are spread over them",
			change: func(s *cluster.Spec) { s.Zones = nil },
			want:   []string{"cluster.zones"},
		},
		"empty zone": {
			reason: "it becomes the value of a node's label",
			change: func(s *cluster.Spec) { s.Zones[1] = "" },
			want:   []string{"cluster.zones[1]"},
		},
		"zone that is no label": {
			reason: "it becomes the value of a node's label",
			change: func(s *cluster.Spec) { s.Zones[1] = "zone b" },
			want:   []string{"cluster.zones[1]"},
		},
		"zone twice": {
			reason: "two failure domains would be one",
			change: func(s *cluster.Spec) { s.Zones[1] = s.Zones[0] },
			want:   []string{"cluster.zones[1]"},
		},
		"empty zones": {
			reason: "each is wrong for one reason, not for two",
			change: func(s *cluster.Spec) { s.Zones = []string{"", ""} },
			want:   []string{"cluster.zones[0]", "cluster.zones[1]"},
		},
		"no pools": {
			reason: "nothing could run",
			change: func(s *cluster.Spec) { s.NodePools = nil },
			want:   []string{"cluster.nodePools"},
		},
		"only spot pools": {
			reason: "spot nodes can all vanish at once",
			change: func(s *cluster.Spec) { s.NodePools = s.NodePools[1:] },
			want:   []string{"cluster.nodePools"},
		},
		"on-demand pool without nodes": {
			reason: "spot nodes can all vanish at once",
			change: func(s *cluster.Spec) { s.NodePools[0].MinNodes, s.NodePools[0].MaxNodes = 0, 0 },
			want:   []string{"cluster.nodePools"},
		},
		"spot pool without nodes": {
			reason: "it is a way to switch it off",
			change: func(s *cluster.Spec) { s.NodePools[1].MinNodes, s.NodePools[1].MaxNodes = 0, 0 },
		},
		"pool without a name": {
			reason: "its nodes are named after it",
			change: func(s *cluster.Spec) { s.NodePools[1].Name = "" },
			want:   []string{"cluster.nodePools[1].name"},
		},
		"pools without names": {
			reason: "each is wrong for one reason, not for two",
			change: func(s *cluster.Spec) { s.NodePools[0].Name, s.NodePools[1].Name = "", "" },
			want:   []string{"cluster.nodePools[0].name", "cluster.nodePools[1].name"},
		},
		"pool with a name that is no label": {
			reason: "its nodes are named after it",
			change: func(s *cluster.Spec) { s.NodePools[1].Name = "spot_pool" },
			want:   []string{"cluster.nodePools[1].name"},
		},
		"pool name twice": {
			reason: "the two could not be told apart",
			change: func(s *cluster.Spec) { s.NodePools[1].Name = s.NodePools[0].Name },
			want:   []string{"cluster.nodePools[1].name"},
		},
		"fewer nodes than none": {
			reason: "there is no such count",
			change: func(s *cluster.Spec) { s.NodePools[0].MinNodes = -1 },
			want:   []string{"cluster.nodePools[0].minNodes"},
		},
		"bounds the wrong way round": {
			reason: "the autoscaler would refuse them",
			change: func(s *cluster.Spec) { s.NodePools[0].MinNodes = 4 },
			want:   []string{"cluster.nodePools[0].maxNodes"},
		},
		"nodes of nothing": {
			reason: "no pod would fit",
			change: func(s *cluster.Spec) {
				s.NodePools[0].CPU, s.NodePools[0].Memory = resource.Quantity{}, resource.MustParse("-1Gi")
			},
			want: []string{"cluster.nodePools[0].cpu", "cluster.nodePools[0].memory"},
		},
		"no kubeconfig": {
			reason: "the ambient one is never used",
			change: func(s *cluster.Spec) { s.Existing.KubeconfigPath = "" },
			want:   []string{"cluster.existing.kubeconfigPath"},
		},
		"kubeconfig by its content": {
			reason: "one of the two is needed",
			change: func(s *cluster.Spec) { s.Existing.KubeconfigPath, s.Existing.Kubeconfig = "", "{}" },
		},
		"two kubeconfigs": {
			reason: "nobody can tell which one is meant",
			change: func(s *cluster.Spec) { s.Existing.Kubeconfig = "planted-token" },
			want:   []string{"cluster.existing.kubeconfigPath"},
		},
		"no context": {
			reason: "the current one is never used",
			change: func(s *cluster.Spec) { s.Existing.Context = "" },
			want:   []string{"cluster.existing.context"},
		},
		"many mistakes": {
			reason: "they are reported together",
			change: func(s *cluster.Spec) { *s = cluster.Spec{Cloud: cluster.Existing} },
			want: []string{
				"cluster.name", "cluster.region", "cluster.zones", "cluster.nodePools",
				"cluster.existing.kubeconfigPath", "cluster.existing.context",
			},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			spec := valid()
			c.change(spec)
			err := spec.Validate()
			if c.want == nil {
				require.NoError(t, err, c.reason)
				return
			}
			var problems invalid.Problems
			require.ErrorAs(t, err, &problems)
			assert.Equal(t, c.want, keys(problems), c.reason)
			assert.NotContains(t, err.Error(), "planted-token", "a kubeconfig is a secret")
		})
	}
}

func keys(problems invalid.Problems) []string {
	var found []string
	for _, problem := range problems {
		found = append(found, problem.Key)
	}
	return found
}

func TestAMessageListsTheClouds(t *testing.T) {
	spec := valid()
	spec.Cloud = "openstack"
	require.EqualError(t, spec.Validate(),
		`dreamseed:cluster.cloud is "openstack": it must be one of gke, eks, aks, existing`)
}
