// Package objects keeps the objects of the services and the backups: in buckets of the cloud, or in one SeaweedFS
// (https://github.com/seaweedfs/seaweedfs), which speaks the protocol of S3. docs/decisions/seaweedfs-for-objects.md
// says why.
package objects

import (
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/data/store"
)

// Spec is the section dreamseed:data.objects.
type Spec struct {
	// Mode is who provides the object storage. Default inCluster. Another one starts empty: nothing is carried over.
	Mode store.Mode `json:"mode"`
	// Storage is the size of the volume with all objects. Default 20Gi. A larger one grows the volume in place and
	// restarts the pod; a volume never shrinks.
	Storage resource.Quantity `json:"storage"`
	// Managed describes the buckets in mode managed.
	Managed cluster.BucketSpec `json:"managed"`
	// External is the address in mode external.
	External store.Address `json:"external"`
}

// Default returns the defaults of a mode. A mode that does not exist has nothing to set.
func Default(mode store.Mode) Spec {
	spec := Spec{Mode: mode}
	switch mode {
	case store.InCluster:
		spec.Storage = resource.MustParse("20Gi")
	case store.Managed:
		spec.Managed = cluster.DefaultBucket()
	case store.External:
	}
	return spec
}
