package replica

import (
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/kube"
)

// newClaim registers the claim of a replica's volume. It is no template of a StatefulSet, whose size could not be
// changed (https://github.com/kubernetes/kubernetes/issues/68737).
func newClaim(
	ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption,
) (*corev1.PersistentVolumeClaim, error) {
	volume := args.Program.Volume
	spec := &corev1.PersistentVolumeClaimSpecArgs{
		AccessModes: pulumi.ToStringArray([]string{"ReadWriteOnce"}),
		Resources: &corev1.VolumeResourceRequirementsArgs{
			Requests: pulumi.StringMap{"storage": pulumi.String(volume.Size.String())},
		},
	}
	if volume.Class != "" {
		spec.StorageClassName = pulumi.String(volume.Class)
	}
	return corev1.NewPersistentVolumeClaim(ctx, name, &corev1.PersistentVolumeClaimArgs{
		Metadata: kube.Annotate(args.metadata(), acceptedClaim()),
		Spec:     spec,
	}, append(opts, pulumi.Protect(volume.Protect), pulumi.RetainOnDelete(volume.Retain))...)
}

// acceptedClaim makes the engine take a claim for complete once the API server has accepted it, in whatever phase.
//
// The provider's own wait is for one phase: Pending if the class binds volumes with their first pod, otherwise Bound
// (https://github.com/pulumi/pulumi-kubernetes/blob/v4.25.0/provider/pkg/await/awaiters.go). A claim that grows is
// Bound and stays so, and a claim of which the class cannot be read stays Pending until its pod comes, which waits for
// the claim: both would fail after five minutes. Nothing is lost by not waiting: the Deployment is awaited, and its pod
// does not start without the volume.
func acceptedClaim() pulumi.StringMap {
	return kube.WaitForAll(pulumi.ToStringArray([]string{"jsonpath={.status.phase}"}))
}
