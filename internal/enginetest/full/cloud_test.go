package full

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/enginetest/testbed"
)

// production is the production stack on one cloud, through the life of an environment. Only the cloud's own API is
// simulated by a stand-in.
type production struct {
	*testbed.Testbed
	cloud cluster.Cloud
}

// The tracked cloud uses the stack of that name; the others use stacks whose configuration selects the cloud.
func TestProductionOnGKE(t *testing.T) { live(t, cluster.GKE, "production") }
func TestProductionOnEKS(t *testing.T) { live(t, cluster.EKS, "production-eks") }
func TestProductionOnAKS(t *testing.T) { live(t, cluster.AKS, "production-aks") }

// live runs one life of the environment on a cloud. Each step starts where the previous one ended. The monitoring asks
// no cloud for anything: the staging environment of one cloud has it.
func live(t *testing.T, cloud cluster.Cloud, stack string) {
	t.Helper()
	p := &production{Testbed: local.Opened("production", stack, testbed.WatchedElsewhere).Taken(t), cloud: cloud}
	p.Closed(t)
	for _, step := range p.life() {
		if !t.Run(step.name, step.test) {
			return
		}
	}
}

// step is a part of an environment's life. It starts where the one before ended.
type step struct {
	name string
	test func(*testing.T)
}

func (p *production) life() []step {
	return slices.Concat([]step{
		{"up rolls out everything", p.rollsOut},
		{"the ingress controller leads to every service", p.isReachable},
		{"plain HTTP is redirected but for the issuer's proof", p.redirectsPlainHTTP},
		{"the secrets come from the cloud's secret manager", p.readsItsSecrets},
		{"a store that cannot work is told of", p.refusesWrongStores},
		{"a second preview plans nothing", p.plansNothingTwice},
		{"no secret is found where none belongs", p.keepsItsSecrets},
		{"upgrades and other changes in place replace nothing that runs", p.changesInPlace},
		{"the buckets stay, whoever keeps the objects", p.keepsItsBuckets},
		{"another range of Services is another cluster", p.plansAnotherCluster},
		{"removing a protected cluster is refused", p.refusesToRemoveTheCluster},
		{"destroying a protected cluster is refused", p.refusesToDestroy},
	}, p.onlyHere(), []step{
		{"two explicit steps take it down in order", p.isTakenDown},
		{"a first preview plans everything", p.plansEverything},
		{"a version out of support is refused before anything exists", p.refusesAVersionOutOfSupport},
		{"staging lives and goes in the same place", p.livesAsStaging},
	})
}

// onlyHere returns what one cloud can do, and the others cannot yet.
func (p *production) onlyHere() []step {
	return map[cluster.Cloud][]step{
		cluster.GKE: {{"PostgreSQL moves to a server of the cloud, to another one, and back", p.movesItsDatabase}},
	}[p.cloud]
}

// onCloud selects the cloud by configuration alone: the section in its documentation replaces the tracked one. Then it
// makes the change.
func (p *production) onCloud(t *testing.T, change func(section)) func(testbed.Configuration) {
	t.Helper()
	return func(c testbed.Configuration) {
		if p.cloud != cluster.GKE {
			documented, err := os.ReadFile(filepath.Join("../../../docs/clouds", string(p.cloud), p.Environment+".yaml"))
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

// clusterTypes are the types of the clouds' clusters.
var clusterTypes = map[cluster.Cloud]string{
	cluster.GKE: "gcp:container/cluster:Cluster",
	cluster.EKS: "aws:eks/cluster:Cluster",
	cluster.AKS: "azure-native:containerservice/v20240901:ManagedCluster",
}

// poolTypes are the types of the clouds' node pools.
var poolTypes = map[cluster.Cloud]string{
	cluster.GKE: "gcp:container/nodePool:NodePool",
	cluster.EKS: "aws:eks/nodeGroup:NodeGroup",
	cluster.AKS: "azure-native:containerservice/v20240901:AgentPool",
}

// networkTypes are the types of the first network resource of each cloud.
var networkTypes = map[cluster.Cloud]string{
	cluster.GKE: "gcp:compute/network:Network",
	cluster.EKS: "aws:ec2/vpc:Vpc",
	cluster.AKS: "azure-native:network/v20240501:VirtualNetwork",
}
