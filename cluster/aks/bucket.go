package aks

import (
	"fmt"
	"sync"

	storage "github.com/pulumi/pulumi-azure-native-sdk/storage/v2/v20230501"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
)

// newBucket returns the builder of buckets, which are containers of one storage account. It comes with the first of
// them, and keeps what was deleted as long as that one wants: the buckets of an environment have one configuration.
func (b *builder) newBucket(keys *encryption) cluster.BucketBuilder {
	var once sync.Once
	var account *storageAccount
	var failed error
	return func(
		ctx *pulumi.Context, args *cluster.BucketArgs, opts ...pulumi.ResourceOption,
	) (*cluster.Bucket, error) {
		once.Do(func() { account, failed = b.newStorageAccount(keys, args.BucketSpec) })
		if failed != nil {
			return nil, failed
		}
		logical, physical := fmt.Sprintf("%s-bucket-%s", b.name, args.Base), b.spec.NameBucket(args.Base)
		container, err := storage.NewBlobContainer(ctx, logical, &storage.BlobContainerArgs{
			ContainerName: pulumi.String(physical), AccountName: account.Name, ResourceGroupName: b.group,
			PublicAccess: storage.PublicAccessNone,
		}, append(b.kept(), opts...)...)
		if err != nil {
			return nil, fmt.Errorf("creating container %s: %w", args.Base, err)
		}
		made := &cluster.Bucket{
			Name: physical, Endpoint: fmt.Sprintf("https://%s.blob.core.windows.net", account.name),
			Ready: append([]pulumi.Resource{container}, account.ready...),
		}
		if args.Owner == nil {
			return made, nil
		}
		owner := principal{"owner of " + physical, "ServicePrincipal", args.Owner.Principal}
		access, err := b.newGrant(logical+"-owner", owner, blobContributor,
			scope{account.name + "/" + physical, container.ID().ToStringOutput()}, opts...)
		if err != nil {
			return nil, err
		}
		made.Ready = append(made.Ready, access)
		return made, nil
	}
}
