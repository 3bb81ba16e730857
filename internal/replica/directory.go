package replica

import (
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/kube"
)

// Directory is a read-only directory. It is mounted as a whole: the kubelet never updates a file that is mounted by
// subPath (https://kubernetes.io/docs/concepts/storage/volumes/#configmap).
type Directory struct {
	// Name is the name of the volume.
	Name string
	// Path is where the container finds the directory.
	Path string
	// Source is where the files come from.
	Source corev1.VolumeArgs
}

// Credential is a key of a Secret, which becomes a file of that name.
type Credential struct{ Secret, Key string }

// groupMayRead lets the pod's own group read the files, and nobody write them.
const groupMayRead = 0o440

// Config returns the directory with the files of a ConfigMap.
func Config(name, path string, config *corev1.ConfigMap) Directory {
	return Directory{Name: name, Path: path, Source: corev1.VolumeArgs{
		ConfigMap: &corev1.ConfigMapVolumeSourceArgs{Name: config.Metadata.Name()},
	}}
}

// Credentials returns the directory with a file for each credential, or none without credentials. A missing key keeps
// the pod from starting. The kubelet replaces a file when its Secret changes, and the programs read it again for each
// request, so that a new value restarts nothing
// (https://kubernetes.io/docs/concepts/configuration/secret/#using-secrets-as-files-from-a-pod).
func Credentials(path string, credentials []Credential) []Directory {
	if len(credentials) == 0 {
		return nil
	}
	sources := corev1.VolumeProjectionArray{}
	for _, one := range credentials {
		file := &corev1.KeyToPathArgs{Key: pulumi.String(one.Key), Path: pulumi.String(one.Key)}
		sources = append(sources, &corev1.VolumeProjectionArgs{Secret: &corev1.SecretProjectionArgs{
			Name: pulumi.String(one.Secret), Items: corev1.KeyToPathArray{file},
		}})
	}
	return []Directory{{Name: "credentials", Path: path, Source: corev1.VolumeArgs{
		Projected: &corev1.ProjectedVolumeSourceArgs{DefaultMode: pulumi.Int(groupMayRead), Sources: sources},
	}}}
}

// Volume returns the volume of the directory.
func (d Directory) Volume() *corev1.VolumeArgs {
	volume := d.Source
	volume.Name = pulumi.String(d.Name)
	return &volume
}

// Mount returns its mount.
func (d Directory) Mount() *corev1.VolumeMountArgs { return kube.ReadOnlyMount(d.Name, d.Path) }
