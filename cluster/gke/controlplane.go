package gke

import (
	"fmt"
	"time"

	"github.com/pulumi/pulumi-gcp/sdk/v7/go/gcp/container"
	"github.com/pulumi/pulumi-gcp/sdk/v7/go/gcp/serviceaccount"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
)

// releaseChannel gets new versions after they have run in others' clusters for some weeks, and security fixes at once
// (https://cloud.google.com/kubernetes-engine/docs/concepts/release-channels).
const releaseChannel = "REGULAR"

// newControlPlane makes the cluster without a node pool of its own: the one that GKE insists on is removed at once.
func (b *builder) newControlPlane(
	net *network, keys *encryption, nodes *serviceaccount.Account,
) (*container.Cluster, error) {
	plane, err := container.NewCluster(b.ctx, b.name+"-cluster", &container.ClusterArgs{
		Name:                  pulumi.String(b.spec.Identity()),
		Location:              pulumi.String(b.spec.Region),
		NodeLocations:         pulumi.ToStringArray(b.spec.Zones),
		DeletionProtection:    pulumi.Bool(b.spec.Protect),
		RemoveDefaultNodePool: pulumi.Bool(true),
		InitialNodeCount:      pulumi.Int(1),
		NodeConfig:            &container.ClusterNodeConfigArgs{ServiceAccount: nodes.Email},

		Network:               net.network.SelfLink,
		Subnetwork:            net.subnet.SelfLink,
		NetworkingMode:        pulumi.String("VPC_NATIVE"),
		DatapathProvider:      pulumi.String("ADVANCED_DATAPATH"),
		EnableL4IlbSubsetting: pulumi.Bool(true),
		IpAllocationPolicy: &container.ClusterIpAllocationPolicyArgs{
			ClusterSecondaryRangeName:  pulumi.String(podsRange),
			ServicesSecondaryRangeName: pulumi.String(servicesRange),
		},
		DefaultMaxPodsPerNode: pulumi.Int(cluster.MaxPodsPerNode),

		PrivateClusterConfig:           b.privacy(),
		MasterAuthorizedNetworksConfig: b.authorizedNetworks(),
		MasterAuth: &container.ClusterMasterAuthArgs{
			ClientCertificateConfig: &container.ClusterMasterAuthClientCertificateConfigArgs{
				IssueClientCertificate: pulumi.Bool(false),
			},
		},
		EnableLegacyAbac:    pulumi.Bool(false),
		EnableShieldedNodes: pulumi.Bool(true),
		WorkloadIdentityConfig: &container.ClusterWorkloadIdentityConfigArgs{
			WorkloadPool: pulumi.String(b.spec.Account + ".svc.id.goog"),
		},
		DatabaseEncryption: &container.ClusterDatabaseEncryptionArgs{
			State:   pulumi.String("ENCRYPTED"),
			KeyName: keys.key.ID(),
		},

		ReleaseChannel:    &container.ClusterReleaseChannelArgs{Channel: pulumi.String(releaseChannel)},
		MinMasterVersion:  pulumi.String(b.spec.KubernetesVersion),
		MaintenancePolicy: maintenance(),
		AddonsConfig:      addons(),
		LoggingConfig:     &container.ClusterLoggingConfigArgs{EnableComponents: observed()},
		MonitoringConfig: &container.ClusterMonitoringConfigArgs{
			EnableComponents:  observed(),
			ManagedPrometheus: &container.ClusterMonitoringConfigManagedPrometheusArgs{Enabled: pulumi.Bool(false)},
		},
	}, b.kept(
		pulumi.DependsOn(append([]pulumi.Resource{net.nat}, keys.grants...)),
		// It is that of the pool which is removed. What GKE says about it later would replace the cluster.
		pulumi.IgnoreChanges([]string{"nodeConfig"}),
	)...)
	if err != nil {
		return nil, fmt.Errorf("creating the cluster: %w", err)
	}
	return plane, nil
}

func (b *builder) privacy() *container.ClusterPrivateClusterConfigArgs {
	return &container.ClusterPrivateClusterConfigArgs{
		EnablePrivateNodes:    pulumi.Bool(true),
		EnablePrivateEndpoint: pulumi.Bool(b.spec.API.Private()),
		MasterIpv4CidrBlock:   pulumi.String(b.spec.Network.ControlPlane),
		// A runner may be in another region than the cluster.
		MasterGlobalAccessConfig: &container.ClusterPrivateClusterConfigMasterGlobalAccessConfigArgs{
			Enabled: pulumi.Bool(true),
		},
	}
}

// authorizedNetworks is empty, and not left out, where nobody outside is authorised: left out, everybody is.
func (b *builder) authorizedNetworks() *container.ClusterMasterAuthorizedNetworksConfigArgs {
	blocks := container.ClusterMasterAuthorizedNetworksConfigCidrBlockArray{}
	for _, cidr := range b.spec.API.AuthorizedRanges {
		blocks = append(blocks, &container.ClusterMasterAuthorizedNetworksConfigCidrBlockArgs{
			CidrBlock: pulumi.String(cidr),
		})
	}
	return &container.ClusterMasterAuthorizedNetworksConfigArgs{
		CidrBlocks:                  blocks,
		GcpPublicCidrsAccessEnabled: pulumi.Bool(false),
	}
}

// maintenance begins on the first Saturday of 2024 and comes back every Saturday and Sunday.
func maintenance() *container.ClusterMaintenancePolicyArgs {
	start := time.Date(2024, time.January, 6, cluster.MaintenanceStartHour, 0, 0, 0, time.UTC)
	return &container.ClusterMaintenancePolicyArgs{
		RecurringWindow: &container.ClusterMaintenancePolicyRecurringWindowArgs{
			StartTime:  pulumi.String(start.Format(time.RFC3339)),
			EndTime:    pulumi.String(start.Add(cluster.MaintenanceHours * time.Hour).Format(time.RFC3339)),
			Recurrence: pulumi.String("FREQ=WEEKLY;BYDAY=SA,SU"),
		},
	}
}

// addons leave out what the platform brings itself, and the policy engine that Dataplane V2 takes the place of.
func addons() *container.ClusterAddonsConfigArgs {
	return &container.ClusterAddonsConfigArgs{
		GcePersistentDiskCsiDriverConfig: &container.ClusterAddonsConfigGcePersistentDiskCsiDriverConfigArgs{
			Enabled: pulumi.Bool(true),
		},
		HorizontalPodAutoscaling: &container.ClusterAddonsConfigHorizontalPodAutoscalingArgs{
			Disabled: pulumi.Bool(false),
		},
		HttpLoadBalancing:   &container.ClusterAddonsConfigHttpLoadBalancingArgs{Disabled: pulumi.Bool(true)},
		NetworkPolicyConfig: &container.ClusterAddonsConfigNetworkPolicyConfigArgs{Disabled: pulumi.Bool(true)},
	}
}

// observed are the parts whose logs and metrics Google keeps. The services' own are the platform's to keep.
func observed() pulumi.StringArray {
	return pulumi.ToStringArray([]string{"SYSTEM_COMPONENTS", "APISERVER", "CONTROLLER_MANAGER", "SCHEDULER"})
}
