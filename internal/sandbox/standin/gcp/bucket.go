package gcp

import "github.com/dreamseed/platform/internal/sandbox/standin"

// buckets has the buckets of Cloud Storage. What replaces one is marked ForceNew in the provider's
// google/services/storage/resource_storage_bucket.go (v5.45.0).
func buckets() map[string]standin.Resource {
	return map[string]standin.Resource{
		"gcp:storage/bucket:Bucket": {
			Source: page("storage_bucket"),
			Inputs: []string{
				"name", "location", "storageClass", "uniformBucketLevelAccess", "publicAccessPrevention", "forceDestroy",
				"encryption.defaultKmsKeyName", "versioning.enabled", "softDeletePolicy.retentionDurationSeconds",
				"lifecycleRules.action.type", "lifecycleRules.condition.daysSinceNoncurrentTime",
				"lifecycleRules.condition.age",
			},
			Required: []string{
				"name", "location", "encryption.defaultKmsKeyName", "versioning.enabled", "lifecycleRules.action",
				"lifecycleRules.action.type", "lifecycleRules.condition",
			},
			Replaces: []string{"name", "location"},
			ID:       standin.Text("{name}"),
			Outputs:  map[string]standin.Value{"url": standin.Text("gs://{name}")},
		},
		"gcp:storage/bucketIAMMember:BucketIAMMember": {
			Source:   page("storage_bucket_iam"),
			Inputs:   []string{"bucket", "role", "member"},
			Required: []string{"bucket", "role", "member"},
			Replaces: []string{"bucket", "role", "member"},
			ID:       standin.Text("b/{bucket}/{role}/{member}"),
		},
	}
}
