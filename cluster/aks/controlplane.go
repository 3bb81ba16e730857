package aks

import (
	"fmt"
	"net/netip"

	containerservice "github.com/pulumi/pulumi-azure-native-sdk/containerservice/v2/v20240901"
	"github.com/pulumi/pulumi-azure-native-sdk/resources/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
)

func (b *builder) newControlPlane(
	group *resources.ResourceGroup, net *network, who *identities, keys *encryption, after []pulumi.Resource,
) (*containerservice.ManagedCluster, error) {
	addresses, err := b.addresses()
	if err != nil {
		return nil, err
	}
	plane, err := containerservice.NewManagedCluster(b.ctx, b.name+"-cluster", &containerservice.ManagedClusterArgs{
		ResourceName:      pulumi.String(b.spec.Identity()),
		ResourceGroupName: group.Name,
		NodeResourceGroup: pulumi.String(b.spec.Identity() + "-nodes"),
		Location:          b.location(),
		DnsPrefix:         pulumi.String(b.spec.Identity()),
		KubernetesVersion: pulumi.String(b.spec.KubernetesVersion),
		Sku: &containerservice.ManagedClusterSKUArgs{
			Name: pulumi.String("Base"), Tier: pulumi.String("Standard"),
		},
		Identity: &containerservice.ManagedClusterIdentityArgs{
			Type:                   containerservice.ResourceIdentityTypeUserAssigned,
			UserAssignedIdentities: pulumi.StringArray{who.controlPlane.ID()},
		},
		IdentityProfile: containerservice.UserAssignedIdentityMap{
			"kubeletidentity": &containerservice.UserAssignedIdentityArgs{
				ResourceId: who.kubelet.ID(), ClientId: who.kubelet.ClientId, ObjectId: who.kubelet.PrincipalId,
			},
		},
		NetworkProfile:         addresses,
		ApiServerAccessProfile: b.access(),
		// Nobody comes in but through Entra, and Azure's own roles say who may do what.
		DisableLocalAccounts: pulumi.Bool(true),
		EnableRBAC:           pulumi.Bool(true),
		AadProfile: &containerservice.ManagedClusterAADProfileArgs{
			Managed:             pulumi.Bool(true),
			EnableAzureRBAC:     pulumi.Bool(true),
			AdminGroupObjectIDs: pulumi.ToStringArray(b.spec.API.Administrators),
		},
		OidcIssuerProfile:   &containerservice.ManagedClusterOIDCIssuerProfileArgs{Enabled: pulumi.Bool(true)},
		SecurityProfile:     security(keys),
		DiskEncryptionSetID: keys.disks.ID(),
		AutoUpgradeProfile: &containerservice.ManagedClusterAutoUpgradeProfileArgs{
			UpgradeChannel: pulumi.String("patch"), NodeOSUpgradeChannel: pulumi.String("NodeImage"),
		},
		AgentPoolProfiles: containerservice.ManagedClusterAgentPoolProfileArray{b.systemPool(net)},
	}, b.kept(
		pulumi.DependsOn(append(after, net.subnet)),
		// The autoscaler moves it.
		pulumi.IgnoreChanges([]string{"agentPoolProfiles[0].count"}),
	)...)
	if err != nil {
		return nil, fmt.Errorf("creating the cluster: %w", err)
	}
	return plane, b.newMaintenance(group, plane)
}

// addresses put pods behind the nodes, in a range that the virtual network knows nothing of, and let Cilium route them
// and enforce the network policies (https://learn.microsoft.com/azure/aks/azure-cni-powered-by-cilium).
func (b *builder) addresses() (*containerservice.ContainerServiceNetworkProfileArgs, error) {
	dns, err := dnsServiceIP(b.spec.Network.Services)
	if err != nil {
		return nil, err
	}
	return &containerservice.ContainerServiceNetworkProfileArgs{
		NetworkPlugin:     pulumi.String("azure"),
		NetworkPluginMode: pulumi.String("overlay"),
		NetworkDataplane:  pulumi.String("cilium"),
		NetworkPolicy:     pulumi.String("cilium"),
		PodCidr:           pulumi.String(b.spec.Network.Pods),
		ServiceCidr:       pulumi.String(b.spec.Network.Services),
		DnsServiceIP:      pulumi.String(dns),
		LoadBalancerSku:   pulumi.String("standard"),
		OutboundType:      pulumi.String("userAssignedNATGateway"),
	}, nil
}

// dnsServiceIP is the tenth address of a range, as everywhere in Kubernetes.
func dnsServiceIP(services string) (string, error) {
	prefix, err := netip.ParsePrefix(services)
	if err != nil {
		return "", fmt.Errorf("reading the range of Services: %w", err)
	}
	address := prefix.Addr()
	for range 10 {
		address = address.Next()
	}
	return address.String(), nil
}

// access also switches off "az aks command invoke", which would let anybody with a role in Azure past the network.
func (b *builder) access() *containerservice.ManagedClusterAPIServerAccessProfileArgs {
	profile := &containerservice.ManagedClusterAPIServerAccessProfileArgs{
		EnablePrivateCluster: pulumi.Bool(b.spec.API.Private()),
		DisableRunCommand:    pulumi.Bool(true),
	}
	if b.spec.API.Private() {
		profile.PrivateDNSZone = pulumi.String("system")
		profile.EnablePrivateClusterPublicFQDN = pulumi.Bool(false)
	} else {
		profile.AuthorizedIPRanges = pulumi.ToStringArray(b.spec.API.AuthorizedRanges)
	}
	return profile
}

// security encrypts Kubernetes secrets with the environment's key and lets service accounts be identities.
func security(keys *encryption) *containerservice.ManagedClusterSecurityProfileArgs {
	return &containerservice.ManagedClusterSecurityProfileArgs{
		AzureKeyVaultKms: &containerservice.AzureKeyVaultKmsArgs{
			Enabled:               pulumi.Bool(true),
			KeyId:                 keys.key.KeyUriWithVersion,
			KeyVaultNetworkAccess: pulumi.String("Public"),
		},
		WorkloadIdentity: &containerservice.ManagedClusterSecurityProfileWorkloadIdentityArgs{
			Enabled: pulumi.Bool(true),
		},
	}
}

// newMaintenance says when upgrades of the cluster and of the nodes' images may happen
// (https://learn.microsoft.com/azure/aks/planned-maintenance).
func (b *builder) newMaintenance(
	group *resources.ResourceGroup, plane *containerservice.ManagedCluster,
) error {
	for _, one := range []struct{ role, schedule string }{
		{"cluster", "aksManagedAutoUpgradeSchedule"}, {"nodes", "aksManagedNodeOSUpgradeSchedule"},
	} {
		_, err := containerservice.NewMaintenanceConfiguration(b.ctx, b.name+"-maintenance-"+one.role,
			&containerservice.MaintenanceConfigurationArgs{
				ConfigName:        pulumi.String(one.schedule),
				ResourceName:      plane.Name,
				ResourceGroupName: group.Name,
				MaintenanceWindow: &containerservice.MaintenanceWindowArgs{
					Schedule: &containerservice.ScheduleArgs{Weekly: &containerservice.WeeklyScheduleArgs{
						DayOfWeek: pulumi.String("Saturday"), IntervalWeeks: pulumi.Int(1),
					}},
					StartTime:     pulumi.String(fmt.Sprintf("%02d:00", cluster.MaintenanceStartHour)),
					UtcOffset:     pulumi.String("+00:00"),
					DurationHours: pulumi.Int(cluster.MaintenanceHours),
				},
			}, b.child()...)
		if err != nil {
			return fmt.Errorf("scheduling maintenance of the %s: %w", one.role, err)
		}
	}
	return nil
}
