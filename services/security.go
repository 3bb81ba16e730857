package services

import (
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// unprivilegedUser is a user and group that exist in no image and own nothing on any node.
const unprivilegedUser = 10001

// podSecurity and containerSecurity are what the Pod Security Standard "restricted" asks for
// (https://kubernetes.io/docs/concepts/security/pod-security-standards/), and a read-only root file system beside it.
func podSecurity() *corev1.PodSecurityContextArgs {
	return &corev1.PodSecurityContextArgs{
		RunAsNonRoot:   pulumi.Bool(true),
		RunAsUser:      pulumi.Int(unprivilegedUser),
		RunAsGroup:     pulumi.Int(unprivilegedUser),
		FsGroup:        pulumi.Int(unprivilegedUser),
		SeccompProfile: &corev1.SeccompProfileArgs{Type: pulumi.String("RuntimeDefault")},
	}
}

func containerSecurity() *corev1.SecurityContextArgs {
	return &corev1.SecurityContextArgs{
		AllowPrivilegeEscalation: pulumi.Bool(false),
		ReadOnlyRootFilesystem:   pulumi.Bool(true),
		Capabilities:             &corev1.CapabilitiesArgs{Drop: pulumi.ToStringArray([]string{"ALL"})},
	}
}
