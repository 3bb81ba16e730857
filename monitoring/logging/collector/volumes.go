package collector

import (
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/kube"
	"github.com/dreamseed/platform/monitoring/logging/pipeline"
)

// Names of the volumes.
const (
	configVolume    = "config"
	linesVolume     = "lines"
	stateVolume     = "state"
	authorityVolume = "authority"
)

// rootMayRead lets the pod's user read a file, and nobody write it.
const rootMayRead = 0o400

func (a *Args) volumes(config *corev1.ConfigMap) corev1.VolumeArray {
	volumes := corev1.VolumeArray{
		&corev1.VolumeArgs{
			Name:      pulumi.String(configVolume),
			ConfigMap: &corev1.ConfigMapVolumeSourceArgs{Name: config.Metadata.Name()},
		},
		ofNode(linesVolume, pipeline.PodLogs, "Directory"),
		// How far each file was read, and what the store has not taken yet. It outlives the pod, and goes with the node.
		ofNode(stateVolume, pipeline.State, "DirectoryOrCreate"),
	}
	if a.Credential == nil {
		return volumes
	}
	return append(volumes, &corev1.VolumeArgs{
		Name: pulumi.String(authorityVolume),
		Secret: &corev1.SecretVolumeSourceArgs{
			SecretName:  pulumi.String(a.Credential.Secret),
			DefaultMode: pulumi.Int(rootMayRead),
			// The password is not among them: a variable holds it.
			Items: corev1.KeyToPathArray{&corev1.KeyToPathArgs{
				Key: pulumi.String(a.Credential.AuthorityKey), Path: pulumi.String("ca.crt"),
			}},
		},
	})
}

func ofNode(name, path, kind string) *corev1.VolumeArgs {
	return &corev1.VolumeArgs{
		Name:     pulumi.String(name),
		HostPath: &corev1.HostPathVolumeSourceArgs{Path: pulumi.String(path), Type: pulumi.String(kind)},
	}
}

func (a *Args) mounts() corev1.VolumeMountArray {
	mounts := corev1.VolumeMountArray{
		kube.ReadOnlyMount(configVolume, configPath),
		kube.ReadOnlyMount(linesVolume, pipeline.PodLogs),
		&corev1.VolumeMountArgs{Name: pulumi.String(stateVolume), MountPath: pulumi.String(pipeline.State)},
	}
	if a.Credential != nil {
		mounts = append(mounts, kube.ReadOnlyMount(authorityVolume, authorityPath))
	}
	return mounts
}
