package services

import (
	"maps"
	"slices"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/kube"
	"github.com/dreamseed/platform/secrets"
	"github.com/dreamseed/platform/services/catalogue"
)

// secretsPath is the directory of the secrets, and of what services read like them: one file for each key, whose
// content the kubelet replaces when the Secret changes
// (https://kubernetes.io/docs/concepts/configuration/secret/#using-secrets-as-files-from-a-pod).
const secretsPath = "/app/secrets"

// groupMayRead lets the pods' own group read the files, and nobody write them.
const groupMayRead = 0o440

func everyKey(string) bool { return true }

func databaseURL(key string) bool { return key == catalogue.DatabaseURL }

// serviceFiles returns the volume with the files of a service: its secrets, and what is no secret and comes from its
// ConfigMap.
func serviceFiles(args *Args, config *corev1.ConfigMap) corev1.VolumeArray {
	sources := secretSources(args.Secrets, everyKey)
	for _, name := range slices.Sorted(maps.Keys(args.Files)) {
		sources = append(sources, &corev1.VolumeProjectionArgs{ConfigMap: &corev1.ConfigMapProjectionArgs{
			Name: config.Metadata.Name(), Items: corev1.KeyToPathArray{sameName(name)},
		}})
	}
	return files(sources)
}

// secretSources returns the wanted keys. A missing key keeps a pod from starting.
func secretSources(from *secrets.Secrets, wanted func(key string) bool) corev1.VolumeProjectionArray {
	sources := corev1.VolumeProjectionArray{}
	for _, mounted := range from.Mounted {
		if !wanted(mounted.Key) {
			continue
		}
		sources = append(sources, &corev1.VolumeProjectionArgs{Secret: &corev1.SecretProjectionArgs{
			Name: pulumi.String(mounted.Name), Items: corev1.KeyToPathArray{sameName(mounted.Key)},
		}})
	}
	return sources
}

// sameName calls a file as its key.
func sameName(key string) *corev1.KeyToPathArgs {
	return &corev1.KeyToPathArgs{Key: pulumi.String(key), Path: pulumi.String(key)}
}

// files returns the volume with the sources, or nothing if there are none.
func files(sources corev1.VolumeProjectionArray) corev1.VolumeArray {
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

// mountedFiles returns the mount of a volume with so many files, or nothing if there are none.
func mountedFiles(count int) corev1.VolumeMountArray {
	if count == 0 {
		return nil
	}
	return corev1.VolumeMountArray{kube.ReadOnlyMount("secrets", secretsPath)}
}
