package aks

import (
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
)

// newStorage creates the class of volumes that are encrypted with the environment's key and reachable from every zone:
// a node pool spans the zones, and a new node need not be in the zone of the volume
// (https://learn.microsoft.com/azure/aks/azure-csi-disk-storage-provision).
func (b *builder) newStorage(provider *kubernetes.Provider, keys *encryption) (pulumi.Resource, error) {
	return cluster.NewStorageClass(b.ctx, b.name+"-storage", &cluster.StorageClassArgs{
		Provisioner: "disk.csi.azure.com",
		Parameters: pulumi.StringMap{
			"skuName":             pulumi.String("Premium_ZRS"),
			"diskEncryptionSetID": keys.disks.ID().ToStringOutput(),
			// No link can export a copy of the disk.
			"networkAccessPolicy": pulumi.String("DenyAll"),
		},
	}, pulumi.Parent(b), pulumi.Provider(provider))
}
