package kube

import (
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// TCPPort returns a named TCP port of a container.
func TCPPort(name string, number int) *corev1.ContainerPortArgs {
	return &corev1.ContainerPortArgs{
		Name: pulumi.String(name), ContainerPort: pulumi.Int(number), Protocol: pulumi.String("TCP"),
	}
}
