package eks

import (
	"fmt"

	awseks "github.com/pulumi/pulumi-aws/sdk/v6/go/aws/eks"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kms"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
)

// capacity maps NodePool.Spot to EKS's capacity types.
var capacity = map[bool]string{false: "ON_DEMAND", true: "SPOT"}

// nodePolicies are the least that a node needs: to join, and to pull images, those of the add-ons included. Its pods
// have identities of their own (https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html).
var nodePolicies = []string{"AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly"}

// ground holds the resources that all node groups share.
type ground struct {
	plane   *awseks.Cluster
	subnets pulumi.StringArray
	key     *kms.Key
	node    *iam.Role
	// ready lists the resources that a node needs to become ready.
	ready []pulumi.Resource
}

func (b *builder) newNodePools(
	plane *awseks.Cluster, net *network, key *kms.Key, after []pulumi.Resource,
) ([]pulumi.Resource, error) {
	node, granted, err := b.newRole(role{name: "nodes", trust: assumedBy("ec2.amazonaws.com"), managed: nodePolicies})
	if err != nil {
		return nil, err
	}
	on := ground{plane: plane, subnets: net.private, key: key, node: node, ready: append(granted, after...)}
	var created []pulumi.Resource
	for _, group := range b.nodeGroups() {
		one, err := b.newNodeGroup(group, on)
		if err != nil {
			return nil, fmt.Errorf("creating node pool %s in zone %s: %w", group.pool.Name, group.zone, err)
		}
		created = append(created, one)
	}
	return created, nil
}

// newNodeGroup leaves the node count to the autoscaler.
func (b *builder) newNodeGroup(group nodeGroup, on ground) (*awseks.NodeGroup, error) {
	template, err := b.newLaunchTemplate(group, on.key)
	if err != nil {
		return nil, err
	}
	labels, taints := b.labelsAndTaints(group.pool)
	return awseks.NewNodeGroup(b.ctx, b.logical("pool", group), &awseks.NodeGroupArgs{
		ClusterName:   on.plane.Name,
		NodeGroupName: pulumi.String(b.spec.NamePoolIn(group.zone, group.pool)),
		NodeRoleArn:   on.node.Arn,
		SubnetIds:     pulumi.StringArray{on.subnets[group.Zone]},
		Version:       pulumi.String(b.spec.KubernetesVersion),
		AmiType:       pulumi.String("AL2023_x86_64_STANDARD"),
		CapacityType:  pulumi.String(capacity[group.pool.Spot]),
		InstanceTypes: pulumi.ToStringArray(group.pool.MachineTypes),
		LaunchTemplate: &awseks.NodeGroupLaunchTemplateArgs{
			Id: template.ID(), Version: pulumi.Sprintf("%d", template.LatestVersion),
		},
		ScalingConfig: &awseks.NodeGroupScalingConfigArgs{
			MinSize:     pulumi.Int(group.MinNodes),
			MaxSize:     pulumi.Int(group.MaxNodes),
			DesiredSize: pulumi.Int(group.MinNodes),
		},
		UpdateConfig:     &awseks.NodeGroupUpdateConfigArgs{MaxUnavailable: pulumi.Int(1)},
		NodeRepairConfig: &awseks.NodeGroupNodeRepairConfigArgs{Enabled: pulumi.Bool(true)},
		Labels:           labels,
		Taints:           taints,
		Tags:             offer(group.pool),
	}, b.child(pulumi.DependsOn(on.ready), pulumi.IgnoreChanges([]string{"scalingConfig.desiredSize"}))...)
}

// labelsAndTaints returns the labels and taints of a pool's nodes. Spot nodes have those that Cluster.Spot describes.
func (b *builder) labelsAndTaints(pool cluster.NodePool) (pulumi.StringMap, awseks.NodeGroupTaintArray) {
	labels, taints := pulumi.ToStringMap(pool.Labels()), awseks.NodeGroupTaintArray{}
	if pool.Spot {
		spot := b.spec.Cloud.Spot()
		labels[spot.Key] = pulumi.String(spot.Value)
		taints = append(taints, &awseks.NodeGroupTaintArgs{
			Key:    pulumi.String(spot.Key),
			Value:  pulumi.String(spot.Value),
			Effect: pulumi.String("NO_SCHEDULE"), // EKS's word for NoSchedule
		})
	}
	return labels, taints
}

// offer returns the tags that describe a node to the autoscaler while a group has none. The autoscaler takes CPU and
// memory from the instance type and the zone from the subnet, and asks EKS for labels, taints and these tags. Without
// them it knows nothing about the disk, and adds no node for a pod that requests ephemeral storage
// (https://github.com/kubernetes/autoscaler/pull/5596, https://github.com/kubernetes/autoscaler/pull/6482,
// https://github.com/kubernetes/autoscaler/issues/1650).
func offer(pool cluster.NodePool) pulumi.StringMap {
	return pulumi.ToStringMap(map[string]string{
		"k8s.io/cluster-autoscaler/node-template/resources/ephemeral-storage": fmt.Sprintf("%dGi", pool.Disk()),
	})
}
