package services

import (
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/kube"
)

// unprivilegedUser is a user and group that exist in no image and own nothing on any node.
const unprivilegedUser = 10001

// podSecurity lets the pod's user read the mounted Secrets.
func podSecurity() *corev1.PodSecurityContextArgs {
	security := kube.RestrictedPod(unprivilegedUser)
	security.FsGroup = pulumi.Int(unprivilegedUser)
	return security
}
