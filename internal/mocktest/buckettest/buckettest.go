// Package buckettest builds a cluster with buckets of its cloud.
package buckettest

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/internal/sandbox/standin"
)

// Days is the retention of the buckets, in days.
const Days = 20

// Buckets is a cluster with the bucket user-avatars, which service user owns, and the bucket old, which nobody does any
// more.
type Buckets struct {
	*mocktest.Recording

	Avatars, Old *cluster.Bucket
}

// AssertKeptWithObjects asserts that no bucket of a type goes with objects in it, and that it is protected while the
// cluster is. Built builds the buckets of a cluster.
func AssertKeptWithObjects(
	t *testing.T, ofType string, spec *cluster.Spec, built func(*testing.T, *cluster.Spec) *Buckets,
) {
	t.Helper()
	for _, protect := range []bool{true, false} {
		spec.Protect = protect
		for _, one := range built(t, spec).Each(t, ofType) {
			assert.Equal(t, protect, one.Protect)
			assert.Equal(t, false, one.At("forceDestroy"))
		}
	}
}

// Build builds the cluster and the buckets. The identity of user has the logical name user.
func Build(tb testing.TB, builder cluster.Builder, spec *cluster.Spec, clouds ...standin.Cloud) *Buckets {
	tb.Helper()
	require.NoError(tb, spec.Validate())
	made := &Buckets{}
	made.Recording = mocktest.Run(tb, func(ctx *pulumi.Context) error {
		target, err := builder(ctx, "cluster", spec)
		if err != nil {
			return err
		}
		owner, err := target.NewIdentity(ctx, "user", &cluster.IdentityArgs{
			Namespace: "dreamseed", ServiceAccount: "user-service",
		})
		if err != nil {
			return err
		}
		of := cluster.BucketSpec{RetentionDays: Days}
		made.Avatars, err = target.NewBucket(ctx, &cluster.BucketArgs{BucketSpec: of, Base: "user-avatars", Owner: owner})
		if err != nil {
			return err
		}
		made.Old, err = target.NewBucket(ctx, &cluster.BucketArgs{BucketSpec: of, Base: "old"})
		return err
	}, clouds...)
	return made
}
