package aks

import (
	"fmt"
	"slices"

	aks "github.com/pulumi/pulumi-azure-native-sdk/containerservice/v2/v20240901"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// newControlPlane makes the cluster with the one pool that AKS insists on, which is for its own pods. It waits for the
// rights that the cluster needs to come up. Where one of them does not work yet, which Azure tells nobody, the creation
// fails and the next run passes (https://github.com/Azure/azure-cli/issues/22510).
func (b *builder) newControlPlane(net *network, ids *identities, keys *encryption) (*aks.ManagedCluster, error) {
	dns, err := dnsServiceIP(b.spec.Network.Services)
	if err != nil {
		return nil, fmt.Errorf("choosing the address of the cluster's DNS: %w", err)
	}
	plane, err := aks.NewManagedCluster(b.ctx, b.name+"-cluster", &aks.ManagedClusterArgs{
		ResourceName:      pulumi.String(b.spec.Identity()),
		ResourceGroupName: b.group,
		Location:          pulumi.String(b.spec.Region),
		NodeResourceGroup: pulumi.String(b.spec.Identity() + "-nodes"),
		NodeResourceGroupProfile: &aks.ManagedClusterNodeResourceGroupProfileArgs{
			RestrictionLevel: pulumi.String("ReadOnly"),
		},
		DnsPrefix:   pulumi.String(b.spec.Identity()),
		Sku:         &aks.ManagedClusterSKUArgs{Name: pulumi.String("Base"), Tier: pulumi.String("Standard")},
		SupportPlan: pulumi.String("KubernetesOfficial"),

		NetworkProfile:         b.overlay(dns),
		ApiServerAccessProfile: b.apiServer(net),
		DisableLocalAccounts:   pulumi.Bool(true),
		EnableRBAC:             pulumi.Bool(true),
		AadProfile:             b.entra(),
		Identity: &aks.ManagedClusterIdentityArgs{
			Type:                   aks.ResourceIdentityTypeUserAssigned,
			UserAssignedIdentities: pulumi.StringArray{ids.plane.ID().ToStringOutput()},
		},
		IdentityProfile:     aks.UserAssignedIdentityMap{"kubeletidentity": assigned(ids.kubelet)},
		OidcIssuerProfile:   &aks.ManagedClusterOIDCIssuerProfileArgs{Enabled: pulumi.Bool(true)},
		SecurityProfile:     security(keys),
		DiskEncryptionSetID: keys.disks.ID(),

		KubernetesVersion: pulumi.String(b.spec.KubernetesVersion),
		// Patches and node images come by themselves, in the hours that maintenance.go names.
		AutoUpgradeProfile: &aks.ManagedClusterAutoUpgradeProfileArgs{
			UpgradeChannel:       pulumi.String("patch"),
			NodeOSUpgradeChannel: pulumi.String("NodeImage"),
		},
		AutoScalerProfile: autoscaler(),
		StorageProfile:    drivers(),
		MetricsProfile: &aks.ManagedClusterMetricsProfileArgs{
			CostAnalysis: &aks.ManagedClusterCostAnalysisArgs{Enabled: pulumi.Bool(true)},
		},
		AgentPoolProfiles: aks.ManagedClusterAgentPoolProfileArray{b.systemPool(net)},
	}, b.kept(pulumi.DependsOn(slices.Concat(ids.grants, keys.grants)))...)
	if err != nil {
		return nil, fmt.Errorf("creating the cluster: %w", err)
	}
	if err := b.newMaintenance(plane); err != nil {
		return nil, err
	}
	return plane, nil
}

// overlay keeps pods out of the network's addresses, and separates them by eBPF
// (https://learn.microsoft.com/azure/aks/azure-cni-powered-by-cilium).
func (b *builder) overlay(dns string) *aks.ContainerServiceNetworkProfileArgs {
	return &aks.ContainerServiceNetworkProfileArgs{
		NetworkPlugin:     pulumi.String("azure"),
		NetworkPluginMode: pulumi.String("overlay"),
		NetworkDataplane:  pulumi.String("cilium"),
		NetworkPolicy:     pulumi.String("cilium"),
		PodCidr:           pulumi.String(b.spec.Network.Pods),
		ServiceCidr:       pulumi.String(b.spec.Network.Services),
		DnsServiceIP:      pulumi.String(dns),
		LoadBalancerSku:   pulumi.String("standard"),
		OutboundType:      pulumi.String("userAssignedNATGateway"),
	}
}

// apiServer is private, or answers the ranges alone; the nodes then come to it by the address of their way out. Azure
// turns no private cluster into a public one, nor the other way round
// (https://learn.microsoft.com/azure/aks/private-clusters#limitations).
//
// A private API server has one address, in the nodes' subnet, and two names for it. The private name is known in the
// cluster's own network only: its zone is in the group that AKS locks, so that no other network can be linked to it.
// The nodes use that one. The public name is known to everybody and leads to the same private address, which whoever
// runs Pulumi has to reach but need not resolve from inside
// (https://learn.microsoft.com/azure/aks/private-clusters#configuration-options-for-private-dns).
func (b *builder) apiServer(net *network) *aks.ManagedClusterAPIServerAccessProfileArgs {
	access := &aks.ManagedClusterAPIServerAccessProfileArgs{
		EnablePrivateCluster: pulumi.Bool(b.spec.API.Private()),
		// Nobody comes in by Azure's own API, past the network.
		DisableRunCommand: pulumi.Bool(true),
	}
	if b.spec.API.Private() {
		access.PrivateDNSZone = pulumi.String("system")
		access.EnablePrivateClusterPublicFQDN = pulumi.Bool(true)
		return access
	}
	access.AuthorizedIPRanges = append(pulumi.ToStringArray(b.spec.API.AuthorizedRanges),
		pulumi.Sprintf("%s/32", net.wayOut.IpAddress.Elem()))
	return access
}

// entra says who may what in the cluster. There are no accounts but those of Entra.
func (b *builder) entra() *aks.ManagedClusterAADProfileArgs {
	groups := slices.Compact(slices.Sorted(slices.Values(b.spec.API.Administrators)))
	return &aks.ManagedClusterAADProfileArgs{
		Managed:             pulumi.Bool(true),
		EnableAzureRBAC:     pulumi.Bool(true),
		AdminGroupObjectIDs: pulumi.ToStringArray(groups),
	}
}

func assigned(who *identity) *aks.UserAssignedIdentityArgs {
	return &aks.UserAssignedIdentityArgs{ResourceId: who.ID(), ClientId: who.ClientId, ObjectId: who.PrincipalId}
}

func security(keys *encryption) *aks.ManagedClusterSecurityProfileArgs {
	return &aks.ManagedClusterSecurityProfileArgs{
		WorkloadIdentity: &aks.ManagedClusterSecurityProfileWorkloadIdentityArgs{Enabled: pulumi.Bool(true)},
		AzureKeyVaultKms: &aks.AzureKeyVaultKmsArgs{
			Enabled:               pulumi.Bool(true),
			KeyId:                 keys.secrets.KeyUriWithVersion,
			KeyVaultNetworkAccess: pulumi.String("Public"),
		},
	}
}

// autoscaler picks the pool that wastes least, and takes a node away though a pod on it has an emptyDir.
func autoscaler() *aks.ManagedClusterPropertiesAutoScalerProfileArgs {
	return &aks.ManagedClusterPropertiesAutoScalerProfileArgs{
		Expander:                  pulumi.String("least-waste"),
		SkipNodesWithLocalStorage: pulumi.String("false"),
	}
}

// drivers are those of disks and their snapshots. Nothing here shares files.
func drivers() *aks.ManagedClusterStorageProfileArgs {
	return &aks.ManagedClusterStorageProfileArgs{
		DiskCSIDriver:      &aks.ManagedClusterStorageProfileDiskCSIDriverArgs{Enabled: pulumi.Bool(true)},
		FileCSIDriver:      &aks.ManagedClusterStorageProfileFileCSIDriverArgs{Enabled: pulumi.Bool(false)},
		SnapshotController: &aks.ManagedClusterStorageProfileSnapshotControllerArgs{Enabled: pulumi.Bool(true)},
	}
}
