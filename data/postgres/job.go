package postgres

import (
	"fmt"
	"maps"
	"slices"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/internal/kube"
	"github.com/dreamseed/platform/services/catalogue"
)

// RcloneImage is the image of rclone (https://rclone.org), which talks to the object store. The version is exact,
// without a digest: the image cannot be looked up where the tests run.
const RcloneImage = "docker.io/rclone/rclone:1.75.1"

const (
	// backupComponent is the label app.kubernetes.io/component of every pod that reads or writes backups.
	backupComponent = "backup"
	// imageUser is the user of PostgreSQL in its image: initdb has to find it among the users.
	imageUser = 26
	// resultPath is where a script leaves its message, which the pod's status then has
	// (https://kubernetes.io/docs/tasks/debug/debug-application/determine-reason-pod-failure), and resultBytes the most
	// that Kubernetes keeps of one.
	resultPath  = "/dev/termination-log"
	resultBytes = 4096
	// maxAgeHours is how old the newest backup may be: a day, and the time that the backups of a day may differ by.
	maxAgeHours = 26
)

// task is one container of a Job: a script with what it reads.
type task struct {
	name, image, shell, script string
	// environment has the variables of the script. None of them is secret.
	environment map[string]string
	// mounts are the paths of the volumes that it reads, by the name of the volume.
	mounts map[string]string
}

// at are the variables of every script.
func at(more map[string]string) map[string]string {
	all := map[string]string{
		"SCRIPTS": scriptsPath, "WORK": workPath, "RESULT": resultPath, "RESULT_BYTES": fmt.Sprint(resultBytes),
		// Bash writes long texts there.
		"TMPDIR": workPath,
	}
	maps.Copy(all, more)
	return all
}

// postgresTask returns a task with the programs of PostgreSQL.
func postgresTask(name, file string, environment map[string]string) task {
	return task{
		name: name, image: Image, shell: "bash", script: file, environment: at(environment), mounts: map[string]string{},
	}
}

// signedIn lets a task sign in to the database of a service, as the service.
func (t task) signedIn(args *Args, service catalogue.Service) task {
	maps.Copy(t.environment, map[string]string{
		"DATABASE": databasePath, "PGHOST": Host(args.Namespace), "PGDATABASE": service.Name, "PGSSLMODE": "require",
		"PGCONNECT_TIMEOUT": "10",
	})
	t.mounts["database"] = databasePath
	return t
}

// storeTask returns a task with rclone, which knows the object store as the remote "store"
// (https://rclone.org/s3). The bucket exists: nobody but its owner may create one.
func storeTask(name, file string, args *Args, environment map[string]string) task {
	one := task{name: name, image: RcloneImage, shell: "sh", script: file, environment: at(environment)}
	maps.Copy(one.environment, map[string]string{
		"BUCKET": args.ObjectStorage.Bucket, "OBJECT_STORAGE": objectStoragePath, "HOME": workPath,
		"RCLONE_CONFIG": "/notfound", "RCLONE_CONFIG_STORE_TYPE": "s3", "RCLONE_CONFIG_STORE_PROVIDER": "Other",
		"RCLONE_S3_NO_CHECK_BUCKET": "true",
	})
	one.mounts = map[string]string{"object-storage": objectStoragePath}
	return one
}

func (t task) container(disk resource.Quantity) *corev1.ContainerArgs {
	mounts := corev1.VolumeMountArray{
		kube.ReadOnlyMount("scripts", scriptsPath),
		&corev1.VolumeMountArgs{Name: pulumi.String("work"), MountPath: pulumi.String(workPath)},
	}
	for _, volume := range slices.Sorted(maps.Keys(t.mounts)) {
		mounts = append(mounts, kube.ReadOnlyMount(volume, t.mounts[volume]))
	}
	environment := corev1.EnvVarArray{}
	for _, name := range slices.Sorted(maps.Keys(t.environment)) {
		environment = append(environment, &corev1.EnvVarArgs{
			Name: pulumi.String(name), Value: pulumi.String(t.environment[name]),
		})
	}
	return &corev1.ContainerArgs{
		Name:                   pulumi.String(t.name),
		Image:                  pulumi.String(t.image),
		ImagePullPolicy:        pulumi.String("IfNotPresent"),
		Command:                script(t.shell, t.script),
		Env:                    environment,
		Resources:              taskResources(disk),
		SecurityContext:        kube.RestrictedContainer(),
		TerminationMessagePath: pulumi.String(resultPath),
		// A script that ends before it has a message leaves what it printed last.
		TerminationMessagePolicy: pulumi.String("FallbackToLogsOnError"),
		VolumeMounts:             mounts,
	}
}

// taskResources returns the requests and limits. The work directory counts as the node's disk.
func taskResources(disk resource.Quantity) *corev1.ResourceRequirementsArgs {
	of := jobResources()
	one := func(amounts catalogue.Amounts, disk string) pulumi.StringMap {
		return pulumi.StringMap{
			"cpu": pulumi.String(amounts.CPU.String()), "memory": pulumi.String(amounts.Memory.String()),
			"ephemeral-storage": pulumi.String(disk),
		}
	}
	return &corev1.ResourceRequirementsArgs{Requests: one(of.Requests, "256Mi"), Limits: one(of.Limits, disk.String())}
}

// pod is a pod of a Job: the tasks run one after the other, and share the work directory.
type pod struct {
	name  string
	tasks []task
	// disk is what the work directory may take of the node's disk.
	disk resource.Quantity
	// database is the Secret of the database that the tasks sign in to. Empty for none.
	database string
}

// template returns the pod. It has no token, and labels that no policy of the services selects.
func (p pod) template(args *Args, scripts *corev1.ConfigMap) *corev1.PodTemplateSpecArgs {
	security := kube.RestrictedPod(imageUser)
	security.FsGroup = pulumi.Int(imageUser)
	var containers corev1.ContainerArray
	for _, one := range p.tasks {
		containers = append(containers, one.container(p.disk))
	}
	last := len(containers) - 1
	return &corev1.PodTemplateSpecArgs{
		Metadata: &metav1.ObjectMetaArgs{Labels: podLabels(p.name)},
		Spec: &corev1.PodSpecArgs{
			RestartPolicy:                pulumi.String("Never"),
			AutomountServiceAccountToken: pulumi.Bool(false),
			EnableServiceLinks:           pulumi.Bool(false),
			PriorityClassName:            pulumi.String(string(catalogue.Standard)),
			SecurityContext:              security,
			InitContainers:               containers[:last],
			Containers:                   containers[last:],
			Volumes:                      p.volumes(args, scripts),
		},
	}
}

func podLabels(name string) pulumi.StringMap {
	return pulumi.StringMap{kube.NameLabel: pulumi.String(name), kube.ComponentLabel: pulumi.String(backupComponent)}
}

func (p pod) volumes(args *Args, scripts *corev1.ConfigMap) corev1.VolumeArray {
	volumes := corev1.VolumeArray{
		&corev1.VolumeArgs{
			Name: pulumi.String("scripts"), ConfigMap: &corev1.ConfigMapVolumeSourceArgs{Name: scripts.Metadata.Name()},
		},
		&corev1.VolumeArgs{
			Name: pulumi.String("work"), EmptyDir: &corev1.EmptyDirVolumeSourceArgs{SizeLimit: pulumi.String(p.disk.String())},
		},
		ofSecret("object-storage", args.ObjectStorage.Secret, catalogue.ObjectStorageEndpoint,
			catalogue.ObjectStorageAccessKeyID, catalogue.ObjectStorageSecretAccessKey),
	}
	if p.database != "" {
		volumes = append(volumes, ofSecret("database", p.database, usernameKey, passwordKey))
	}
	return volumes
}

// ofSecret returns a volume with keys of a Secret. The pod waits until there is one.
func ofSecret(name, secret string, keys ...string) *corev1.VolumeArgs {
	const groupMayRead = 0o440
	items := corev1.KeyToPathArray{}
	for _, key := range keys {
		items = append(items, &corev1.KeyToPathArgs{Key: pulumi.String(key), Path: pulumi.String(key)})
	}
	return &corev1.VolumeArgs{Name: pulumi.String(name), Secret: &corev1.SecretVolumeSourceArgs{
		SecretName: pulumi.String(secret), DefaultMode: pulumi.Int(groupMayRead), Items: items,
	}}
}
