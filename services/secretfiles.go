package services

import (
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/kube"
	"github.com/dreamseed/platform/secrets"
	"github.com/dreamseed/platform/services/catalogue"
)

// secretsPath is the directory of the secrets: one file for each key, whose content the kubelet replaces when the
// Secret changes (https://kubernetes.io/docs/concepts/configuration/secret/#using-secrets-as-files-from-a-pod).
const secretsPath = "/app/secrets"

// groupMayRead lets the pods' own group read the files, and nobody write them.
const groupMayRead = 0o440

func everyKey(string) bool { return true }

func databaseURL(key string) bool { return key == catalogue.DatabaseURL }

// secretFiles returns the volume with the wanted keys, or nothing if there are none. A missing key keeps a pod from
// starting.
func secretFiles(from *secrets.Secrets, wanted func(key string) bool) corev1.VolumeArray {
	sources := corev1.VolumeProjectionArray{}
	for _, mounted := range from.Mounted {
		if !wanted(mounted.Key) {
			continue
		}
		file := &corev1.KeyToPathArgs{Key: pulumi.String(mounted.Key), Path: pulumi.String(mounted.Key)}
		sources = append(sources, &corev1.VolumeProjectionArgs{Secret: &corev1.SecretProjectionArgs{
			Name: pulumi.String(mounted.Name), Items: corev1.KeyToPathArray{file},
		}})
	}
	if len(sources) == 0 {
		return nil
	}
	return corev1.VolumeArray{&corev1.VolumeArgs{
		Name: pulumi.String("secrets"),
		Projected: &corev1.ProjectedVolumeSourceArgs{
			DefaultMode: pulumi.Int(groupMayRead), Sources: sources,
		},
	}}
}

func mountedSecretFiles(from *secrets.Secrets, wanted func(key string) bool) corev1.VolumeMountArray {
	if len(secretFiles(from, wanted)) == 0 {
		return nil
	}
	return corev1.VolumeMountArray{kube.ReadOnlyMount("secrets", secretsPath)}
}
