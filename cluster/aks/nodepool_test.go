package aks_test

import (
	"maps"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/mocktest"
)

func TestTheAutoscalerOwnsTheCountOfNodes(t *testing.T) {
	built, told := build(t, production())
	pools := built.OfType(poolType)
	assert.Len(t, pools, 2)
	for _, pool := range pools {
		assert.Equal(t, told.Name, pool.At("resourceName"), pool.Name)
		assert.Equal(t, true, pool.At("enableAutoScaling"), pool.Name)
		assert.Equal(t, 4, pool.At("minCount"), pool.Name)
		assert.Equal(t, 10, pool.At("maxCount"), pool.Name)
		assert.Equal(t, 4, pool.At("count"), "%s: AKS asks for the first count", pool.Name)
		assert.Equal(t, []string{"count"}, pool.IgnoreChanges, "%s: where it stands now is its own affair", pool.Name)
		assert.Equal(t, cluster.MaxPodsPerNode, pool.At("maxPods"), "%s: what the ranges were checked for", pool.Name)
	}
}

func TestAPoolMayBeEmptyButNotForEver(t *testing.T) {
	spec := production()
	spec.NodePools[1].MinNodes = 0
	built, _ := build(t, spec)
	assert.Equal(t, 0, built.Get(t, poolType, "cluster-pool-spot").At("minCount"))
	assert.Equal(t, 0, built.Get(t, poolType, "cluster-pool-spot").At("count"))

	spec.NodePools[1].MaxNodes = 0
	without, _ := build(t, spec)
	assert.Equal(t, []string{"cluster-pool-ondemand"}, mocktest.Names(without.OfType(poolType)),
		"AKS takes none whose maximum is 0")
}

func TestNodesAreUpgradedOneByOne(t *testing.T) {
	built, _ := build(t, production())
	surge := map[string]any{"maxSurge": "1", "drainTimeoutInMinutes": 30}
	assert.Equal(t, surge, built.Get(t, poolType, "cluster-pool-ondemand").At("upgradeSettings"), "the new node first")
	assert.Equal(t, surge,
		built.Get(t, clusterType, "cluster-cluster").At("agentPoolProfiles", 0, "upgradeSettings"))
	assert.Nil(t, built.Get(t, poolType, "cluster-pool-spot").At("upgradeSettings"), "spot capacity has no surge")
}

// nodeOf returns the labels and taints of a pool's nodes, including those that AKS itself adds to spot nodes
// (https://learn.microsoft.com/azure/aks/spot-node-pool).
func nodeOf(pool *mocktest.Resource) (labels map[string]any, taints []any) {
	given, _ := pool.At("nodeLabels").(map[string]any)
	labels = maps.Clone(given)
	taints, _ = pool.At("nodeTaints").([]any)
	if pool.At("scaleSetPriority") == "Spot" {
		labels["kubernetes.azure.com/scalesetpriority"] = "spot"
		taints = append(taints, "kubernetes.azure.com/scalesetpriority=spot:NoSchedule")
	}
	return labels, taints
}

func TestSpotNodesCarryWhatTheClusterTellsWorkloads(t *testing.T) {
	built, told := build(t, production())
	pool := built.Get(t, poolType, "cluster-pool-spot")
	labels, taints := nodeOf(pool)
	assert.Equal(t, told.Spot.Value, labels[told.Spot.Key], "what asks for spot finds it")
	assert.NotEmpty(t, pool.At("nodeTaints"))
	for _, taint := range taints {
		assert.Equal(t, told.Spot.Key+"="+told.Spot.Value+":"+cluster.SpotTaintEffect, taint, "what tolerates spot gets on")
	}
	assert.Equal(t, map[string]any{cluster.PoolLabel: "spot", cluster.CapacityLabel: "spot"}, pool.At("nodeLabels"),
		"nobody else may use its prefix")
}

func TestOtherNodesDoNotLookLikeSpot(t *testing.T) {
	built, told := build(t, production())
	pool := built.Get(t, poolType, "cluster-pool-ondemand")
	labels, taints := nodeOf(pool)
	assert.Equal(t, map[string]any{cluster.PoolLabel: "ondemand", cluster.CapacityLabel: "on-demand"}, labels)
	assert.NotContains(t, labels, told.Spot.Key)
	assert.Empty(t, taints)
	assert.Equal(t, "Regular", pool.At("scaleSetPriority"))
	assert.Nil(t, pool.At("scaleSetEvictionPolicy"), "AKS refuses it")
	assert.Nil(t, pool.At("spotMaxPrice"))
}

func TestSpotNodesGoWhenAzureTakesThemAndCostNoMoreThanOthers(t *testing.T) {
	built, _ := build(t, production())
	pool := built.Get(t, poolType, "cluster-pool-spot")
	assert.Equal(t, "Spot", pool.At("scaleSetPriority"))
	assert.Equal(t, "Delete", pool.At("scaleSetEvictionPolicy"))
	assert.Equal(t, -1, pool.At("spotMaxPrice"), "evicted for capacity, never for the price")
}

func TestNodesAreHardened(t *testing.T) {
	built, _ := build(t, production())
	for _, pool := range built.Each(t, poolType) {
		for reason, c := range map[string]struct {
			want any
			path []any
		}{
			"encrypted where it runs, too":          {true, []any{"enableEncryptionAtHost"}},
			"only signed kernels boot":              {true, []any{"securityProfile", "enableSecureBoot"}},
			"what booted is measured":               {true, []any{"securityProfile", "enableVTPM"}},
			"the image is Microsoft's own":          {"AzureLinux", []any{"osSKU"}},
			"the disk is the one that is encrypted": {"Managed", []any{"osDiskType"}},
			"the disk is as large as asked":         {100, []any{"osDiskSizeGB"}},
			"in every zone":                         {[]any{"1", "2", "3"}, []any{"availabilityZones"}},
			"a pool for workloads":                  {"User", []any{"mode"}},
			"upgraded after the cluster":            {"1.35", []any{"orchestratorVersion"}},
		} {
			assert.Equal(t, c.want, pool.At(c.path...), "%s: %s", pool.Name, reason)
		}
		pool.AssertDependsOn(t, mocktest.Ref(clusterType, "cluster-cluster"))
	}
}

func TestAPoolGetsAnotherNameExactlyWhenItIsReplaced(t *testing.T) {
	name := func(change func(*cluster.NodePool)) any {
		spec := production()
		change(&spec.NodePools[1])
		built, _ := build(t, spec)
		return built.Get(t, poolType, "cluster-pool-spot").At("agentPoolName")
	}
	before := name(func(*cluster.NodePool) {})
	assert.Equal(t, before, name(func(p *cluster.NodePool) { p.MinNodes, p.MaxNodes = 0, 20 }), "bounds")
	assert.NotEqual(t, before, name(func(p *cluster.NodePool) { p.MachineTypes = []string{"Standard_D8s_v5"} }),
		"the new pool comes before the old one goes, so both exist for a while")
	assert.NotEqual(t, before, name(func(p *cluster.NodePool) { p.DiskGB = 200 }), "disk")
}
