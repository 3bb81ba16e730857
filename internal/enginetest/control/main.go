// Command control is a program that does not name its cluster, as the platform must never be. Tests run it to show that
// without the guard the failure really happens.
package main

import (
	"os"

	"github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes"
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		if os.Getenv("CONTROL_DEFAULT_PROVIDER") != "" {
			_, err := corev1.NewConfigMap(ctx, "anywhere", &corev1.ConfigMapArgs{})
			return err
		}
		provider, err := kubernetes.NewProvider(ctx, "anywhere", &kubernetes.ProviderArgs{})
		if err != nil {
			return err
		}
		_, err = corev1.NewConfigMap(ctx, "anywhere", &corev1.ConfigMapArgs{}, pulumi.Provider(provider))
		return err
	})
}
