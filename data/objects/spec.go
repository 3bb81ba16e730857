// Package objects keeps the objects of the services and the backups: one SeaweedFS
// (https://github.com/seaweedfs/seaweedfs), which speaks the protocol of S3. docs/decisions/seaweedfs-for-objects.md
// says why.
package objects

import (
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/data/store"
)

// Spec is the section dreamseed:data.objects.
type Spec struct {
	// Mode is who provides the object storage. Default inCluster. Another one starts empty: nothing is carried over.
	Mode store.Mode `json:"mode"`
	// Storage is the size of the volume with all objects. Default 20Gi. A larger one grows the volume in place and
	// restarts the pod; a volume never shrinks.
	Storage resource.Quantity `json:"storage"`
	// External is the address in mode external.
	External store.Address `json:"external"`
}

// Default returns the defaults of a mode. One that runs nothing in the cluster has nothing to set.
func Default(mode store.Mode) Spec {
	spec := Spec{Mode: mode}
	if mode == store.InCluster {
		spec.Storage = resource.MustParse("20Gi")
	}
	return spec
}
