package gke

import (
	"fmt"
	"strings"
	"sync"

	"github.com/pulumi/pulumi-gcp/sdk/v7/go/gcp/storage"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
)

const (
	// storageEndpoint serves the JSON and the XML API.
	storageEndpoint = "https://storage.googleapis.com"
	// ownerRole is for the objects of a bucket. It neither changes the bucket nor says who else may use it
	// (https://cloud.google.com/storage/docs/access-control/iam-roles).
	ownerRole = "roles/storage.objectUser"
	// softDeletionSeconds is how long an object, and the bucket, can be brought back after the last version is gone: seven
	// days, the least that Google knows (https://cloud.google.com/storage/docs/soft-delete).
	softDeletionSeconds = 7 * 24 * 60 * 60
)

// newBucket returns the builder of buckets of Cloud Storage.
func (b *builder) newBucket(keys *encryption, number pulumi.StringOutput) cluster.BucketBuilder {
	granted := sync.OnceValues(func() (pulumi.Resource, error) { return b.newBucketKeyGrant(keys, number) })
	return func(
		ctx *pulumi.Context, args *cluster.BucketArgs, opts ...pulumi.ResourceOption,
	) (*cluster.Bucket, error) {
		grant, err := granted()
		if err != nil {
			return nil, err
		}
		logical, physical := fmt.Sprintf("%s-bucket-%s", b.name, args.Base), b.spec.NameBucket(args.Base)
		bucket, err := storage.NewBucket(ctx, logical, b.bucketArgs(physical, keys, args.BucketSpec),
			append(b.kept(pulumi.DependsOn([]pulumi.Resource{grant})), opts...)...)
		if err != nil {
			return nil, fmt.Errorf("creating bucket %s: %w", args.Base, err)
		}
		made := &cluster.Bucket{Name: physical, Endpoint: storageEndpoint, Ready: []pulumi.Resource{bucket}}
		if args.Owner == nil {
			return made, nil
		}
		access, err := storage.NewBucketIAMMember(ctx, logical+"-owner", &storage.BucketIAMMemberArgs{
			Bucket: bucket.Name, Role: pulumi.String(ownerRole), Member: args.Owner.Principal,
		}, append(b.child(), opts...)...)
		if err != nil {
			return nil, fmt.Errorf("granting the owner bucket %s: %w", args.Base, err)
		}
		made.Ready = append(made.Ready, access)
		return made, nil
	}
}

// bucketArgs has the location in capitals, as Google answers it: in small letters each refresh would find another one,
// and another location replaces the bucket.
func (b *builder) bucketArgs(name string, keys *encryption, spec cluster.BucketSpec) *storage.BucketArgs {
	return &storage.BucketArgs{
		Name:                     pulumi.String(name),
		Location:                 pulumi.String(strings.ToUpper(b.spec.Region)),
		StorageClass:             pulumi.String("STANDARD"),
		UniformBucketLevelAccess: pulumi.Bool(true),
		PublicAccessPrevention:   pulumi.String("enforced"),
		ForceDestroy:             pulumi.Bool(false),
		Encryption:               &storage.BucketEncryptionArgs{DefaultKmsKeyName: keys.key.ID()},
		Versioning:               &storage.BucketVersioningArgs{Enabled: pulumi.Bool(true)},
		SoftDeletePolicy: &storage.BucketSoftDeletePolicyArgs{
			RetentionDurationSeconds: pulumi.Int(softDeletionSeconds),
		},
		LifecycleRules: storage.BucketLifecycleRuleArray{
			lifecycleRule("Delete", storage.BucketLifecycleRuleConditionArgs{
				DaysSinceNoncurrentTime: pulumi.Int(spec.RetentionDays),
			}),
			lifecycleRule("AbortIncompleteMultipartUpload", storage.BucketLifecycleRuleConditionArgs{Age: pulumi.Int(1)}),
		},
	}
}

func lifecycleRule(action string, condition storage.BucketLifecycleRuleConditionArgs) storage.BucketLifecycleRuleArgs {
	return storage.BucketLifecycleRuleArgs{
		Action: storage.BucketLifecycleRuleActionArgs{Type: pulumi.String(action)}, Condition: condition,
	}
}

// newBucketKeyGrant lets the service agent of Cloud Storage use the environment's key
// (https://cloud.google.com/storage/docs/encryption/using-customer-managed-keys).
func (b *builder) newBucketKeyGrant(keys *encryption, number pulumi.StringOutput) (pulumi.Resource, error) {
	grant, err := b.newKeyGrant(b.name+"-buckets-key", keys.key, number, "gs-project-accounts")
	if err != nil {
		return nil, fmt.Errorf("granting the buckets the use of the key: %w", err)
	}
	return grant, nil
}
