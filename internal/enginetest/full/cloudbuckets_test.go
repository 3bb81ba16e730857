package full

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/changes"
	"github.com/dreamseed/platform/internal/enginetest/testbed"
)

// bucketTypes are the types of the clouds' buckets, and grantTypes those of the services' rights to them.
var (
	bucketTypes = map[cluster.Cloud]string{
		cluster.GKE: "gcp:storage/bucket:Bucket",
		cluster.EKS: "aws:s3/bucketV2:BucketV2",
		cluster.AKS: "azure-native:storage/v20230501:BlobContainer",
	}
	grantTypes = map[cluster.Cloud]string{
		cluster.GKE: "gcp:storage/bucketIAMMember:BucketIAMMember",
		cluster.EKS: "aws:iam/rolePolicy:RolePolicy",
		cluster.AKS: "azure-native:authorization/v20220401:RoleAssignment",
	}
	// retentionTypes are the types of what says how long former versions stay.
	retentionTypes = map[cluster.Cloud]string{
		cluster.GKE: "gcp:storage/bucket:Bucket",
		cluster.EKS: "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2",
		cluster.AKS: "azure-native:storage/v20230501:ManagementPolicy",
	}
)

// bucketCount is the number of buckets that the catalogue declares.
const bucketCount = 4

// keptElsewhere is the section of an object storage that somebody else runs.
func keptElsewhere() section {
	return section{"mode": "external", "external": section{"cidr": "10.20.0.0/20", "port": 443}}
}

// withObjects has another section of the object storage.
func (p *production) withObjects(t *testing.T, objects section) func(testbed.Configuration) {
	t.Helper()
	return func(c testbed.Configuration) {
		p.onCloud(t, asDocumented)(c)
		c["dreamseed:data"].(section)["objects"] = objects
	}
}

// assertBucketsStay asserts that a run made no bucket, and took none away.
func (p *production) assertBucketsStay(t *testing.T, summary changes.Summary) {
	t.Helper()
	assert.Empty(t, testbed.Steps(summary, bucketTypes[p.cloud], apitype.OpCreate, apitype.OpReplace, apitype.OpDelete,
		apitype.OpCreateReplacement, apitype.OpDeleteReplaced))
}

// keepsItsBuckets has somebody else keep the objects for a while, and ends where it begins, but for the retention.
func (p *production) keepsItsBuckets(t *testing.T) {
	summary := p.Up(t, p.withObjects(t, keptElsewhere()))
	p.assertBucketsStay(t, summary)
	assert.Len(t, testbed.Steps(summary, grantTypes[p.cloud], apitype.OpDelete), bucketCount, "no service reaches them")

	summary = p.Up(t, p.withObjects(t, section{"mode": "managed", "managed": section{"retentionDays": 10}}))
	p.assertBucketsStay(t, summary)
	assert.Len(t, testbed.Steps(summary, grantTypes[p.cloud], apitype.OpCreate), bucketCount)
	assert.NotEmpty(t, testbed.Steps(summary, retentionTypes[p.cloud], apitype.OpUpdate), "another retention, in place")
	assert.Zero(t, p.Preview(t, testbed.WithState).Changes())
	status, err := p.Box.Status(t.Context())
	require.NoError(t, err)
	assert.True(t, status.RolledOut())
	p.refusesToRemoveABucket(t)
}

// refusesToRemoveABucket lets a bucket go: by the program as long as it is not let go, and then by its protection.
func (p *production) refusesToRemoveABucket(t *testing.T) {
	t.Helper()
	without := func(letGo ...any) func(testbed.Configuration) {
		return func(c testbed.Configuration) {
			p.onCloud(t, asDocumented)(c)
			testbed.Service(c, "user")["needs"] = section{"buckets": []any{}}
			c["dreamseed:data"].(section)["letGo"] = letGo
		}
	}
	_, output, err := p.TryPreview(t, without())
	require.Error(t, err, output)
	assert.Contains(t, err.Error(), `must declare user-avatars, as long as its data is there`)
	_, output, err = p.TryPreview(t, without("objects/user-avatars"))
	require.Error(t, err, output)
	assert.Contains(t, err.Error(), "protect")
}
