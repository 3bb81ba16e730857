package gke_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/mocktest"
)

func TestTheAutoscalerOwnsTheCountOfNodes(t *testing.T) {
	built, _ := build(t, production())
	policies := map[string]string{"cluster-pool-on-demand": "BALANCED", "cluster-pool-spot": "ANY"}
	pools := built.OfType(poolType)
	assert.Len(t, pools, len(policies))
	for _, pool := range pools {
		assert.Equal(t, map[string]any{
			"totalMinNodeCount": 4, "totalMaxNodeCount": 10, "locationPolicy": policies[pool.Name],
		}, pool.At("autoscaling"), pool.Name)
		assert.Equal(t, []string{"initialNodeCount"}, pool.IgnoreChanges, "where it stands now is its own affair")
		assert.Nil(t, pool.At("nodeCount"))
		assert.Equal(t, cluster.MaxPodsPerNode, pool.At("maxPodsPerNode"), "what the ranges were checked for")
	}
}

func TestAPoolBeginsWithinItsBounds(t *testing.T) {
	for reason, c := range map[string]struct{ minNodes, maxNodes, zones, want int }{
		"as many as it needs, the same in each zone": {4, 10, 3, 2},
		"exactly as many":                          {3, 10, 3, 1},
		"none, where it needs none":                {0, 10, 3, 0},
		"two in each zone would be more than four": {4, 4, 3, 1},
		"one in each zone would be more than two":  {1, 2, 3, 0},
		"one zone": {4, 4, 1, 4},
	} {
		spec := production()
		spec.Zones = spec.Zones[:c.zones]
		spec.NodePools[1].MinNodes, spec.NodePools[1].MaxNodes = c.minNodes, c.maxNodes
		built, _ := build(t, spec)
		assert.Equal(t, c.want, built.Get(t, poolType, "cluster-pool-spot").At("initialNodeCount"), reason)
	}
}

func TestNodesAreRepairedAndUpgradedOneByOne(t *testing.T) {
	built, _ := build(t, production())
	for _, pool := range built.Each(t, poolType) {
		assert.Equal(t, map[string]any{"autoRepair": true, "autoUpgrade": true}, pool.At("management"))
		assert.Equal(t, map[string]any{"strategy": "SURGE", "maxSurge": 1, "maxUnavailable": 0},
			pool.At("upgradeSettings"), "the new node comes first")
	}
}

func TestSpotNodesCarryWhatTheClusterTellsWorkloads(t *testing.T) {
	built, told := build(t, production())
	spot := built.Get(t, poolType, "cluster-pool-spot")
	assert.Equal(t, true, spot.At("nodeConfig", "spot"))
	assert.Equal(t, map[string]any{
		cluster.PoolLabel: "spot", cluster.CapacityLabel: "spot", told.Spot.Key: told.Spot.Value,
	}, spot.At("nodeConfig", "labels"))
	assert.Equal(t, []any{map[string]any{"key": told.Spot.Key, "value": told.Spot.Value, "effect": "NO_SCHEDULE"}},
		spot.At("nodeConfig", "taints"), "what is not meant for spot stays off")

	onDemand := built.Get(t, poolType, "cluster-pool-on-demand")
	assert.Equal(t, false, onDemand.At("nodeConfig", "spot"))
	assert.Equal(t, map[string]any{cluster.PoolLabel: "on-demand", cluster.CapacityLabel: "on-demand"},
		onDemand.At("nodeConfig", "labels"))
	assert.Empty(t, onDemand.At("nodeConfig", "taints"))
}

func TestNodesHaveTheirRoleFromTheirFirstMinuteToTheirLast(t *testing.T) {
	built, _ := build(t, production())
	pools := built.OfType(poolType)
	require.Len(t, pools, 2)
	for _, pool := range pools {
		pool.AssertDependsOn(t, mocktest.Ref(grantType, "cluster-nodes-role"))
	}
}

func TestNodesAreHardened(t *testing.T) {
	built, _ := build(t, production())
	for _, pool := range built.Each(t, poolType) {
		for reason, c := range map[string]struct {
			want any
			path []any
		}{
			"disks are encrypted with the environment's key": {key, []any{"bootDiskKmsKey"}},
			"pods are not the node":                          {"GKE_METADATA", []any{"workloadMetadataConfig", "mode"}},
			"nobody asks the old way":                        {"true", []any{"metadata", "disable-legacy-endpoints"}},
			"only signed kernels boot":                       {true, []any{"shieldedInstanceConfig", "enableSecureBoot"}},
			"what booted is compared": {
				true, []any{"shieldedInstanceConfig", "enableIntegrityMonitoring"},
			},
			"the image is Google's smallest": {"COS_CONTAINERD", []any{"imageType"}},
			"what a node's token is good for": {[]any{
				"https://www.googleapis.com/auth/devstorage.read_only",
				"https://www.googleapis.com/auth/logging.write",
				"https://www.googleapis.com/auth/monitoring",
			}, []any{"oauthScopes"}},
		} {
			assert.Equal(t, c.want, pool.At(append([]any{"nodeConfig"}, c.path...)...), "%s: %s", pool.Name, reason)
		}
	}
}

func TestAPoolGetsAnotherNameExactlyWhenItIsReplaced(t *testing.T) {
	name := func(change func(*cluster.NodePool)) any {
		spec := production()
		change(&spec.NodePools[1])
		built, _ := build(t, spec)
		return built.Get(t, poolType, "cluster-pool-spot").At("name")
	}
	before := name(func(*cluster.NodePool) {})
	assert.Equal(t, before, name(func(p *cluster.NodePool) { p.MinNodes, p.MaxNodes = 0, 20 }), "bounds")
	assert.NotEqual(t, before, name(func(p *cluster.NodePool) { p.MachineTypes = []string{"n2d-standard-8"} }),
		"the new pool comes before the old one goes, so both exist for a while")
	assert.NotEqual(t, before, name(func(p *cluster.NodePool) { p.DiskGB = 200 }), "disk")
}
