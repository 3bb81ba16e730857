package sandbox

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/sandbox/controlplane"
)

func TestNodesMirrorThePoolsAtTheirMinimum(t *testing.T) {
	spec := &cluster.Spec{
		Cloud: cluster.Existing, Name: "c", Region: "r", Zones: []string{"r-a", "r-b"},
		NodePools: []cluster.NodePool{
			{Name: "steady", MinNodes: 3, MaxNodes: 9, CPU: resource.MustParse("4"), Memory: resource.MustParse("16Gi")},
			{Name: "spot", Spot: true, MinNodes: 1, CPU: resource.MustParse("2"), Memory: resource.MustParse("8Gi")},
			{Name: "empty", MinNodes: 0, MaxNodes: 5},
		},
	}

	steady := controlplane.Node{
		Zone: "r-a", Region: "r", CPU: "4", Memory: "16Gi", Disk: "100Gi",
		Labels: map[string]string{"dreamseed.ai/pool": "steady", "dreamseed.ai/capacity": "on-demand"},
	}
	first, second, third := steady, steady, steady
	first.Name, second.Name, third.Name = "c-steady-1", "c-steady-2", "c-steady-3"
	second.Zone = "r-b"
	assert.Equal(t, []controlplane.Node{first, second, third, {
		Name: "c-spot-1", Zone: "r-a", Region: "r", CPU: "2", Memory: "8Gi", Disk: "100Gi",
		Labels: map[string]string{
			"dreamseed.ai/pool": "spot", "dreamseed.ai/capacity": "spot", "dreamseed.ai/spot": "true",
		},
		Taints: []controlplane.Taint{{Key: "dreamseed.ai/spot", Value: "true", Effect: "NoSchedule"}},
	}}, nodes(spec))
}
