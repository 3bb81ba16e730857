package objects

import (
	_ "embed" // The scripts are files, so that a test can run them.
	"fmt"
	"strconv"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/kube"
	"github.com/dreamseed/platform/internal/replica"
)

// Image is the image of SeaweedFS. The version is exact, without a digest: the tests run the module of this version,
// and its image cannot be looked up where they run. A change restarts the pod.
const Image = "docker.io/chrislusf/seaweedfs:4.53"

const (
	// Name is the name of the Service and of the pods, as policies select them.
	Name = "objects"
	// Port is the port of the protocol of S3.
	Port = 8333
	// MetricsPort is the port of the metrics.
	MetricsPort = 9327
)

// Endpoint returns the address under which the pods of the cluster reach the store.
func Endpoint(namespace string) string {
	return fmt.Sprintf("http://%s.%s.svc.cluster.local:%d", Name, namespace, Port)
}

// Places in the container. The image's own configuration keeps the index of the objects below /data.
const (
	dataPath    = "/data"
	mountedPath = "/etc/objects"
	scratchPath = "/tmp"
)

//go:embed start.sh
var startScript string

//go:embed alive.sh
var aliveScript string

//go:embed lifecycle.sh
var lifecycleScript string

const (
	// startSeconds is how long SeaweedFS may take to read the index of its volumes.
	startSeconds = 10 * 60
	// graceSeconds is long enough to end the transfers that are under way.
	graceSeconds = 60
)

func (a *Args) program(after []pulumi.Resource) *replica.Program {
	return &replica.Program{
		Name:      Name,
		Namespace: a.Namespace,
		Image:     Image,
		Ports: []replica.Port{
			{Name: replica.HTTP, Number: Port, Protocol: "TCP"}, {Name: "metrics", Number: MetricsPort, Protocol: "TCP"},
		},
		Health: replica.Health{
			Ready:        replica.Question{Path: "/healthz"},
			Healthy:      replica.Question{Command: shell(aliveScript)},
			StartSeconds: startSeconds,
		},
		Requests: serverRequests(),
		Limits:   serverLimits(),
		Volume: replica.Volume{
			Size: a.Spec.Storage, Class: a.StorageClass, Protect: a.Protect, Retain: true, Path: dataPath,
		},
		Scratch:      scratchPath,
		Beside:       corev1.ContainerArray{lifecycle()},
		GraceSeconds: graceSeconds,
		After:        after,
	}
}

func shell(script string) []string { return []string{"sh", "-c", script} }

// own describes the only replica. The name of the Secret restarts it.
func (a *Args) own(identities string) replica.Own {
	return replica.Own{
		// What follows the script is its name, in messages of the shell.
		Command:   append(shell(startScript), Name),
		Arguments: a.arguments(),
		Environment: corev1.EnvVarArray{
			variable("MOUNTED", mountedPath), variable("LOADED", scratchPath), variable("PORT", strconv.Itoa(Port)),
		},
		Directories: replica.Credentials(mountedPath, []replica.Credential{{Secret: identities, Key: configFile}}),
	}
}

func variable(name, value string) *corev1.EnvVarArgs {
	return &corev1.EnvVarArgs{Name: pulumi.String(name), Value: pulumi.String(value)}
}

const (
	// volumeMegabytes is the size of a volume file, in which SeaweedFS collects objects.
	volumeMegabytes = 1024
	// volumesPerBucket is how many of them SeaweedFS opens for a bucket at its first upload
	// (https://github.com/seaweedfs/seaweedfs/blob/4.53/weed/command/scaffold/master.toml, copy_1).
	volumesPerBucket = 7
)

// arguments returns the command line (https://github.com/seaweedfs/seaweedfs/blob/4.53/weed/command/server.go). What
// asks nobody for a key listens on the pod's own loopback interface: the master, the volumes and the filer.
func (a *Args) arguments() []string {
	return []string{
		"-dir=" + dataPath,
		"-ip=127.0.0.1", "-ip.bind=127.0.0.1",
		"-filer", "-s3",
		fmt.Sprintf("-s3.port=%d", Port), "-s3.ip.bind=0.0.0.0",
		// Other protocols, and users that are made by requests.
		"-s3.port.iceberg=0", "-s3.port.lance=0", "-s3.iam=false", "-s3.autoCreateBucket=false",
		fmt.Sprintf("-metricsPort=%d", MetricsPort), "-metricsIp=0.0.0.0",
		// It would report to its makers.
		"-master.telemetry=false",
		fmt.Sprintf("-master.volumeSizeLimitMB=%d", volumeMegabytes), fmt.Sprintf("-volume.max=%d", a.volumes()),
		// Below, it takes no more objects, and still deletes some.
		"-volume.minFreeSpace=5",
		// There is no second server to which clients could turn before this one stops.
		"-volume.preStopSeconds=1",
	}
}

// volumes returns how many volume files there may be: those that hold all of the claim, and those that each bucket
// opens beside, the backups and the store's own log included. They grow with what is in them. Without a volume file,
// the uploads to a bucket fail.
func (a *Args) volumes() int64 {
	const mebibyte = 1 << 20
	collections := int64(2)
	for _, service := range a.Services {
		collections += int64(len(service.Needs.Buckets))
	}
	return a.Spec.Storage.Value()/(volumeMegabytes*mebibyte) + volumesPerBucket*collections
}

// Addresses within the pod.
const (
	masterAddress = "127.0.0.1:9333"
	filerAddress  = "127.0.0.1:8888"
	// lifecycleAddress is where the gateway of S3 takes orders to delete, at its port plus 10000.
	lifecycleAddress = "127.0.0.1:18333"
)

// lifecycle returns the container that deletes what the rules of the buckets say.
func lifecycle() *corev1.ContainerArgs {
	return &corev1.ContainerArgs{
		Name:            pulumi.String("lifecycle"),
		Image:           pulumi.String(Image),
		ImagePullPolicy: pulumi.String("IfNotPresent"),
		Command:         pulumi.ToStringArray(shell(lifecycleScript)),
		Env: corev1.EnvVarArray{
			variable("MASTER", masterAddress), variable("FILER", filerAddress), variable("LIFECYCLE", lifecycleAddress),
			variable("PAUSE", "3600"),
		},
		Resources:       replica.Resources(lifecycleRequests(), lifecycleLimits()),
		SecurityContext: kube.RestrictedContainer(),
	}
}
