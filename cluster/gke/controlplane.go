package gke

import (
	"fmt"
	"time"

	"github.com/pulumi/pulumi-gcp/sdk/v7/go/gcp/container"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
)

// releaseChannel gets new versions after some weeks of use in other clusters, and security fixes at once
// (https://cloud.google.com/kubernetes-engine/docs/concepts/release-channels).
const releaseChannel = "REGULAR"

// newControlPlane creates the cluster and at once removes the default node pool that GKE requires at creation.
func (b *builder) newControlPlane(
	net *network, keys *encryption, nodes *nodeAccount,
) (*container.Cluster, error) {
	plane, err := container.NewCluster(b.ctx, b.name+"-cluster", &container.ClusterArgs{
		Name:                  pulumi.String(b.spec.Identity()),
		Location:              pulumi.String(b.spec.Region),
		NodeLocations:         pulumi.ToStringArray(b.spec.Zones),
		DeletionProtection:    pulumi.Bool(b.spec.Protect),
		RemoveDefaultNodePool: pulumi.Bool(true),
		InitialNodeCount:      pulumi.Int(1),
		NodeConfig:            removedNodes(keys, nodes),

		Network:          net.network.SelfLink,
		Subnetwork:       net.subnet.SelfLink,
		NetworkingMode:   pulumi.String("VPC_NATIVE"),
		DatapathProvider: pulumi.String("ADVANCED_DATAPATH"),
		IpAllocationPolicy: &container.ClusterIpAllocationPolicyArgs{
			ClusterSecondaryRangeName:  pulumi.String(podsRange),
			ServicesSecondaryRangeName: pulumi.String(servicesRange),
		},
		DefaultMaxPodsPerNode: pulumi.Int(cluster.MaxPodsPerNode),

		PrivateClusterConfig:           b.privacy(),
		MasterAuthorizedNetworksConfig: b.authorizedNetworks(),
		MasterAuth:                     noStaticCredential(),
		EnableLegacyAbac:               pulumi.Bool(false),
		EnableShieldedNodes:            pulumi.Bool(true),
		WorkloadIdentityConfig: &container.ClusterWorkloadIdentityConfigArgs{
			WorkloadPool: pulumi.String(b.spec.Account + ".svc.id.goog"),
		},
		DatabaseEncryption: &container.ClusterDatabaseEncryptionArgs{
			State:   pulumi.String("ENCRYPTED"),
			KeyName: keys.key.ID(),
		},
		SecurityPostureConfig: &container.ClusterSecurityPostureConfigArgs{
			Mode:              pulumi.String("BASIC"),
			VulnerabilityMode: pulumi.String("VULNERABILITY_DISABLED"),
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
		CostManagementConfig: &container.ClusterCostManagementConfigArgs{Enabled: pulumi.Bool(true)},
	}, b.kept(
		pulumi.DependsOn(append([]pulumi.Resource{net.nat}, keys.grants...)),
		// It belongs to the default pool, which is removed. The values that GKE returns later would replace the cluster.
		pulumi.IgnoreChanges([]string{"nodeConfig"}),
	)...)
	if err != nil {
		return nil, fmt.Errorf("creating the cluster: %w", err)
	}
	return plane, nil
}

// removedNodes configures the nodes of the default pool. They exist for minutes, and are secured like all others.
func removedNodes(keys *encryption, nodes *nodeAccount) *container.ClusterNodeConfigArgs {
	return &container.ClusterNodeConfigArgs{
		ServiceAccount: nodes.Email,
		OauthScopes:    pulumi.ToStringArray(scopes),
		BootDiskKmsKey: keys.key.ID(),
		ShieldedInstanceConfig: &container.ClusterNodeConfigShieldedInstanceConfigArgs{
			EnableSecureBoot:          pulumi.Bool(true),
			EnableIntegrityMonitoring: pulumi.Bool(true),
		},
	}
}

func (b *builder) privacy() *container.ClusterPrivateClusterConfigArgs {
	return &container.ClusterPrivateClusterConfigArgs{
		EnablePrivateNodes:    pulumi.Bool(true),
		EnablePrivateEndpoint: pulumi.Bool(b.spec.API.Private()),
		MasterIpv4CidrBlock:   pulumi.String(b.spec.Network.ControlPlane),
	}
}

// authorizedNetworks is empty, not omitted, where no range is authorised: omitting it would authorise everybody. If it
// is empty, the private endpoint answers the cluster's nodes and pods, and machines in its subnet
// (https://cloud.google.com/kubernetes-engine/docs/concepts/private-cluster-concept#overview).
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

func noStaticCredential() *container.ClusterMasterAuthArgs {
	return &container.ClusterMasterAuthArgs{
		ClientCertificateConfig: &container.ClusterMasterAuthClientCertificateConfigArgs{
			IssueClientCertificate: pulumi.Bool(false),
		},
	}
}

// maintenance opens a window every Saturday and Sunday, from the first Saturday of 2024 on.
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

// addons disables the policy engine that Dataplane V2 replaces. The load balancer that uses the reserved address needs
// HttpLoadBalancing, despite its name
// (https://cloud.google.com/kubernetes-engine/docs/how-to/backend-service-based-external-load-balancer#requirements).
//
// A DNS cache runs on each node. It is the default of new clusters from 1.34.1-gke.3720000 on, and is set here for
// older ones (https://cloud.google.com/kubernetes-engine/docs/how-to/nodelocal-dns-cache). Behind it is kube-dns, the
// default of clusters whose user chooses the nodes
// (https://cloud.google.com/kubernetes-engine/docs/concepts/about-cloud-dns). It is not set here, because the provider
// would replace a running cluster for it (https://github.com/hashicorp/terraform-provider-google/issues/13285).
func addons() *container.ClusterAddonsConfigArgs {
	return &container.ClusterAddonsConfigArgs{
		DnsCacheConfig: &container.ClusterAddonsConfigDnsCacheConfigArgs{Enabled: pulumi.Bool(true)},
		GcePersistentDiskCsiDriverConfig: &container.ClusterAddonsConfigGcePersistentDiskCsiDriverConfigArgs{
			Enabled: pulumi.Bool(true),
		},
		HorizontalPodAutoscaling: &container.ClusterAddonsConfigHorizontalPodAutoscalingArgs{
			Disabled: pulumi.Bool(false),
		},
		HttpLoadBalancing:   &container.ClusterAddonsConfigHttpLoadBalancingArgs{Disabled: pulumi.Bool(false)},
		NetworkPolicyConfig: &container.ClusterAddonsConfigNetworkPolicyConfigArgs{Disabled: pulumi.Bool(true)},
	}
}

// observed returns the components whose logs and metrics Google stores. The platform stores those of the services.
func observed() pulumi.StringArray {
	return pulumi.ToStringArray([]string{"SYSTEM_COMPONENTS", "APISERVER", "CONTROLLER_MANAGER", "SCHEDULER"})
}
