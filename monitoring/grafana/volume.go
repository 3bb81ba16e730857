package grafana

import (
	"path"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Directories of the container.
const (
	// dataPath is where Grafana keeps its database.
	dataPath = "/var/lib/grafana"
	// temporaryPath is where it unpacks and spools.
	temporaryPath = "/tmp"
	// provisioningPath is where the image has the directories of provisioning. Two of them are covered, the others stay:
	// Grafana logs an error for one that is missing.
	provisioningPath = "/etc/grafana/provisioning"
	// dashboardsPath has a directory for each folder.
	dashboardsPath = "/etc/grafana/dashboards"
	// adminPath has the administrator's password in a file of this name.
	adminPath = "/etc/grafana/admin"
	adminFile = "password"
)

// groupMayRead lets the pod's own group read the password, and nobody write it.
const groupMayRead = 0o440

// mounted is a volume at its place in the container.
type mounted struct {
	path string
	// writable is false for files that come from the API server.
	writable bool
	volume   *corev1.VolumeArgs
}

func (args *Args) volumes(provisioning *provisioned, folders []folder) []mounted {
	all := []mounted{
		scratch("data", dataPath, "256Mi"),
		scratch("tmp", temporaryPath, "64Mi"),
		provisioning.file("datasources", datasourcesFile),
		provisioning.file("dashboards", providersFile),
		args.password(),
	}
	for _, one := range folders {
		all = append(all, one.directory())
	}
	return all
}

func scratch(name, at, limit string) mounted {
	return mounted{path: at, writable: true, volume: &corev1.VolumeArgs{
		Name: pulumi.String(name), EmptyDir: &corev1.EmptyDirVolumeSourceArgs{SizeLimit: pulumi.String(limit)},
	}}
}

// file returns the directory of one kind of provisioning, with its file alone.
func (p *provisioned) file(kind, name string) mounted {
	return mounted{path: path.Join(provisioningPath, kind), volume: &corev1.VolumeArgs{
		Name: pulumi.String("provisioning-" + kind),
		ConfigMap: &corev1.ConfigMapVolumeSourceArgs{
			Name: p.files.Metadata.Name(),
			Items: corev1.KeyToPathArray{
				&corev1.KeyToPathArgs{Key: pulumi.String(name), Path: pulumi.String(name)},
			},
		},
	}}
}

// directory returns a folder. Its directory has its title, because Grafana shows that.
func (f folder) directory() mounted {
	return mounted{path: path.Join(dashboardsPath, f.title), volume: &corev1.VolumeArgs{
		Name:      pulumi.String(object(f.title)),
		ConfigMap: &corev1.ConfigMapVolumeSourceArgs{Name: f.files.Metadata.Name()},
	}}
}

func (args *Args) password() mounted {
	return mounted{path: adminPath, volume: &corev1.VolumeArgs{
		Name: pulumi.String("admin"),
		Secret: &corev1.SecretVolumeSourceArgs{
			SecretName:  pulumi.String(args.AdminSecret),
			DefaultMode: pulumi.Int(groupMayRead),
			Items: corev1.KeyToPathArray{
				&corev1.KeyToPathArgs{Key: pulumi.String(args.AdminKey), Path: pulumi.String(adminFile)},
			},
		},
	}}
}

func volumes(all []mounted) corev1.VolumeArray {
	volumes := corev1.VolumeArray{}
	for _, one := range all {
		volumes = append(volumes, one.volume)
	}
	return volumes
}

func mounts(all []mounted) corev1.VolumeMountArray {
	mounts := corev1.VolumeMountArray{}
	for _, one := range all {
		mount := &corev1.VolumeMountArgs{Name: one.volume.Name, MountPath: pulumi.String(one.path)}
		if !one.writable {
			mount.ReadOnly = pulumi.Bool(true)
		}
		mounts = append(mounts, mount)
	}
	return mounts
}
