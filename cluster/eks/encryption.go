package eks

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kms"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// deletionDays is how long a deleted key can still be saved: the longest that AWS offers.
const deletionDays = 30

// useOfKey is what encrypting and decrypting takes.
var useOfKey = []string{"kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"}

// newKey is the key of the environment: of Kubernetes secrets, of disks, of images. It rotates once a year.
func (b *builder) newKey() (*kms.Key, error) {
	key, err := kms.NewKey(b.ctx, b.name+"-key", &kms.KeyArgs{
		Description:          pulumi.String("Cluster " + b.spec.Name),
		EnableKeyRotation:    pulumi.Bool(true),
		DeletionWindowInDays: pulumi.Int(deletionDays),
		Policy:               b.keyPolicy(),
		Tags:                 b.named("key"),
	}, b.kept()...)
	if err != nil {
		return nil, fmt.Errorf("creating the key: %w", err)
	}
	_, err = kms.NewAlias(b.ctx, b.name+"-key-alias", &kms.AliasArgs{
		Name: pulumi.String("alias/" + b.spec.Name), TargetKeyId: key.KeyId,
	}, b.child...)
	if err != nil {
		return nil, fmt.Errorf("naming the key: %w", err)
	}
	return key, nil
}

// keyPolicy leaves the key to the account's own access management, and lets the service that starts nodes use it for
// their disks (https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html).
func (b *builder) keyPolicy() pulumi.String {
	account := "arn:aws:iam::" + b.spec.Account
	autoscaling := map[string]string{
		"AWS": account + ":role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling",
	}
	return policyOf(
		statement{
			Principal: map[string]string{"AWS": account + ":root"},
			Action:    []string{"kms:*"},
			Resource:  []string{everything},
		},
		statement{Principal: autoscaling, Action: useOfKey, Resource: []string{everything}},
		statement{
			Principal: autoscaling,
			Action:    []string{"kms:CreateGrant"},
			Resource:  []string{everything},
			Condition: map[string]map[string]string{"Bool": {"kms:GrantIsForAWSResource": "true"}},
		},
	)
}
