package cluster

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/invalid"
	"github.com/dreamseed/platform/internal/naming"
)

// BucketSpec describes how the cloud keeps the buckets of an environment.
type BucketSpec struct {
	// RetentionDays is for how many days an object that was overwritten or deleted can be brought back. Default 30. A
	// change applies to what is there: fewer days delete within a day what is older.
	RetentionDays int `json:"retentionDays"`
}

// DefaultBucket returns the defaults of a bucket.
func DefaultBucket() BucketSpec { return BucketSpec{RetentionDays: 30} }

// BucketArgs describes a bucket to its builder.
type BucketArgs struct {
	BucketSpec
	// Base is the name of the bucket in the environment, such as user-avatars.
	Base string
	// Owner reads, writes, lists and deletes the objects, and nobody else does. Nil for a bucket that no service declares
	// any more.
	Owner *Identity
}

// Bucket is a bucket that the cloud keeps.
type Bucket struct {
	// Name is its name in the cloud, which the owner's client needs.
	Name string
	// Endpoint is the URL of the cloud's object storage.
	Endpoint string
	// Ready lists what must be complete before the owner uses it.
	Ready []pulumi.Resource
}

// BucketBuilder registers a bucket. It keeps former versions of its objects and is never public. It is protected while
// the cluster is; without protection a cloud refuses to delete it with objects in it, or can restore it for some days.
type BucketBuilder func(ctx *pulumi.Context, args *BucketArgs, opts ...pulumi.ResourceOption) (*Bucket, error)

// bucketName is the naming rule of buckets, which share one namespace with those of everybody else
// (https://cloud.google.com/storage/docs/buckets#naming).
var bucketName = naming.Rule{Length: 63, Separator: "-", HashLength: 8}

// NameBucket returns the physical name of a bucket. It ends in a hash of what cannot be changed in place, and does not
// depend on the cluster's network: another cluster in the same place finds its objects again.
func (s *Spec) NameBucket(base string) string {
	return bucketName.WithHash(s.Name+"-"+base, map[string]string{
		"cloud": string(s.Cloud), "account": s.Account, "region": s.Region,
	})
}

// keepingBuckets lists the clouds that keep buckets for a cluster.
var keepingBuckets = map[Cloud]bool{GKE: true, EKS: true, AKS: true}

// CanKeepBuckets reports whether the cloud keeps buckets for a cluster. One that does not exist is another mistake.
func (c Cloud) CanKeepBuckets() bool { return keepingBuckets[c] || !c.known() }

// Bounds of RetentionDays. Azure keeps what was deleted for a year at most
// (https://learn.microsoft.com/azure/storage/blobs/soft-delete-blob-overview).
const (
	leastBucketDays = 1
	mostBucketDays  = 365
)

// Validate adds the mistakes of the buckets, whose section has this key, to the problems.
func (b BucketSpec) Validate(key string, problems *invalid.Problems) {
	if b.RetentionDays < leastBucketDays || b.RetentionDays > mostBucketDays {
		problems.Add(key+".retentionDays", b.RetentionDays, "must be %d to %d", leastBucketDays, mostBucketDays)
	}
}
