package eks

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
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

// newNodePools waits for what a node needs in order to become ready. A managed node group has one node at least as its
// upper bound, so a pool that is switched off is left out.
func (b *builder) newNodePools(
	plane *awseks.Cluster, net *network, key *kms.Key, after []pulumi.Resource,
) ([]pulumi.Resource, error) {
	node, granted, err := b.newRole(role{name: "nodes", trust: assumedBy("ec2.amazonaws.com"), managed: nodePolicies})
	if err != nil {
		return nil, err
	}
	var pools []pulumi.Resource
	for _, pool := range b.spec.NodePools {
		if pool.MaxNodes == 0 {
			continue
		}
		one, err := b.newNodePool(pool, plane, net, key, node, append(granted, after...))
		if err != nil {
			return nil, fmt.Errorf("creating node pool %s: %w", pool.Name, err)
		}
		pools = append(pools, one)
	}
	return pools, nil
}

// newNodePool leaves the number of nodes to the autoscaler.
func (b *builder) newNodePool(
	pool cluster.NodePool, plane *awseks.Cluster, net *network, key *kms.Key, node *iam.Role, after []pulumi.Resource,
) (*awseks.NodeGroup, error) {
	template, err := b.newLaunchTemplate(pool, key)
	if err != nil {
		return nil, err
	}
	labels, taints := b.marks(pool)
	return awseks.NewNodeGroup(b.ctx, b.name+"-pool-"+pool.Name, &awseks.NodeGroupArgs{
		ClusterName:   plane.Name,
		NodeGroupName: pulumi.String(b.spec.NamePool(pool)),
		NodeRoleArn:   node.Arn,
		SubnetIds:     net.private,
		Version:       pulumi.String(b.spec.KubernetesVersion),
		AmiType:       pulumi.String("AL2023_x86_64_STANDARD"),
		CapacityType:  pulumi.String(capacity[pool.Spot]),
		InstanceTypes: pulumi.ToStringArray(pool.MachineTypes),
		LaunchTemplate: &awseks.NodeGroupLaunchTemplateArgs{
			Id: template.ID(), Version: pulumi.Sprintf("%d", template.LatestVersion),
		},
		ScalingConfig: &awseks.NodeGroupScalingConfigArgs{
			MinSize:     pulumi.Int(pool.MinNodes),
			MaxSize:     pulumi.Int(pool.MaxNodes),
			DesiredSize: pulumi.Int(pool.MinNodes),
		},
		UpdateConfig:     &awseks.NodeGroupUpdateConfigArgs{MaxUnavailable: pulumi.Int(1)},
		NodeRepairConfig: &awseks.NodeGroupNodeRepairConfigArgs{Enabled: pulumi.Bool(true)},
		Labels:           labels,
		Taints:           taints,
	}, b.child(pulumi.DependsOn(after), pulumi.IgnoreChanges([]string{"scalingConfig.desiredSize"}))...)
}

// rootDevice is that of Amazon Linux.
const rootDevice = "/dev/xvda"

func (b *builder) newLaunchTemplate(pool cluster.NodePool, key *kms.Key) (*ec2.LaunchTemplate, error) {
	return ec2.NewLaunchTemplate(b.ctx, b.name+"-template-"+pool.Name, &ec2.LaunchTemplateArgs{
		Name: pulumi.String(b.spec.Name + "-" + b.spec.NamePool(pool)),
		// Version 1 of the metadata service hands the node's credentials to whoever makes it ask; one hop keeps pods out.
		MetadataOptions: &ec2.LaunchTemplateMetadataOptionsArgs{
			HttpTokens:              pulumi.String("required"),
			HttpPutResponseHopLimit: pulumi.Int(1),
		},
		BlockDeviceMappings: ec2.LaunchTemplateBlockDeviceMappingArray{&ec2.LaunchTemplateBlockDeviceMappingArgs{
			DeviceName: pulumi.String(rootDevice),
			Ebs: &ec2.LaunchTemplateBlockDeviceMappingEbsArgs{
				VolumeType:          pulumi.String("gp3"),
				VolumeSize:          pulumi.Int(pool.Disk()),
				Encrypted:           pulumi.String("true"),
				KmsKeyId:            key.Arn,
				DeleteOnTermination: pulumi.String("true"),
			},
		}},
		UserData: pulumi.String(userData()),
		TagSpecifications: ec2.LaunchTemplateTagSpecificationArray{&ec2.LaunchTemplateTagSpecificationArgs{
			ResourceType: pulumi.String("instance"),
			Tags:         b.named(pool.Name),
		}},
	}, b.child()...)
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
