package enginetest

import (
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/sandbox"
)

// production is the production stack on one cloud, as an environment goes through its life. Only the cloud's own API is
// played by a stand-in.
type production struct {
	*stand
	cloud cluster.Cloud
}

// The clouds run beside each other, and beside the local stack of the shared sandbox: most of a run is waiting.
func TestProductionOnGKE(t *testing.T) {
	(&production{stand: besideShared(t), cloud: cluster.GKE}).live(t)
}
func TestProductionOnEKS(t *testing.T) { (&production{stand: apart(t), cloud: cluster.EKS}).live(t) }
func TestProductionOnAKS(t *testing.T) { (&production{stand: apart(t), cloud: cluster.AKS}).live(t) }

// live is one life of the environment. Each step begins where the one before it ended.
func (p *production) live(t *testing.T) {
	t.Parallel()
	t.Cleanup(func() { assert.NoError(t, p.box.Down(context.WithoutCancel(t.Context()))) })
	for _, step := range []struct {
		name string
		test func(*testing.T)
	}{
		{"up rolls out everything", p.rollsOut},
		{"a second preview plans nothing", p.plansNothingTwice},
		{"changes in place replace nothing that runs", p.changesInPlace},
		{"another range of Services is another cluster", p.plansAnotherCluster},
		{"removing a protected cluster is refused", p.refusesToRemoveTheCluster},
		{"destroying a protected cluster is refused", p.refusesToDestroy},
		{"two explicit steps take it down in order", p.isTakenDown},
		{"a first preview plans everything", p.plansEverything},
	} {
		if !t.Run(step.name, step.test) {
			return
		}
	}
}

// besideShared is the production stack in the folder of the shared sandbox.
func besideShared(t *testing.T) *stand {
	t.Helper()
	shared.up(t, asTracked)
	return &stand{
		project: shared.project,
		stack:   shared.layout.Stack("production"),
		layout:  shared.layout,
		box:     sandbox.Open(shared.layout, "production"),
	}
}

// apart is the production stack in a folder of its own.
func apart(t *testing.T) *stand {
	t.Helper()
	own, err := newStand(t.TempDir(), "production")
	require.NoError(t, err)
	return own
}

// onCloud selects the cloud by configuration alone: the section that its documentation has takes the place of the
// tracked one. Then the change is made.
func (p *production) onCloud(t *testing.T, change func(section)) func(configuration) {
	t.Helper()
	return func(c configuration) {
		if p.cloud != cluster.GKE {
			documented, err := os.ReadFile(filepath.Join("../../docs/clouds", string(p.cloud), "production.yaml"))
			require.NoError(t, err)
			require.NoError(t, yaml.Unmarshal(documented, &c))
		}
		change(c["dreamseed:cluster"].(map[string]any))
	}
}

// section is the cluster section of a configuration.
type section = map[string]any

func (p *production) pool(c section, at int) map[string]any {
	return c["nodePools"].([]any)[at].(map[string]any)
}

func asDocumented(section) {}

// clusterTypes are the clusters of the clouds.
var clusterTypes = map[cluster.Cloud]string{
	cluster.GKE: "gcp:container/cluster:Cluster",
	cluster.EKS: "aws:eks/cluster:Cluster",
	cluster.AKS: "azure-native:containerservice/v20240901:ManagedCluster",
}

// poolTypes are the node pools of the clouds.
var poolTypes = map[cluster.Cloud]string{
	cluster.GKE: "gcp:container/nodePool:NodePool",
	cluster.EKS: "aws:eks/nodeGroup:NodeGroup",
	cluster.AKS: "azure-native:containerservice/v20240901:AgentPool",
}

// networkTypes are what the network of each cloud begins with.
var networkTypes = map[cluster.Cloud]string{
	cluster.GKE: "gcp:compute/network:Network",
	cluster.EKS: "aws:ec2/vpc:Vpc",
	cluster.AKS: "azure-native:network:VirtualNetwork",
}
