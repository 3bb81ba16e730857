package aks

import (
	"fmt"
	"strings"

	containerservice "github.com/pulumi/pulumi-azure-native-sdk/containerservice/v2/v20240901"
	"github.com/pulumi/pulumi-azure-native-sdk/resources/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
)

const (
	// systemNodesAtLeast lets the system's pods survive the loss of a node.
	systemNodesAtLeast = 2
	// systemMachineType is the smallest that Microsoft recommends for them: four CPUs and 4 GB
	// (https://learn.microsoft.com/azure/aks/use-system-pools).
	systemMachineType = "Standard_D4as_v5"
	// systemTaint keeps all other pods off, so that no service can starve what resolves its names.
	systemTaint = "CriticalAddonsOnly=true:NoSchedule"
	osSKU       = "AzureLinux"
)

// systemPool is the one pool that is part of the cluster itself: AKS needs it for its own pods.
func (b *builder) systemPool(net *network) *containerservice.ManagedClusterAgentPoolProfileArgs {
	return &containerservice.ManagedClusterAgentPoolProfileArgs{
		Name:                   pulumi.String("system"),
		Mode:                   pulumi.String("System"),
		Type:                   pulumi.String("VirtualMachineScaleSets"),
		EnableAutoScaling:      pulumi.Bool(true),
		MinCount:               pulumi.Int(systemNodesAtLeast),
		MaxCount:               pulumi.Int(cluster.SystemNodes),
		Count:                  pulumi.Int(systemNodesAtLeast),
		VmSize:                 pulumi.String(systemMachineType),
		OsSKU:                  pulumi.String(osSKU),
		AvailabilityZones:      b.zones(),
		VnetSubnetID:           net.subnet.ID(),
		MaxPods:                pulumi.Int(cluster.MaxPodsPerNode),
		NodeTaints:             pulumi.ToStringArray([]string{systemTaint}),
		EnableEncryptionAtHost: pulumi.Bool(true),
		OrchestratorVersion:    pulumi.String(b.spec.KubernetesVersion),
		UpgradeSettings:        &containerservice.AgentPoolUpgradeSettingsArgs{MaxSurge: pulumi.String("1")},
	}
}

// newNodePools leaves out a pool that is switched off: AKS takes an upper bound of one at least.
func (b *builder) newNodePools(
	group *resources.ResourceGroup, plane *containerservice.ManagedCluster, net *network,
) ([]pulumi.Resource, error) {
	var pools []pulumi.Resource
	for _, pool := range b.spec.NodePools {
		if pool.MaxNodes == 0 {
			continue
		}
		args := b.poolArgs(pool)
		args.ResourceName, args.ResourceGroupName, args.VnetSubnetID = plane.Name, group.Name, net.subnet.ID()
		one, err := containerservice.NewAgentPool(b.ctx, b.name+"-pool-"+pool.Name, args,
			b.child(pulumi.IgnoreChanges([]string{"count"}))...)
		if err != nil {
			return nil, fmt.Errorf("creating node pool %s: %w", pool.Name, err)
		}
		pools = append(pools, one)
	}
	return pools, nil
}

// poolArgs leave the number of nodes to the autoscaler.
func (b *builder) poolArgs(pool cluster.NodePool) *containerservice.AgentPoolArgs {
	args := &containerservice.AgentPoolArgs{
		AgentPoolName:          pulumi.String(b.spec.NamePool(pool)),
		Mode:                   pulumi.String("User"),
		Type:                   pulumi.String("VirtualMachineScaleSets"),
		EnableAutoScaling:      pulumi.Bool(true),
		MinCount:               pulumi.Int(pool.MinNodes),
		MaxCount:               pulumi.Int(pool.MaxNodes),
		Count:                  pulumi.Int(pool.MinNodes),
		VmSize:                 pulumi.String(pool.MachineTypes[0]),
		OsSKU:                  pulumi.String(osSKU),
		OsDiskSizeGB:           pulumi.Int(pool.Disk()),
		AvailabilityZones:      b.zones(),
		MaxPods:                pulumi.Int(cluster.MaxPodsPerNode),
		NodeLabels:             pulumi.ToStringMap(pool.Labels()),
		EnableEncryptionAtHost: pulumi.Bool(true),
		OrchestratorVersion:    pulumi.String(b.spec.KubernetesVersion),
	}
	if pool.Spot {
		b.makeSpot(args)
	} else {
		args.UpgradeSettings = &containerservice.AgentPoolUpgradeSettingsArgs{MaxSurge: pulumi.String("1")}
	}
	return args
}

// makeSpot pays up to the price on demand. AKS puts the label and the taint on spot nodes itself, and wants to be told
// of the taint; a spot pool has no surge (https://learn.microsoft.com/azure/aks/spot-node-pool).
func (b *builder) makeSpot(args *containerservice.AgentPoolArgs) {
	spot := b.spec.Cloud.Spot()
	args.ScaleSetPriority = pulumi.String("Spot")
	args.ScaleSetEvictionPolicy = pulumi.String("Delete")
	args.SpotMaxPrice = pulumi.Float64(-1)
	args.NodeTaints = pulumi.ToStringArray([]string{spot.Key + "=" + spot.Value + ":" + cluster.Taint})
}

// zones are what Azure calls them: a number, without the region.
func (b *builder) zones() pulumi.StringArray {
	var zones pulumi.StringArray
	for _, zone := range b.spec.Zones {
		zones = append(zones, pulumi.String(strings.TrimPrefix(zone, b.spec.Region+"-")))
	}
	return zones
}
