package exporter

import (
	appsv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apps/v1"
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/kube"
	"github.com/dreamseed/platform/monitoring/nodeagent"
)

// NodeExporterImage is pinned to an exact version by its tag: the digest could not be looked up. A new version is a new
// tag here.
const NodeExporterImage = "quay.io/prometheus/node-exporter:v1.12.1"

const (
	// host is the volume with the node's file systems, and hostPath its place in the container.
	host     = "host"
	hostPath = "/host"
)

func newDaemonSet(
	ctx *pulumi.Context, name string, agent workload, account *corev1.ServiceAccount, opts ...pulumi.ResourceOption,
) (*appsv1.DaemonSet, error) {
	return nodeagent.New(ctx, name, &nodeagent.Args{
		Metadata: kube.Metadata(agent.namespace, agent.name, agent.labels()),
		Labels:   agent.labels(), Selector: agent.selector(), Pod: agentPod(account),
	}, opts...)
}

// agentPod returns a pod that sees the node's file systems, among them /proc and /sys, and nothing else of the node. It
// shares none of the node's namespaces:
//   - Not the network: network policies do not apply to pods that share it, and port 9100 of every node would be open
//     to every host that reaches the node.
//   - Not the processes: the node's own /proc, mounted here, already shows process 1, whose list of mounts is read.
//
// In all other respects it meets the Pod Security Standard "restricted".
func agentPod(account *corev1.ServiceAccount) *corev1.PodSpecArgs {
	return &corev1.PodSpecArgs{
		ServiceAccountName:           account.Metadata.Name().Elem(),
		AutomountServiceAccountToken: pulumi.Bool(false),
		SecurityContext:              kube.RestrictedPod(unprivilegedUser),
		Containers:                   corev1.ContainerArray{agentContainer()},
		Volumes: corev1.VolumeArray{&corev1.VolumeArgs{
			Name:     pulumi.String(host),
			HostPath: &corev1.HostPathVolumeSourceArgs{Path: pulumi.String("/"), Type: pulumi.String("Directory")},
		}},
	}
}

// agentContainer reads what any user of the node may read: it is not root and has no capabilities.
func agentContainer() *corev1.ContainerArgs {
	return &corev1.ContainerArgs{
		Name:            pulumi.String(NodeExporterName),
		Image:           pulumi.String(NodeExporterImage),
		ImagePullPolicy: pulumi.String("IfNotPresent"),
		Args:            pulumi.ToStringArray(agentArguments()),
		Ports:           corev1.ContainerPortArray{kube.TCPPort("metrics", NodeExporterPort)},
		Resources: amounts{
			cpu: "20m", cpuLimit: "200m", memory: "32Mi", memoryLimit: "64Mi",
		}.requirements(),
		// The page at the root costs nothing; the one with the metrics reads the whole node.
		ReadinessProbe: answering("/", "metrics"),
		LivenessProbe: &corev1.ProbeArgs{
			TcpSocket:     &corev1.TCPSocketActionArgs{Port: pulumi.String("metrics")},
			PeriodSeconds: pulumi.Int(10), TimeoutSeconds: pulumi.Int(5),
		},
		SecurityContext: kube.RestrictedContainer(),
		VolumeMounts: corev1.VolumeMountArray{&corev1.VolumeMountArgs{
			Name: pulumi.String(host), MountPath: pulumi.String(hostPath), ReadOnly: pulumi.Bool(true),
			// Lets the node unmount what the pod sees: a private copy of the mounts would hold the volumes of pods that are gone
			// (https://kubernetes.io/docs/concepts/storage/volumes/#mount-propagation).
			MountPropagation: pulumi.String("HostToContainer"),
		}},
	}
}
