package kube

import (
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// ReadOnlyMount returns the mount of a volume at a path, which the container cannot write.
func ReadOnlyMount(volume, path string) *corev1.VolumeMountArgs {
	return &corev1.VolumeMountArgs{
		Name: pulumi.String(volume), MountPath: pulumi.String(path), ReadOnly: pulumi.Bool(true),
	}
}
