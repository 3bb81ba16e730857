package redis

import (
	_ "embed" // The scripts are files, so that a test can run them.
	"fmt"
	"strconv"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/kube"
	"github.com/dreamseed/platform/internal/replica"
)

// Image is the image of Valkey. The version is exact, without a digest: its image cannot be looked up where the tests
// run. A change restarts the pod.
const Image = "docker.io/valkey/valkey:9.1.1"

const (
	// Name is the name of the Service and of the pods, as policies select them. It is that of the protocol.
	Name = "redis"
	// Port is the port of the protocol.
	Port = 6379
)

// Places in the container.
const (
	dataPath    = "/data"
	mountedPath = "/etc/valkey"
	scratchPath = "/run/valkey"
)

//go:embed start.sh
var startScript string

//go:embed ready.sh
var readyScript string

//go:embed alive.sh
var aliveScript string

// startSeconds is how long Valkey may read its keys again: some 100 MB a second, from a slow disk.
const startSeconds = 10 * 60

// graceSeconds is long enough to write what is in memory to the file. Valkey sends nothing to anybody.
const graceSeconds = 60

func (a *Args) program(after []pulumi.Resource) *replica.Program {
	return &replica.Program{
		Name:      Name,
		Namespace: a.Namespace,
		Image:     Image,
		Ports:     []replica.Port{{Name: Name, Number: Port, Protocol: "TCP"}},
		Health: replica.Health{
			Ready:        replica.Question{Command: shell(readyScript)},
			Healthy:      replica.Question{Command: shell(aliveScript + readyScript)},
			StartSeconds: startSeconds,
		},
		Requests: a.Spec.serverRequests(),
		Limits:   a.Spec.serverLimits(),
		Volume: replica.Volume{
			Size: a.Spec.Storage, Class: a.StorageClass, Protect: a.Protect, Retain: true, Path: dataPath,
		},
		Scratch:      scratchPath,
		Beside:       corev1.ContainerArray{exporter()},
		GraceSeconds: graceSeconds,
		After:        after,
	}
}

func shell(script string) []string { return []string{"sh", "-c", script} }

// own describes the only replica. The name of the Secret restarts it.
func (a *Args) own(users string) replica.Own {
	return replica.Own{
		// What follows the script is its name, in messages of the shell.
		Command:   append(shell(startScript), Name),
		Arguments: a.Spec.arguments(),
		Environment: corev1.EnvVarArray{
			variable("MOUNTED", mountedPath), variable("LOADED", scratchPath), variable("PORT", strconv.Itoa(Port)),
		},
		Directories: replica.Credentials(mountedPath, []replica.Credential{
			{Secret: users, Key: usersFile}, {Secret: users, Key: passwordFile},
		}),
	}
}

func variable(name, value string) *corev1.EnvVarArgs {
	return &corev1.EnvVarArgs{Name: pulumi.String(name), Value: pulumi.String(value)}
}

// arguments returns the settings (https://valkey.io/topics/valkey.conf). Every write is in the append-only file within
// a second. There are no snapshots beside it.
func (s Spec) arguments() []string {
	return []string{
		"--dir", dataPath,
		"--appendonly", "yes",
		"--appendfsync", "everysec",
		"--save", "",
		"--maxmemory", strconv.FormatInt(s.keysBytes(), 10),
		"--maxmemory-policy", string(s.Eviction),
		// It asks for a password of the default user, who is off.
		"--protected-mode", "no",
	}
}

// url returns the address with which a service signs in, as a template with its password.
func url(service, namespace string) string {
	return fmt.Sprintf("redis://%s:{{ .password }}@%s.%s.svc.cluster.local:%d/0", service, Name, namespace, Port)
}

// ExporterImage is the image of the exporter of metrics. A change restarts the pod.
const ExporterImage = "docker.io/oliver006/redis_exporter:v1.86.0"

// MetricsPort is the port of the metrics.
const MetricsPort = 9121

// exporter returns the container that serves the metrics. It neither reads keys nor settings.
func exporter() *corev1.ContainerArgs {
	return &corev1.ContainerArgs{
		Name:            pulumi.String(exporterUser),
		Image:           pulumi.String(ExporterImage),
		ImagePullPolicy: pulumi.String("IfNotPresent"),
		Args: pulumi.ToStringArray([]string{
			fmt.Sprintf("--redis.addr=redis://localhost:%d", Port),
			"--redis.user=" + exporterUser,
			"--config-command=-",
			fmt.Sprintf("--web.listen-address=:%d", MetricsPort),
		}),
		Env: corev1.EnvVarArray{&corev1.EnvVarArgs{
			Name: pulumi.String("REDIS_PASSWORD"),
			ValueFrom: &corev1.EnvVarSourceArgs{SecretKeyRef: &corev1.SecretKeySelectorArgs{
				Name: pulumi.String(exporterSecret), Key: pulumi.String(passwordKey),
			}},
		}},
		Ports:           corev1.ContainerPortArray{kube.TCPPort("metrics", MetricsPort)},
		Resources:       replica.Resources(exporterRequests(), exporterLimits()),
		SecurityContext: kube.RestrictedContainer(),
	}
}
