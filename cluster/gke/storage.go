package gke

import (
	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
)

// newStorage creates the class of volumes that are encrypted with the environment's key
// (https://cloud.google.com/kubernetes-engine/docs/how-to/using-cmek).
func (b *builder) newStorage(provider *kubernetes.Provider, keys *encryption) (pulumi.Resource, error) {
	return cluster.NewStorageClass(b.ctx, b.name+"-storage", &cluster.StorageClassArgs{
		Provisioner: "pd.csi.storage.gke.io",
		Parameters: pulumi.StringMap{
			"type":                    pulumi.String("pd-balanced"),
			"disk-encryption-kms-key": keys.key.ID().ToStringOutput(),
		},
	}, pulumi.Parent(b), pulumi.Provider(provider))
}
