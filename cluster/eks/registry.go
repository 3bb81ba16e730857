package eks

import (
	"encoding/json"
	"fmt"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/ecr"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kms"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// untaggedDays is the retention of untagged images. A release is tagged, so a rollback finds it.
const untaggedDays = 30

// registry returns the registry of the environment's images.
func (b *builder) registry() string {
	return fmt.Sprintf("%s.dkr.ecr.%s.amazonaws.com/%s", b.spec.Account, b.spec.Region, b.spec.Name)
}

// newRegistry creates a repository per image, as ECR requires. Tags are immutable.
func (b *builder) newRegistry(key *kms.Key) error {
	for _, image := range b.spec.Images {
		repository, err := ecr.NewRepository(b.ctx, b.name+"-registry-"+image, &ecr.RepositoryArgs{
			Name:                       pulumi.String(b.spec.Name + "/" + image),
			ImageTagMutability:         pulumi.String("IMMUTABLE"),
			ImageScanningConfiguration: &ecr.RepositoryImageScanningConfigurationArgs{ScanOnPush: pulumi.Bool(true)},
			EncryptionConfigurations: ecr.RepositoryEncryptionConfigurationArray{
				&ecr.RepositoryEncryptionConfigurationArgs{EncryptionType: pulumi.String("KMS"), KmsKey: key.Arn},
			},
		}, b.kept()...)
		if err != nil {
			return fmt.Errorf("creating the repository of %s: %w", image, err)
		}
		_, err = ecr.NewLifecyclePolicy(b.ctx, b.name+"-registry-"+image+"-lifecycle", &ecr.LifecyclePolicyArgs{
			Repository: repository.Name, Policy: lifecycle(),
		}, b.child()...)
		if err != nil {
			return fmt.Errorf("bounding the repository of %s: %w", image, err)
		}
	}
	return nil
}

// lifecycle deletes untagged images
// (https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html).
func lifecycle() pulumi.String {
	// Maps and lists of strings and numbers cannot fail to encode.
	encoded, _ := json.Marshal(map[string]any{"rules": []any{map[string]any{
		"rulePriority": 1,
		"description":  "Images that no tag names",
		"selection": map[string]any{
			"tagStatus": "untagged", "countType": "sinceImagePushed", "countUnit": "days", "countNumber": untaggedDays,
		},
		"action": map[string]any{"type": "expire"},
	}}})
	return pulumi.String(encoded)
}
