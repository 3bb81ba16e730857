package objects_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/data/objects"
	"github.com/dreamseed/platform/data/store"
	"github.com/dreamseed/platform/internal/mocktest"
)

// cloud keeps buckets, and remembers what was asked of it.
type cloud struct {
	wanted map[string]*cluster.BucketArgs
}

func (c *cloud) cluster() *cluster.Cluster {
	return &cluster.Cluster{NewBucket: func(
		ctx *pulumi.Context, args *cluster.BucketArgs, _ ...pulumi.ResourceOption,
	) (*cluster.Bucket, error) {
		c.wanted[args.Base] = args
		bucket := &pulumi.CustomResourceState{}
		err := ctx.RegisterResource("test:index:Bucket", args.Base, nil, bucket)
		return &cluster.Bucket{
			Name: "there-" + args.Base, Endpoint: "https://buckets.test", Ready: []pulumi.Resource{bucket},
		}, err
	}}
}

// managed registers the buckets of the services, and returns how these reach them.
func managed(t *testing.T) (store.Connections, *cloud) {
	t.Helper()
	of := &cloud{wanted: map[string]*cluster.BucketArgs{}}
	var made *objects.Objects
	mocktest.Run(t, func(ctx *pulumi.Context) error {
		var err error
		made, err = objects.NewManaged(ctx, "objects", &objects.ManagedArgs{
			Spec: objects.Default(store.Managed), Environment: args().Environment, Cluster: of.cluster(),
			Identities: map[string]*cluster.Identity{"content": {}, "user": {}},
		})
		return err
	})
	return made.Connections, of
}

func TestEachBucketIsOfItsService(t *testing.T) {
	_, of := managed(t)
	require.Contains(t, of.wanted, "user-avatars")
	assert.Equal(t, 30, of.wanted["user-avatars"].RetentionDays)
	assert.NotNil(t, of.wanted["user-avatars"].Owner)
	assert.NotSame(t, of.wanted["user-avatars"].Owner, of.wanted["content-media"].Owner)
}

// The cloud knows a pod by its identity. The file says where the buckets are, and there is no key.
func TestAServiceOfACloudFindsNoKey(t *testing.T) {
	connections, _ := managed(t)
	assert.Empty(t, connections["user"].Files)
	assert.Equal(t, map[string]string{"OBJECT_STORAGE_ENDPOINT": "https://buckets.test"}, connections["user"].Plain)
	assert.NotContains(t, connections, "auth", "it declares no bucket")
}

func TestAServiceStartsOnceItsBucketsAreThere(t *testing.T) {
	connections, _ := managed(t)
	assert.Len(t, connections["user"].Ready, 2)
}
