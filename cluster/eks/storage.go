package eks

import (
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kms"
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
)

// newStorage creates the class of volumes that are encrypted with the environment's key
// (https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/parameters.md).
func (b *builder) newStorage(provider *kubernetes.Provider, key *kms.Key) (pulumi.Resource, error) {
	return cluster.NewStorageClass(b.ctx, b.name+"-storage", &cluster.StorageClassArgs{
		Provisioner: "ebs.csi.aws.com",
		Parameters: pulumi.StringMap{
			"type":      pulumi.String("gp3"),
			"encrypted": pulumi.String("true"),
			"kmsKeyId":  key.Arn,
		},
	}, pulumi.Parent(b), pulumi.Provider(provider))
}
