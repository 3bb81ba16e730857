package cluster

import (
	"fmt"

	storagev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/storage/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/kube"
)

// EncryptedStorageClass is the name of the storage class that the clouds' Builders create.
const EncryptedStorageClass = "dreamseed-encrypted"

// StorageClassArgs describes the provisioner of volumes and their encryption.
type StorageClassArgs struct {
	// Provisioner is the name of the CSI driver.
	Provisioner string
	// Parameters are specific to the driver. A change replaces the class; existing volumes stay as they are.
	Parameters pulumi.StringMap
}

// NewStorageClass registers the class for volumes that hold data: provisioned once the zone of their pod is known,
// and retained when their claim is deleted.
func NewStorageClass(
	ctx *pulumi.Context, name string, args *StorageClassArgs, opts ...pulumi.ResourceOption,
) (*storagev1.StorageClass, error) {
	class, err := storagev1.NewStorageClass(ctx, name, &storagev1.StorageClassArgs{
		Metadata:             kube.Metadata("", EncryptedStorageClass, kube.Labels()),
		Provisioner:          pulumi.String(args.Provisioner),
		Parameters:           args.Parameters,
		VolumeBindingMode:    pulumi.String("WaitForFirstConsumer"),
		ReclaimPolicy:        pulumi.String("Retain"),
		AllowVolumeExpansion: pulumi.Bool(true),
	}, opts...)
	if err != nil {
		return nil, fmt.Errorf("creating storage class %s: %w", EncryptedStorageClass, err)
	}
	return class, nil
}
