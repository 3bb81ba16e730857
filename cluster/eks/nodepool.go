package eks

import (
	"fmt"

	awseks "github.com/pulumi/pulumi-aws/sdk/v6/go/aws/eks"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kms"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
)

// capacity is EKS's word for what a pool's nodes are paid as.
var capacity = map[bool]string{false: "ON_DEMAND", true: "SPOT"}

// nodePolicies are what a node needs, and no more: to join, and to pull images, which are the add-ons' too. Its pods
// have identities of their own (https://docs.aws.amazon.com/eks/latest/userguide/create-node-role.html).
var nodePolicies = []string{"AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly"}

// ground is what every group of nodes stands on.
type ground struct {
	plane   *awseks.Cluster
	subnets pulumi.StringArray
	key     *kms.Key
	node    *iam.Role
	// ready is what a node needs in order to become ready.
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

// newNodeGroup leaves the number of nodes to the autoscaler.
func (b *builder) newNodeGroup(group nodeGroup, on ground) (*awseks.NodeGroup, error) {
	template, err := b.newLaunchTemplate(group, on.key)
	if err != nil {
		return nil, err
	}
	labels, taints := b.marks(group.pool)
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

// marks are the labels and taints of a pool's nodes. Spot nodes have the ones that the Cluster tells workloads of.
func (b *builder) marks(pool cluster.NodePool) (pulumi.StringMap, awseks.NodeGroupTaintArray) {
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

// offer are the tags that tell the autoscaler what a node would have while a group has none. It knows cpu and memory
// by the instance type, the zone by the subnet, and asks EKS for labels, taints and these tags. Of the disk it knows
// nothing without them, and adds no node for a pod that asks for some of it
// (https://github.com/kubernetes/autoscaler/pull/5596, https://github.com/kubernetes/autoscaler/pull/6482,
// https://github.com/kubernetes/autoscaler/issues/1650).
func offer(pool cluster.NodePool) pulumi.StringMap {
	return pulumi.ToStringMap(map[string]string{
		"k8s.io/cluster-autoscaler/node-template/resources/ephemeral-storage": fmt.Sprintf("%dGi", pool.Disk()),
	})
}
