package replica

import (
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/internal/kube"
	"github.com/dreamseed/platform/services/catalogue"
)

// unprivilegedUser is a user and group that exist in no image and own nothing on any node.
const unprivilegedUser = 10001

// podSpec returns the pod of a replica. It tolerates no taint, so that it never runs on a spot node: what watches the
// reclaims must not be reclaimed, and a volume takes long to move.
func (a *Args) podSpec(claim *corev1.PersistentVolumeClaim) *corev1.PodSpecArgs {
	volumes := corev1.VolumeArray{&corev1.VolumeArgs{
		Name: pulumi.String(data),
		PersistentVolumeClaim: &corev1.PersistentVolumeClaimVolumeSourceArgs{
			ClaimName: claim.Metadata.Name().Elem(),
		},
	}}
	for _, directory := range a.Own.Directories {
		volumes = append(volumes, directory.Volume())
	}
	if a.Program.Scratch != "" {
		volumes = append(volumes, &corev1.VolumeArgs{
			Name: pulumi.String(scratch), EmptyDir: &corev1.EmptyDirVolumeSourceArgs{},
		})
	}
	return &corev1.PodSpecArgs{
		ServiceAccountName:            a.Account.Metadata.Name().Elem(),
		AutomountServiceAccountToken:  pulumi.Bool(a.Program.Token),
		EnableServiceLinks:            pulumi.Bool(false),
		PriorityClassName:             pulumi.String(string(catalogue.Critical)),
		TerminationGracePeriodSeconds: pulumi.Int(a.Program.GraceSeconds),
		SecurityContext:               podSecurity(),
		Affinity:                      a.apart(),
		Containers:                    append(corev1.ContainerArray{a.container()}, a.Program.Beside...),
		Volumes:                       volumes,
	}
}

const (
	// data is the name of the volume that the claim brings.
	data = "data"
	// scratch is the name of the volume that comes and goes with the pod.
	scratch = "scratch"
)

// podSecurity lets the pod's user write to its volume and read the mounted Secrets. The owner of a volume is changed
// only when it is wrong: going through every file of a large one would delay each start.
func podSecurity() *corev1.PodSecurityContextArgs {
	security := kube.RestrictedPod(unprivilegedUser)
	security.FsGroup = pulumi.Int(unprivilegedUser)
	security.FsGroupChangePolicy = pulumi.String("OnRootMismatch")
	return security
}

func (a *Args) container() *corev1.ContainerArgs {
	mounts := corev1.VolumeMountArray{&corev1.VolumeMountArgs{
		Name: pulumi.String(data), MountPath: pulumi.String(a.Program.Volume.Path),
	}}
	for _, directory := range a.Own.Directories {
		mounts = append(mounts, directory.Mount())
	}
	if a.Program.Scratch != "" {
		mounts = append(mounts, &corev1.VolumeMountArgs{
			Name: pulumi.String(scratch), MountPath: pulumi.String(a.Program.Scratch),
		})
	}
	return &corev1.ContainerArgs{
		Name:            pulumi.String(a.Program.Name),
		Image:           pulumi.String(a.Program.Image),
		ImagePullPolicy: pulumi.String("IfNotPresent"),
		Command:         a.command(),
		Args:            pulumi.ToStringArray(a.Own.Arguments),
		Env:             a.Own.Environment,
		Ports:           a.Program.containerPorts(),
		Resources:       a.Program.resources(),
		StartupProbe:    a.Program.Health.starting(),
		ReadinessProbe:  a.Program.Health.ready(),
		LivenessProbe:   a.Program.Health.healthy(),
		SecurityContext: kube.RestrictedContainer(),
		VolumeMounts:    mounts,
	}
}

// command returns nil without a command: an empty list would differ from the API server's response.
func (a *Args) command() pulumi.StringArrayInput {
	if len(a.Own.Command) == 0 {
		return nil
	}
	return pulumi.ToStringArray(a.Own.Command)
}

func (p *Program) containerPorts() corev1.ContainerPortArray {
	ports := corev1.ContainerPortArray{}
	for _, port := range p.Ports {
		ports = append(ports, &corev1.ContainerPortArgs{
			Name:          pulumi.String(port.Name),
			ContainerPort: pulumi.Int(port.Number),
			Protocol:      pulumi.String(port.Protocol),
		})
	}
	return ports
}

const (
	// memoryLimit is the limit in requests. A Prometheus that replays its log needs more memory than before it stopped
	// (https://github.com/prometheus/prometheus/issues/16942): without it, it would be killed at each start.
	memoryLimit = 2
	// cpuLimit is the limit in requests, for compaction and large queries.
	cpuLimit = 8
)

// resources returns the requests and limits of the program.
func (p *Program) resources() *corev1.ResourceRequirementsArgs {
	limits := p.Limits
	if limits.CPU.IsZero() && limits.Memory.IsZero() {
		limits = catalogue.Amounts{
			CPU: times(cpuLimit, p.Requests.CPU), Memory: times(memoryLimit, p.Requests.Memory),
		}
	}
	return Resources(p.Requests, limits)
}

// Resources returns the resources of a container that writes nothing to the node's disk but its logs.
func Resources(requests, limits catalogue.Amounts) *corev1.ResourceRequirementsArgs {
	return &corev1.ResourceRequirementsArgs{
		Requests: amounts(requests, "64Mi"), Limits: amounts(limits, "256Mi"),
	}
}

func amounts(of catalogue.Amounts, disk string) pulumi.StringMap {
	return pulumi.StringMap{
		"cpu":               pulumi.String(of.CPU.String()),
		"memory":            pulumi.String(of.Memory.String()),
		"ephemeral-storage": pulumi.String(disk),
	}
}

func times(factor int64, amount resource.Quantity) resource.Quantity {
	product := amount.DeepCopy()
	product.Mul(factor)
	return product
}
