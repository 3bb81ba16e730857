package eks

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ec2"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kms"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// rootDevice is the root device of Amazon Linux.
const rootDevice = "/dev/xvda"

func (b *builder) newLaunchTemplate(group nodeGroup, key *kms.Key) (*ec2.LaunchTemplate, error) {
	return ec2.NewLaunchTemplate(b.ctx, b.logical("template", group), &ec2.LaunchTemplateArgs{
		Name: pulumi.String(b.spec.Name + "-" + b.spec.NamePoolIn(group.zone, group.pool)),
		// Version 1 of the metadata service returns the node's credentials to any process that can send it a request. A limit
		// of one hop keeps pods out.
		MetadataOptions: &ec2.LaunchTemplateMetadataOptionsArgs{
			HttpTokens:              pulumi.String("required"),
			HttpPutResponseHopLimit: pulumi.Int(1),
		},
		BlockDeviceMappings: ec2.LaunchTemplateBlockDeviceMappingArray{&ec2.LaunchTemplateBlockDeviceMappingArgs{
			DeviceName: pulumi.String(rootDevice),
			Ebs: &ec2.LaunchTemplateBlockDeviceMappingEbsArgs{
				VolumeType:          pulumi.String("gp3"),
				VolumeSize:          pulumi.Int(group.pool.Disk()),
				Encrypted:           pulumi.String("true"),
				KmsKeyId:            key.Arn,
				DeleteOnTermination: pulumi.String("true"),
			},
		}},
		UserData: pulumi.String(userData()),
		TagSpecifications: ec2.LaunchTemplateTagSpecificationArray{&ec2.LaunchTemplateTagSpecificationArgs{
			ResourceType: pulumi.String("instance"),
			Tags:         b.named(group.pool.Name),
		}},
	}, b.child()...)
}
