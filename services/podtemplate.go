package services

import (
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/kube"
	"github.com/dreamseed/platform/monitoring/contract"
	"github.com/dreamseed/platform/services/catalogue"
)

// newPodTemplate returns the same template for every release strategy: changing the strategy alone makes no new
// version.
func newPodTemplate(
	args *Args, account *corev1.ServiceAccount, config *corev1.ConfigMap,
) *corev1.PodTemplateSpecArgs {
	return &corev1.PodTemplateSpecArgs{
		Metadata: &metav1.ObjectMetaArgs{
			Labels:      podLabels(args),
			Annotations: pulumi.ToStringMap(contract.ScrapeAnnotations(catalogue.Port)),
		},
		Spec: podSpec(args, account, config),
	}
}

// podLabels returns the workload's labels, and those by which the cloud identifies its pods.
func podLabels(args *Args) pulumi.StringMap {
	return kube.With(kube.WorkloadLabels(args.Service.Workload()), args.Identity.PodLabels)
}

func podSpec(args *Args, account *corev1.ServiceAccount, config *corev1.ConfigMap) *corev1.PodSpecArgs {
	spec := &corev1.PodSpecArgs{
		ServiceAccountName:            account.Metadata.Name().Elem(),
		AutomountServiceAccountToken:  pulumi.Bool(false),
		EnableServiceLinks:            pulumi.Bool(false),
		PriorityClassName:             pulumi.String(string(args.Service.Priority)),
		TerminationGracePeriodSeconds: pulumi.Int(args.plan().GraceSeconds),
		SecurityContext:               podSecurity(),
		TopologySpreadConstraints:     spread(args),
		Containers:                    corev1.ContainerArray{container(args, config)},
		Volumes: append(corev1.VolumeArray{
			&corev1.VolumeArgs{
				Name:      pulumi.String("config"),
				ConfigMap: &corev1.ConfigMapVolumeSourceArgs{Name: config.Metadata.Name()},
			},
			temporaryFiles(),
		}, serviceFiles(args, config)...),
	}
	if args.Service.Spot.Allowed {
		spec.Tolerations = corev1.TolerationArray{args.Spot.Toleration()}
		spec.Affinity = preferSpot(args.Spot)
	}
	return spec
}

func temporaryFiles() *corev1.VolumeArgs {
	return &corev1.VolumeArgs{
		Name:     pulumi.String("tmp"),
		EmptyDir: &corev1.EmptyDirVolumeSourceArgs{SizeLimit: pulumi.String("64Mi")},
	}
}

func container(args *Args, config *corev1.ConfigMap) *corev1.ContainerArgs {
	return &corev1.ContainerArgs{
		Name:            pulumi.String(args.Service.Workload()),
		Image:           pulumi.String(args.Service.Image),
		ImagePullPolicy: pulumi.String("IfNotPresent"),
		Ports: corev1.ContainerPortArray{&corev1.ContainerPortArgs{
			Name:          pulumi.String("http"),
			ContainerPort: pulumi.Int(catalogue.Port),
			Protocol:      pulumi.String("TCP"),
		}},
		Env:             environment(args, config),
		Resources:       resources(args.Service.Resources),
		LivenessProbe:   probe("/health", 30, 10),
		ReadinessProbe:  probe("/ready", 5, 5),
		Lifecycle:       drain(args.plan().DrainSeconds),
		SecurityContext: kube.RestrictedContainer(),
		VolumeMounts: append(corev1.VolumeMountArray{
			kube.ReadOnlyMount("config", "/app/config"), mountedTemporaryFiles(),
		}, mountedFiles(len(args.Secrets.Mounted)+len(args.Files))...),
	}
}

func mountedTemporaryFiles() *corev1.VolumeMountArgs {
	return &corev1.VolumeMountArgs{Name: pulumi.String("tmp"), MountPath: pulumi.String("/tmp")}
}

func probe(path string, delaySeconds, periodSeconds int) *corev1.ProbeArgs {
	return &corev1.ProbeArgs{
		HttpGet:             &corev1.HTTPGetActionArgs{Path: pulumi.String(path), Port: pulumi.String("http")},
		InitialDelaySeconds: pulumi.Int(delaySeconds),
		PeriodSeconds:       pulumi.Int(periodSeconds),
	}
}

// drain keeps a stopping pod serving until load balancers and kube-proxies have taken it out of rotation.
func drain(seconds int) *corev1.LifecycleArgs {
	return &corev1.LifecycleArgs{PreStop: &corev1.LifecycleHandlerArgs{
		Sleep: &corev1.SleepActionArgs{Seconds: pulumi.Int(seconds)},
	}}
}

// resources returns the requests and limits. They also bound what a pod writes to its node's disk: the temporary files,
// and the logs that the kubelet keeps (https://kubernetes.io/docs/concepts/storage/ephemeral-storage/).
func resources(of catalogue.Resources) *corev1.ResourceRequirementsArgs {
	return &corev1.ResourceRequirementsArgs{
		Requests: amounts(of.Requests, "64Mi"), Limits: amounts(of.Limits, "256Mi"),
	}
}

func amounts(of catalogue.Amounts, disk string) pulumi.StringMap {
	return pulumi.StringMap{
		"cpu":               pulumi.String(of.CPU.String()),
		"memory":            pulumi.String(of.Memory.String()),
		"ephemeral-storage": pulumi.String(disk),
	}
}
