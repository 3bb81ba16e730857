package aks

import (
	"fmt"

	aks "github.com/pulumi/pulumi-azure-native-sdk/containerservice/v2/v20240901"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
)

// osSKU is Microsoft's own small Linux for nodes (https://learn.microsoft.com/azure/azure-linux/intro-azure-linux).
const osSKU = "AzureLinux"

// drainMinutes is the longest that an upgrade waits for a node's pods, within their disruption budgets.
const drainMinutes = 30

// systemDiskGB leaves room for the images of AKS's own pods.
const systemDiskGB = 64

// systemPool is the pool for AKS's own pods, and for no others. Its size is fixed, so that its arguments never change
// and no controller shares them. After a refresh the state lists all of the cluster's pools in Azure's order: an
// ignored count at the first index of that list could be the count of any of them, and Azure refuses it outside this
// pool's bounds. Ignoring the whole list is no option either: Pulumi would send it as the last refresh found it, Azure
// refuses a pool in it that was replaced since (https://github.com/pulumi/pulumi-azure-native/issues/2719), and this
// pool would never get a new version. Azure leaves pools alone that the request omits
// (https://github.com/pulumi/pulumi-azure-native/issues/579).
func (b *builder) systemPool(net *network) *aks.ManagedClusterAgentPoolProfileArgs {
	return &aks.ManagedClusterAgentPoolProfileArgs{
		Name:                   pulumi.String("system"),
		Mode:                   pulumi.String("System"),
		Type:                   pulumi.String("VirtualMachineScaleSets"),
		VmSize:                 pulumi.String("Standard_D2as_v5"),
		OsType:                 pulumi.String("Linux"),
		OsSKU:                  pulumi.String(osSKU),
		OsDiskType:             pulumi.String("Managed"),
		OsDiskSizeGB:           pulumi.Int(systemDiskGB),
		EnableEncryptionAtHost: pulumi.Bool(true),
		SecurityProfile:        trustedLaunch(),
		OrchestratorVersion:    pulumi.String(b.spec.KubernetesVersion),
		AvailabilityZones:      b.zones(),
		VnetSubnetID:           net.subnet.ID(),
		MaxPods:                pulumi.Int(cluster.MaxPodsPerNode),
		EnableAutoScaling:      pulumi.Bool(false),
		Count:                  pulumi.Int(cluster.SystemNodes),
		NodeTaints:             pulumi.ToStringArray([]string{"CriticalAddonsOnly=true:NoSchedule"}),
		UpgradeSettings:        surge(),
	}
}

// newNodePools skips a pool that may have no node, because AKS refuses a maximum of 0.
func (b *builder) newNodePools(plane *aks.ManagedCluster, net *network) ([]pulumi.Resource, error) {
	var pools []pulumi.Resource
	for _, pool := range b.spec.NodePools {
		if pool.MaxNodes == 0 {
			continue
		}
		one, err := b.newNodePool(pool, plane, net)
		if err != nil {
			return nil, fmt.Errorf("creating node pool %s: %w", pool.Name, err)
		}
		pools = append(pools, one)
	}
	return pools, nil
}

// newNodePool leaves the node count to the autoscaler.
func (b *builder) newNodePool(pool cluster.NodePool, plane *aks.ManagedCluster, net *network) (*aks.AgentPool, error) {
	args := &aks.AgentPoolArgs{
		AgentPoolName:          pulumi.String(b.spec.NamePool(pool)),
		ResourceName:           plane.Name,
		ResourceGroupName:      b.group,
		Mode:                   pulumi.String("User"),
		Type:                   pulumi.String("VirtualMachineScaleSets"),
		VmSize:                 pulumi.String(pool.MachineTypes[0]),
		OsType:                 pulumi.String("Linux"),
		OsSKU:                  pulumi.String(osSKU),
		OsDiskType:             pulumi.String("Managed"),
		OsDiskSizeGB:           pulumi.Int(pool.Disk()),
		KubeletDiskType:        pulumi.String("OS"),
		EnableEncryptionAtHost: pulumi.Bool(true),
		EnableNodePublicIP:     pulumi.Bool(false),
		SecurityProfile:        trustedLaunch(),
		OrchestratorVersion:    pulumi.String(b.spec.KubernetesVersion),
		AvailabilityZones:      b.zones(),
		VnetSubnetID:           net.subnet.ID(),
		MaxPods:                pulumi.Int(cluster.MaxPodsPerNode),
		EnableAutoScaling:      pulumi.Bool(true),
		MinCount:               pulumi.Int(pool.MinNodes),
		MaxCount:               pulumi.Int(pool.MaxNodes),
		Count:                  pulumi.Int(pool.MinNodes),
		NodeLabels:             pulumi.ToStringMap(pool.Labels()),
	}
	if pool.Spot {
		interruptible(args, b.spec.Cloud.Spot())
	} else {
		onDemand(args)
	}
	return aks.NewAgentPool(b.ctx, b.name+"-pool-"+pool.Name, args,
		b.child(pulumi.IgnoreChanges([]string{"count"}))...)
}

func onDemand(args *aks.AgentPoolArgs) {
	args.ScaleSetPriority = pulumi.String("Regular")
	args.UpgradeSettings = surge()
}

// interruptible pays up to the on-demand price. AKS sets the label on the nodes itself and reserves its prefix; the
// taint that it sets is given here as well. An upgrade has no surge, because spot capacity cannot be counted on
// (https://learn.microsoft.com/azure/aks/spot-node-pool, https://learn.microsoft.com/azure/aks/use-labels).
func interruptible(args *aks.AgentPoolArgs, spot cluster.Spot) {
	args.ScaleSetPriority = pulumi.String("Spot")
	args.ScaleSetEvictionPolicy = pulumi.String("Delete")
	args.SpotMaxPrice = pulumi.Float64(-1)
	args.NodeTaints = pulumi.StringArray{
		pulumi.String(fmt.Sprintf("%s=%s:%s", spot.Key, spot.Value, cluster.SpotTaintEffect)),
	}
}

// surge upgrades one node at a time, and adds the new node first.
func surge() *aks.AgentPoolUpgradeSettingsArgs {
	return &aks.AgentPoolUpgradeSettingsArgs{
		MaxSurge:              pulumi.String("1"),
		DrainTimeoutInMinutes: pulumi.Int(drainMinutes),
	}
}

// trustedLaunch boots signed kernels only, and measures the boot
// (https://learn.microsoft.com/azure/aks/use-trusted-launch).
func trustedLaunch() *aks.AgentPoolSecurityProfileArgs {
	return &aks.AgentPoolSecurityProfileArgs{EnableSecureBoot: pulumi.Bool(true), EnableVTPM: pulumi.Bool(true)}
}
