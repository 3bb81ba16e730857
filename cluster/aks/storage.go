package aks

import (
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
)

// newStorage makes volumes that are encrypted with the environment's key and reached from every zone: a node pool
// spreads over the zones, and the node that it grows by need not be where a volume is
// (https://learn.microsoft.com/azure/aks/azure-csi-disk-storage-provision).
func (b *builder) newStorage(provider *kubernetes.Provider, keys *encryption) (pulumi.Resource, error) {
	return cluster.NewStorageClass(b.ctx, b.name+"-storage", &cluster.StorageClassArgs{
		Provisioner: "disk.csi.azure.com",
		Parameters: pulumi.StringMap{
			"skuName":             pulumi.String("Premium_ZRS"),
			"diskEncryptionSetID": keys.disks.ID().ToStringOutput(),
			// No link hands out a copy of the disk.
			"networkAccessPolicy": pulumi.String("DenyAll"),
		},
	}, pulumi.Parent(b), pulumi.Provider(provider))
}
