package gke

import (
	"fmt"

	"github.com/pulumi/pulumi-gcp/sdk/v7/go/gcp/container"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
)

// scopes are the narrowest scopes for a node's token: to pull images, also from Artifact Registry
// (https://cloud.google.com/artifact-registry/docs/integrate-gke), and to write logs and metrics. The service account's
// role grants the permissions.
var scopes = []string{
	"https://www.googleapis.com/auth/devstorage.read_only",
	"https://www.googleapis.com/auth/logging.write",
	"https://www.googleapis.com/auth/monitoring",
}

// spread maps NodePool.Spot to the autoscaler's location policy: balance the zones, or use any spot capacity left.
var spread = map[bool]string{false: "BALANCED", true: "ANY"}

func (b *builder) newNodePools(
	plane *container.Cluster, keys *encryption, nodes *nodeAccount,
) ([]pulumi.Resource, error) {
	var pools []pulumi.Resource
	for _, pool := range b.spec.NodePools {
		one, err := b.newNodePool(pool, plane, keys, nodes)
		if err != nil {
			return nil, fmt.Errorf("creating node pool %s: %w", pool.Name, err)
		}
		pools = append(pools, one)
	}
	return pools, nil
}

// newNodePool leaves the node count to the autoscaler.
func (b *builder) newNodePool(
	pool cluster.NodePool, plane *container.Cluster, keys *encryption, nodes *nodeAccount,
) (*container.NodePool, error) {
	return container.NewNodePool(b.ctx, b.name+"-pool-"+pool.Name, &container.NodePoolArgs{
		Name:             pulumi.String(b.spec.NamePool(pool)),
		Cluster:          plane.Name,
		Location:         pulumi.String(b.spec.Region),
		NodeLocations:    pulumi.ToStringArray(b.spec.Zones),
		InitialNodeCount: pulumi.Int(firstPerZone(pool, len(b.spec.Zones))),
		MaxPodsPerNode:   pulumi.Int(cluster.MaxPodsPerNode),
		Autoscaling: &container.NodePoolAutoscalingArgs{
			TotalMinNodeCount: pulumi.Int(pool.MinNodes),
			TotalMaxNodeCount: pulumi.Int(pool.MaxNodes),
			LocationPolicy:    pulumi.String(spread[pool.Spot]),
		},
		Management: &container.NodePoolManagementArgs{
			AutoRepair:  pulumi.Bool(true),
			AutoUpgrade: pulumi.Bool(true),
		},
		UpgradeSettings: &container.NodePoolUpgradeSettingsArgs{
			Strategy:       pulumi.String("SURGE"),
			MaxSurge:       pulumi.Int(1),
			MaxUnavailable: pulumi.Int(0),
		},
		NodeConfig: b.nodeConfig(pool, keys, nodes),
	}, b.child(
		pulumi.DependsOn([]pulumi.Resource{nodes.role}),
		pulumi.IgnoreChanges([]string{"initialNodeCount"}),
	)...)
}

// firstPerZone returns each zone's initial node count, so that all zones together keep the pool's bounds: at least the
// minimum, unless equal zones would then exceed the maximum. The autoscaler adds the missing nodes.
func firstPerZone(pool cluster.NodePool, zones int) int {
	return min((pool.MinNodes+zones-1)/zones, pool.MaxNodes/zones)
}

func (b *builder) nodeConfig(
	pool cluster.NodePool, keys *encryption, nodes *nodeAccount,
) *container.NodePoolNodeConfigArgs {
	labels, taints := b.labelsAndTaints(pool)
	return &container.NodePoolNodeConfigArgs{
		MachineType:    pulumi.String(pool.MachineTypes[0]),
		Spot:           pulumi.Bool(pool.Spot),
		ImageType:      pulumi.String("COS_CONTAINERD"),
		DiskType:       pulumi.String("pd-balanced"),
		DiskSizeGb:     pulumi.Int(pool.Disk()),
		BootDiskKmsKey: keys.key.ID(),
		ServiceAccount: nodes.Email,
		OauthScopes:    pulumi.ToStringArray(scopes),
		Labels:         labels,
		Taints:         taints,
		Metadata:       pulumi.StringMap{"disable-legacy-endpoints": pulumi.String("true")},
		ShieldedInstanceConfig: &container.NodePoolNodeConfigShieldedInstanceConfigArgs{
			EnableSecureBoot:          pulumi.Bool(true),
			EnableIntegrityMonitoring: pulumi.Bool(true),
		},
		WorkloadMetadataConfig: &container.NodePoolNodeConfigWorkloadMetadataConfigArgs{
			Mode: pulumi.String("GKE_METADATA"),
		},
	}
}

// labelsAndTaints returns the labels and taints of a pool's nodes. Spot nodes have those that Cluster.Spot describes.
func (b *builder) labelsAndTaints(pool cluster.NodePool) (pulumi.StringMap, container.NodePoolNodeConfigTaintArray) {
	labels, taints := pulumi.ToStringMap(pool.Labels()), container.NodePoolNodeConfigTaintArray{}
	if pool.Spot {
		spot := b.spec.Cloud.Spot()
		labels[spot.Key] = pulumi.String(spot.Value)
		taints = append(taints, &container.NodePoolNodeConfigTaintArgs{
			Key:    pulumi.String(spot.Key),
			Value:  pulumi.String(spot.Value),
			Effect: pulumi.String("NO_SCHEDULE"), // GKE's word for NoSchedule
		})
	}
	return labels, taints
}
