package eks_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/cluster/eks"
	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/internal/mocktest/buckettest"
	"github.com/dreamseed/platform/internal/sandbox/standin/aws"
)

const (
	bucketType = "aws:s3/bucketV2:BucketV2"
	ofAvatars  = "cluster-bucket-user-avatars"
)

func buckets(t *testing.T, spec *cluster.Spec) *buckettest.Buckets {
	t.Helper()
	return buckettest.Build(t, eks.New, spec, aws.Cloud())
}

func TestABucketIsFoundByItsOwner(t *testing.T) {
	built := buckets(t, production())
	assert.Equal(t, built.Avatars.Name, built.Get(t, bucketType, ofAvatars).At("bucket"))
	assert.Equal(t, "https://s3.eu-central-1.amazonaws.com", built.Avatars.Endpoint)
	assert.Len(t, built.Avatars.Ready, 6, "the bucket, its four settings and the right to it")
}

// The owner cannot delete a former version, and reaches no other bucket.
func TestABucketIsOfItsOwnerAlone(t *testing.T) {
	built := buckets(t, production())
	grant := built.Get(t, rolePolicyType, ofAvatars+"-owner")
	assert.Equal(t, built.Get(t, roleType, "user-role").At("name"), grant.At("role"))
	arn := "arn:aws:s3:::" + built.Avatars.Name
	allowed := statements(t, grant.At("policy"))
	assert.Equal(t, map[string]any{
		"Effect": "Allow", "Resource": []any{arn}, "Action": []any{"s3:ListBucket", "s3:ListBucketMultipartUploads"},
	}, allowed[0])
	assert.Equal(t, map[string]any{
		"Effect": "Allow", "Resource": []any{arn + "/*"}, "Action": []any{
			"s3:GetObject", "s3:PutObject", "s3:DeleteObject", "s3:GetObjectTagging", "s3:PutObjectTagging",
			"s3:AbortMultipartUpload", "s3:ListMultipartUploadParts",
		},
	}, allowed[1])
	assert.Equal(t, map[string]any{"StringEquals": map[string]any{"kms:ViaService": "s3.eu-central-1.amazonaws.com"}},
		allowed[2]["Condition"], "the key, for what is in a bucket")
	assert.NotContains(t, mocktest.Names(built.OfType(rolePolicyType)), "cluster-bucket-old-owner")
}

func TestABucketIsNeverPublic(t *testing.T) {
	private := buckets(t, production()).Get(t, "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
		ofAvatars+"-private")
	for _, setting := range []string{
		"blockPublicAcls", "ignorePublicAcls", "blockPublicPolicy", "restrictPublicBuckets",
	} {
		assert.Equal(t, true, private.At(setting), setting)
	}
}

func TestABucketKeepsWhatWasOverwrittenOrDeleted(t *testing.T) {
	built := buckets(t, production())
	versions := built.Get(t, "aws:s3/bucketVersioningV2:BucketVersioningV2", ofAvatars+"-versions")
	assert.Equal(t, "Enabled", versions.At("versioningConfiguration", "status"))
	rules := built.Get(t, "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2", ofAvatars+"-lifecycle")
	rules.AssertDependsOn(t, versions.Ref())
	assert.Equal(t, []any{map[string]any{
		"id": "former-versions", "status": "Enabled", "filter": map[string]any{"prefix": ""},
		"noncurrentVersionExpiration":    map[string]any{"noncurrentDays": buckettest.Days},
		"abortIncompleteMultipartUpload": map[string]any{"daysAfterInitiation": 1},
	}}, rules.At("rules"))
}

func TestABucketIsNotDeletedWithObjectsInIt(t *testing.T) {
	buckettest.AssertKeptWithObjects(t, bucketType, production(), buckets)
}

func TestABucketIsEncryptedWithTheEnvironmentsKey(t *testing.T) {
	built := buckets(t, production())
	encryption := built.Get(t, "aws:s3/bucketServerSideEncryptionConfigurationV2:"+
		"BucketServerSideEncryptionConfigurationV2", ofAvatars+"-encryption")
	assert.Equal(t, map[string]any{
		"bucketKeyEnabled": true,
		"applyServerSideEncryptionByDefault": map[string]any{
			"sseAlgorithm": "aws:kms",
			"kmsMasterKeyId": built.Get(t, "aws:ecr/repository:Repository", "cluster-registry-auth-service").At(
				"encryptionConfigurations", 0, "kmsKey"),
		},
	}, encryption.At("rules", 0))
}
