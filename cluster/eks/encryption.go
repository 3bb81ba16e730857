package eks

import (
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kms"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// deletionDays is the time in which a deleted key can be restored, the longest that AWS offers.
const deletionDays = 30

// useOfKey are the actions needed to encrypt and decrypt.
var useOfKey = []string{"kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"}

// keys are two, so that an identity that attaches disks cannot decrypt the control plane's secrets.
type keys struct {
	// secrets encrypts Kubernetes secrets in the control plane's database.
	secrets *kms.Key
	// data encrypts disks, volumes and images.
	data *kms.Key
}

func (b *builder) newKeys() (*keys, error) {
	secrets, err := b.newKey("secrets", b.accountDecides())
	if err != nil {
		return nil, err
	}
	data, err := b.newKey("data", append(b.nodesHaveDisks(), b.accountDecides())...)
	if err != nil {
		return nil, err
	}
	return &keys{secrets: secrets, data: data}, nil
}

// newKey creates a key that rotates once a year.
func (b *builder) newKey(of string, allowed ...statement) (*kms.Key, error) {
	key, err := kms.NewKey(b.ctx, b.name+"-"+of+"-key", &kms.KeyArgs{
		Description:          pulumi.String(fmt.Sprintf("The %s of cluster %s", of, b.spec.Name)),
		EnableKeyRotation:    pulumi.Bool(true),
		DeletionWindowInDays: pulumi.Int(deletionDays),
		Policy:               policyOf(allowed...),
		Tags:                 b.named(of),
	}, b.kept()...)
	if err != nil {
		return nil, fmt.Errorf("creating the key of the %s: %w", of, err)
	}
	_, err = kms.NewAlias(b.ctx, b.name+"-"+of+"-key-alias", &kms.AliasArgs{
		Name: pulumi.String("alias/" + b.spec.Name + "-" + of), TargetKeyId: key.KeyId,
	}, b.child()...)
	if err != nil {
		return nil, fmt.Errorf("naming the key of the %s: %w", of, err)
	}
	return key, nil
}

// accountDecides lets the account's IAM policies grant further use of a key
// (https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html).
func (b *builder) accountDecides() statement {
	return statement{
		Principal: map[string]string{"AWS": "arn:aws:iam::" + b.spec.Account + ":root"},
		Action:    []string{"kms:*"},
		Resource:  []string{everything},
	}
}

// nodesHaveDisks lets the service that launches nodes use a key for their disks
// (https://docs.aws.amazon.com/autoscaling/ec2/userguide/key-policy-requirements-EBS-encryption.html).
func (b *builder) nodesHaveDisks() []statement {
	autoscaling := map[string]string{"AWS": "arn:aws:iam::" + b.spec.Account +
		":role/aws-service-role/autoscaling.amazonaws.com/AWSServiceRoleForAutoScaling"}
	return []statement{
		{Principal: autoscaling, Action: useOfKey, Resource: []string{everything}},
		{
			Principal: autoscaling, Action: []string{"kms:CreateGrant"}, Resource: []string{everything},
			Condition: forAWSItself,
		},
	}
}

// forAWSItself restricts a grant to AWS services that act on the grantee's behalf.
var forAWSItself = map[string]map[string]string{"Bool": {"kms:GrantIsForAWSResource": "true"}}

// keyUsePolicy lets a role use a key, and let AWS use it for the role's resources.
func keyUsePolicy(key *kms.Key) pulumi.StringInput {
	return key.Arn.ApplyT(func(arn string) string {
		return string(policyOf(
			statement{Action: useOfKey, Resource: []string{arn}},
			statement{Action: []string{"kms:CreateGrant"}, Resource: []string{arn}, Condition: forAWSItself},
		))
	}).(pulumi.StringOutput)
}
