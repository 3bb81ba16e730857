package eks

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/iam"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/kms"
	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws/s3"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
)

// newBucket returns the builder of buckets of S3.
func (b *builder) newBucket(key *kms.Key) cluster.BucketBuilder {
	return func(
		ctx *pulumi.Context, args *cluster.BucketArgs, opts ...pulumi.ResourceOption,
	) (*cluster.Bucket, error) {
		logical, physical := fmt.Sprintf("%s-bucket-%s", b.name, args.Base), b.spec.NameBucket(args.Base)
		bucket, err := s3.NewBucketV2(ctx, logical, &s3.BucketV2Args{
			Bucket: pulumi.String(physical), ForceDestroy: pulumi.Bool(false),
		}, append(b.kept(), opts...)...)
		if err != nil {
			return nil, fmt.Errorf("creating bucket %s: %w", args.Base, err)
		}
		ready, err := b.newBucketSettings(ctx, logical, bucket, args.BucketSpec, key, opts...)
		if err != nil {
			return nil, fmt.Errorf("setting up bucket %s: %w", args.Base, err)
		}
		made := &cluster.Bucket{
			Name: physical, Endpoint: fmt.Sprintf("https://s3.%s.amazonaws.com", b.spec.Region), Ready: ready,
		}
		if args.Owner == nil {
			return made, nil
		}
		access, err := iam.NewRolePolicy(ctx, logical+"-owner", &iam.RolePolicyArgs{
			Name: pulumi.String("bucket-" + args.Base), Role: roleOf(args.Owner), Policy: b.ownerPolicy(physical, key),
		}, append(b.child(), opts...)...)
		if err != nil {
			return nil, fmt.Errorf("granting the owner bucket %s: %w", args.Base, err)
		}
		made.Ready = append(made.Ready, access)
		return made, nil
	}
}

// newBucketSettings keeps former versions of objects for some days, encrypts with the environment's key, and refuses
// whatever would make an object public.
func (b *builder) newBucketSettings(
	ctx *pulumi.Context, name string, bucket *s3.BucketV2, spec cluster.BucketSpec, key *kms.Key,
	opts ...pulumi.ResourceOption,
) ([]pulumi.Resource, error) {
	opts = append(b.child(pulumi.DeletedWith(bucket)), opts...)
	private, err := s3.NewBucketPublicAccessBlock(ctx, name+"-private", &s3.BucketPublicAccessBlockArgs{
		Bucket:          bucket.ID(),
		BlockPublicAcls: pulumi.Bool(true), IgnorePublicAcls: pulumi.Bool(true),
		BlockPublicPolicy: pulumi.Bool(true), RestrictPublicBuckets: pulumi.Bool(true),
	}, opts...)
	if err != nil {
		return nil, err
	}
	encrypted, err := s3.NewBucketServerSideEncryptionConfigurationV2(ctx, name+"-encryption",
		bucketEncryption(bucket, key), opts...)
	if err != nil {
		return nil, err
	}
	versioned, err := s3.NewBucketVersioningV2(ctx, name+"-versions", &s3.BucketVersioningV2Args{
		Bucket: bucket.ID(),
		VersioningConfiguration: s3.BucketVersioningV2VersioningConfigurationArgs{
			Status: pulumi.String("Enabled"),
		},
	}, opts...)
	if err != nil {
		return nil, err
	}
	// S3 takes rules about former versions once it keeps some.
	lifecycle, err := s3.NewBucketLifecycleConfigurationV2(ctx, name+"-lifecycle", bucketLifecycle(bucket, spec),
		append(opts, pulumi.DependsOn([]pulumi.Resource{versioned}))...)
	if err != nil {
		return nil, err
	}
	return []pulumi.Resource{bucket, private, encrypted, versioned, lifecycle}, nil
}

// bucketEncryption has a key of the bucket itself, so that S3 does not ask KMS for each object
// (https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucket-key.html).
func bucketEncryption(bucket *s3.BucketV2, key *kms.Key) *s3.BucketServerSideEncryptionConfigurationV2Args {
	return &s3.BucketServerSideEncryptionConfigurationV2Args{
		Bucket: bucket.ID(),
		Rules: s3.BucketServerSideEncryptionConfigurationV2RuleArray{
			s3.BucketServerSideEncryptionConfigurationV2RuleArgs{
				BucketKeyEnabled: pulumi.Bool(true),
				ApplyServerSideEncryptionByDefault: s3.
					BucketServerSideEncryptionConfigurationV2RuleApplyServerSideEncryptionByDefaultArgs{
					SseAlgorithm: pulumi.String("aws:kms"), KmsMasterKeyId: key.Arn,
				},
			},
		},
	}
}

// bucketLifecycle deletes former versions after some days, and what is left of uploads that never ended.
func bucketLifecycle(bucket *s3.BucketV2, spec cluster.BucketSpec) *s3.BucketLifecycleConfigurationV2Args {
	return &s3.BucketLifecycleConfigurationV2Args{
		Bucket: bucket.ID(),
		Rules: s3.BucketLifecycleConfigurationV2RuleArray{s3.BucketLifecycleConfigurationV2RuleArgs{
			Id: pulumi.String("former-versions"), Status: pulumi.String("Enabled"),
			Filter: s3.BucketLifecycleConfigurationV2RuleFilterArgs{Prefix: pulumi.String("")},
			NoncurrentVersionExpiration: s3.BucketLifecycleConfigurationV2RuleNoncurrentVersionExpirationArgs{
				NoncurrentDays: pulumi.Int(spec.RetentionDays),
			},
			AbortIncompleteMultipartUpload: s3.BucketLifecycleConfigurationV2RuleAbortIncompleteMultipartUploadArgs{
				DaysAfterInitiation: pulumi.Int(1),
			},
		}},
	}
}

// ownerPolicy is for the objects of a bucket, and leaves their former versions alone
// (https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html).
func (b *builder) ownerPolicy(bucket string, key *kms.Key) pulumi.StringOutput {
	arn := "arn:aws:s3:::" + bucket
	return key.Arn.ApplyT(func(keyARN string) string {
		return string(policyOf(
			statement{Action: []string{"s3:ListBucket", "s3:ListBucketMultipartUploads"}, Resource: []string{arn}},
			statement{
				Action: []string{
					"s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:GetObjectTagging", "s3:PutObjectTagging",
					"s3:AbortMultipartUpload", "s3:ListMultipartUploadParts",
				},
				Resource: []string{arn + "/*"},
			},
			statement{
				Action: []string{"kms:Decrypt", "kms:GenerateDataKey"}, Resource: []string{keyARN},
				Condition: map[string]map[string]string{"StringEquals": {
					"kms:ViaService": fmt.Sprintf("s3.%s.amazonaws.com", b.spec.Region),
				}},
			},
		))
	}).(pulumi.StringOutput)
}

// roleOf returns the name of an identity's role, with which its ARN ends.
func roleOf(owner *cluster.Identity) pulumi.StringOutput {
	return owner.Principal.ApplyT(func(arn string) string {
		return arn[strings.LastIndex(arn, "/")+1:]
	}).(pulumi.StringOutput)
}
