package gke_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/cluster/gke"
	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/internal/mocktest/buckettest"
	"github.com/dreamseed/platform/internal/sandbox/standin/gcp"
)

const bucketType = "gcp:storage/bucket:Bucket"

func buckets(t *testing.T, spec *cluster.Spec) *buckettest.Buckets {
	t.Helper()
	return buckettest.Build(t, gke.New, spec, gcp.Cloud())
}

func avatars(t *testing.T, built *buckettest.Buckets) *mocktest.Resource {
	t.Helper()
	return built.Get(t, bucketType, "cluster-bucket-user-avatars")
}

func TestABucketIsFoundByItsOwner(t *testing.T) {
	built := buckets(t, production())
	assert.Equal(t, built.Avatars.Name, avatars(t, built).At("name"))
	assert.Equal(t, "https://storage.googleapis.com", built.Avatars.Endpoint)
	assert.Len(t, built.Avatars.Ready, 2, "the bucket and the right to it")
}

func TestABucketIsOfItsOwnerAlone(t *testing.T) {
	built := buckets(t, production())
	var grants []any
	for _, one := range built.Each(t, "gcp:storage/bucketIAMMember:BucketIAMMember") {
		grants = append(grants, []any{one.At("bucket"), one.At("role"), one.At("member")})
	}
	assert.Equal(t, []any{[]any{
		built.Avatars.Name, "roles/storage.objectUser",
		"serviceAccount:" + built.Get(t, "gcp:serviceaccount/account:Account", "user-account").At("accountId").(string) +
			"@dreamseed-project.iam.gserviceaccount.com",
	}}, grants, "and nobody has the one that no service declares any more")
}

func TestABucketIsNeverPublic(t *testing.T) {
	bucket := avatars(t, buckets(t, production()))
	assert.Equal(t, "enforced", bucket.At("publicAccessPrevention"))
	assert.Equal(t, true, bucket.At("uniformBucketLevelAccess"), "no object has an access list of its own")
}

func TestABucketKeepsWhatWasOverwrittenOrDeleted(t *testing.T) {
	bucket := avatars(t, buckets(t, production()))
	assert.Equal(t, map[string]any{"enabled": true}, bucket.At("versioning"))
	assert.Equal(t, []any{
		map[string]any{
			"action":    map[string]any{"type": "Delete"},
			"condition": map[string]any{"daysSinceNoncurrentTime": buckettest.Days},
		},
		map[string]any{
			"action": map[string]any{"type": "AbortIncompleteMultipartUpload"}, "condition": map[string]any{"age": 1},
		},
	}, bucket.At("lifecycleRules"))
	assert.Equal(t, 7*24*60*60, bucket.At("softDeletePolicy", "retentionDurationSeconds"), "and what was deleted for good")
}

func TestABucketIsNotDeletedWithObjectsInIt(t *testing.T) {
	buckettest.AssertKeptWithObjects(t, bucketType, production(), buckets)
}

func TestABucketIsEncryptedWithTheEnvironmentsKey(t *testing.T) {
	built := buckets(t, production())
	assert.Equal(t, key, avatars(t, built).At("encryption", "defaultKmsKeyName"))
	grant := built.Get(t, keyGrantType, "cluster-buckets-key")
	assert.Equal(t, "serviceAccount:service-123456789012@gs-project-accounts.iam.gserviceaccount.com", grant.At("member"))
	avatars(t, built).AssertDependsOn(t, grant.Ref())
}

// Google answers the location in capitals, and another location replaces a bucket.
func TestABucketsLocationIsWrittenAsGoogleAnswersIt(t *testing.T) {
	assert.Equal(t, "EUROPE-WEST4", avatars(t, buckets(t, production())).At("location"))
}
