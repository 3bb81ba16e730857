package aws

import "github.com/dreamseed/platform/internal/sandbox/standin"

// buckets has the buckets of S3, and what is set up for each.
func buckets() map[string]standin.Resource {
	return map[string]standin.Resource{
		"aws:s3/bucketV2:BucketV2": {
			Source:   page("s3_bucket"),
			Inputs:   []string{"bucket", "forceDestroy"},
			Replaces: []string{"bucket"},
			ID:       standin.Text("{bucket}"),
			Outputs:  map[string]standin.Value{"arn": standin.Text("arn:aws:s3:::{bucket}")},
		},
		"aws:s3/bucketVersioningV2:BucketVersioningV2": ofBucket("s3_bucket_versioning",
			"versioningConfiguration.status"),
		"aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2": ofBucket(
			"s3_bucket_server_side_encryption_configuration",
			"rules.bucketKeyEnabled", "rules.applyServerSideEncryptionByDefault.sseAlgorithm",
			"rules.applyServerSideEncryptionByDefault.kmsMasterKeyId"),
		"aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": ofBucket("s3_bucket_public_access_block",
			"blockPublicAcls", "blockPublicPolicy", "ignorePublicAcls", "restrictPublicBuckets"),
		"aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2": ofBucket(
			"s3_bucket_lifecycle_configuration",
			"rules.id", "rules.status", "rules.filter.prefix", "rules.noncurrentVersionExpiration.noncurrentDays",
			"rules.abortIncompleteMultipartUpload.daysAfterInitiation"),
	}
}

// ofBucket is a part of a bucket that has a resource of its own.
func ofBucket(documented string, inputs ...string) standin.Resource {
	return standin.Resource{
		Source: page(documented), Inputs: append([]string{"bucket"}, inputs...), Required: []string{"bucket"},
		Replaces: []string{"bucket"}, ID: standin.Text("{bucket}"),
	}
}
