package aks

import (
	"fmt"
	"slices"

	aks "github.com/pulumi/pulumi-azure-native-sdk/containerservice/v2/v20240901"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// newControlPlane creates the cluster with the one pool that AKS requires, which runs AKS's own pods. It waits for the
// role assignments that the cluster needs to come up. Azure does not report when an assignment takes effect: if one has
// not yet, the creation fails and the next run passes (https://github.com/Azure/azure-cli/issues/22510).
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
		// AKS applies patches and node images automatically, in the windows that maintenance.go sets.
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

// overlay keeps pods out of the network's address range, and enforces network policies with eBPF
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

// apiServer is either private or open to the authorised ranges only; the nodes then reach it from the address of their
// NAT gateway. Azure cannot turn a private cluster into a public one, nor the other way round
// (https://learn.microsoft.com/azure/aks/private-clusters#limitations).
//
// A private API server has one address, in the nodes' subnet, and two names for it. The private name resolves in the
// cluster's own network only: its zone is in the group that AKS locks, so no other network can be linked to it. The
// nodes use that one. The public name resolves everywhere, to the same private address. Pulumi therefore has to run
// where it can reach that address, but needs no access to the private zone
// (https://learn.microsoft.com/azure/aks/private-clusters#configuration-options-for-private-dns).
func (b *builder) apiServer(net *network) *aks.ManagedClusterAPIServerAccessProfileArgs {
	access := &aks.ManagedClusterAPIServerAccessProfileArgs{
		EnablePrivateCluster: pulumi.Bool(b.spec.API.Private()),
		// Run command would bypass the network through Azure's own API.
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

// entra lets Entra authenticate and authorise all access to the cluster. There are no local accounts.
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

// autoscaler prefers the pool that wastes least, and removes a node even if a pod on it has an emptyDir.
func autoscaler() *aks.ManagedClusterPropertiesAutoScalerProfileArgs {
	return &aks.ManagedClusterPropertiesAutoScalerProfileArgs{
		Expander:                  pulumi.String("least-waste"),
		SkipNodesWithLocalStorage: pulumi.String("false"),
	}
}

// drivers enables the drivers of disks and their snapshots. Nothing here uses file shares.
func drivers() *aks.ManagedClusterStorageProfileArgs {
	return &aks.ManagedClusterStorageProfileArgs{
		DiskCSIDriver:      &aks.ManagedClusterStorageProfileDiskCSIDriverArgs{Enabled: pulumi.Bool(true)},
		FileCSIDriver:      &aks.ManagedClusterStorageProfileFileCSIDriverArgs{Enabled: pulumi.Bool(false)},
		SnapshotController: &aks.ManagedClusterStorageProfileSnapshotControllerArgs{Enabled: pulumi.Bool(true)},
	}
}
