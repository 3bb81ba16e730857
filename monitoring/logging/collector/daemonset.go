package collector

import (
	appsv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apps/v1"
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/kube"
	"github.com/dreamseed/platform/monitoring/logging/pipeline"
	"github.com/dreamseed/platform/monitoring/nodeagent"
)

const (
	configPath    = "/etc/" + Name
	authorityPath = "/etc/" + Name + "-authority"
)

// newDaemonSet registers the DaemonSet. What is logged while a pod is replaced is still in the files.
func newDaemonSet(
	ctx *pulumi.Context, name string, args *Args, account *corev1.ServiceAccount, config *corev1.ConfigMap,
	opts ...pulumi.ResourceOption,
) (*appsv1.DaemonSet, error) {
	return nodeagent.New(ctx, name, &nodeagent.Args{
		Metadata: args.metadata(), Labels: labels(), Selector: selector(), Pod: args.pod(account, config),
	}, opts...)
}

// pod returns a pod that sees two folders of its node: that with the lines of its pods, read-only, and one for its own
// state. It shares none of the node's namespaces.
func (a *Args) pod(account *corev1.ServiceAccount, config *corev1.ConfigMap) *corev1.PodSpecArgs {
	return &corev1.PodSpecArgs{
		ServiceAccountName: account.Metadata.Name().Elem(),
		// With its token it learns which service a pod is of.
		AutomountServiceAccountToken:  pulumi.Bool(true),
		TerminationGracePeriodSeconds: pulumi.Int(graceSeconds),
		SecurityContext:               asRoot(),
		Containers:                    corev1.ContainerArray{a.container()},
		Volumes:                       a.volumes(config),
	}
}

// graceSeconds is long enough to write down what is on its way. A node on spot capacity may leave less.
const graceSeconds = 20

// asRoot runs as the owner of the files with the lines, which the kubelet's runtime makes readable for root alone
// (0640). Without capabilities, root is an owner like any other: it reads and writes nothing that belongs to others.
func asRoot() *corev1.PodSecurityContextArgs {
	return &corev1.PodSecurityContextArgs{
		RunAsUser:      pulumi.Int(0),
		RunAsGroup:     pulumi.Int(0),
		SeccompProfile: &corev1.SeccompProfileArgs{Type: pulumi.String("RuntimeDefault")},
	}
}

func (a *Args) container() *corev1.ContainerArgs {
	return &corev1.ContainerArgs{
		Name:            pulumi.String(Name),
		Image:           pulumi.String(Image),
		ImagePullPolicy: pulumi.String("IfNotPresent"),
		Args:            pulumi.ToStringArray(pipeline.Flags(configPath + "/" + configName)),
		Env:             a.environment(),
		Ports: corev1.ContainerPortArray{
			kube.TCPPort("metrics", pipeline.MetricsPort), kube.TCPPort("health", pipeline.HealthPort),
		},
		Resources:       resources(),
		ReadinessProbe:  healthy(3),
		LivenessProbe:   healthy(6),
		SecurityContext: kube.RestrictedContainer(),
		VolumeMounts:    a.mounts(),
	}
}

// memoryLimit is that of a node with a hundred pods, of which each has some files open, and the lines that are on their
// way. The Go runtime collects garbage more often above goMemory, a fifth less.
const (
	memoryLimit = "512Mi"
	goMemory    = "410MiB"
)

func resources() *corev1.ResourceRequirementsArgs {
	return &corev1.ResourceRequirementsArgs{
		Requests: pulumi.ToStringMap(map[string]string{"cpu": "100m", "memory": "256Mi", "ephemeral-storage": "64Mi"}),
		Limits:   pulumi.ToStringMap(map[string]string{"cpu": "1", "memory": memoryLimit, "ephemeral-storage": "128Mi"}),
	}
}

func (a *Args) environment() corev1.EnvVarArray {
	variables := corev1.EnvVarArray{
		ofPod(pipeline.NodeVariable, "spec.nodeName"),
		ofPod(pipeline.PodIPVariable, "status.podIP"),
		&corev1.EnvVarArgs{Name: pulumi.String("GOMEMLIMIT"), Value: pulumi.String(goMemory)},
	}
	if a.Credential == nil {
		return variables
	}
	return append(variables, &corev1.EnvVarArgs{
		Name: pulumi.String(PasswordVariable),
		ValueFrom: &corev1.EnvVarSourceArgs{SecretKeyRef: &corev1.SecretKeySelectorArgs{
			Name: pulumi.String(a.Credential.Secret), Key: pulumi.String(a.Credential.PasswordKey),
		}},
	})
}

// ofPod returns a variable with the value of a field of the pod.
func ofPod(name, field string) *corev1.EnvVarArgs {
	return &corev1.EnvVarArgs{
		Name: pulumi.String(name),
		ValueFrom: &corev1.EnvVarSourceArgs{
			FieldRef: &corev1.ObjectFieldSelectorArgs{FieldPath: pulumi.String(field)},
		},
	}
}

// healthy asks the health extension, which answers once every component runs
// (https://github.com/open-telemetry/opentelemetry-collector-contrib/tree/main/extension/healthcheckextension). A store
// that is away is no reason to restart: the queue is on the disk.
func healthy(failures int) *corev1.ProbeArgs {
	return &corev1.ProbeArgs{
		HttpGet:             &corev1.HTTPGetActionArgs{Path: pulumi.String("/"), Port: pulumi.String("health")},
		InitialDelaySeconds: pulumi.Int(5),
		PeriodSeconds:       pulumi.Int(10),
		TimeoutSeconds:      pulumi.Int(5),
		FailureThreshold:    pulumi.Int(failures),
	}
}
