package services

import (
	"fmt"
	"maps"
	"strings"

	appsv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apps/v1"
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/services/catalogue"
)

const (
	// keptRevisions is how many former releases "kubectl rollout undo" can return to in an emergency.
	keptRevisions = 5
	// gracePeriod is how long a pod has to finish its requests, drainSeconds included.
	gracePeriod = 30
	// drainSeconds is how long a pod that is asked to stop goes on serving, until every node has heard of it.
	drainSeconds = 5
	// awaitMargin lets the Deployment's own deadline pass before the engine's, so that the Deployment says it, too.
	awaitMargin = 5
)

func newDeployment(
	ctx *pulumi.Context, name string, args *Args, account *corev1.ServiceAccount, config *corev1.ConfigMap,
	opts ...pulumi.ResourceOption,
) error {
	workload := args.Service.Workload()
	timeout := fmt.Sprintf("%ds", args.RolloutDeadlineSeconds+awaitMargin)
	_, err := appsv1.NewDeployment(ctx, name, &appsv1.DeploymentArgs{
		Metadata: awaited(metadata(args, workload), args.Service.Replicas),
		Spec: &appsv1.DeploymentSpecArgs{
			Replicas:                pulumi.Int(args.Service.Replicas),
			RevisionHistoryLimit:    pulumi.Int(keptRevisions),
			ProgressDeadlineSeconds: pulumi.Int(args.RolloutDeadlineSeconds),
			Selector:                &metav1.LabelSelectorArgs{MatchLabels: selector(workload)},
			Strategy:                rollingUpdate(),
			Template: &corev1.PodTemplateSpecArgs{
				Metadata: &metav1.ObjectMetaArgs{Labels: podLabels(args)},
				Spec:     podSpec(args, account, config),
			},
		},
	}, append(opts, pulumi.Timeouts(&pulumi.CustomTimeouts{Create: timeout, Update: timeout}))...)
	return err
}

// awaited makes the engine wait for what `kubectl rollout status` waits for, of this very generation. The provider's
// own wait does not look at the observed generation: when it asks before the Deployment controller has seen the
// change, it finds the former release complete and takes that for the new one.
func awaited(metadata *metav1.ObjectMetaArgs, replicas int) *metav1.ObjectMetaArgs {
	var expressions []string
	for _, figure := range []string{"updatedReplicas", "availableReplicas", "replicas"} {
		expressions = append(expressions, fmt.Sprintf(`"jsonpath={.status.%s}=%d"`, figure, replicas))
	}
	metadata.Annotations = pulumi.StringMap{
		"pulumi.com/waitFor": pulumi.String("[" + strings.Join(expressions, ", ") + "]"),
	}
	return metadata
}

// rollingUpdate never goes below the count that serves.
func rollingUpdate() *appsv1.DeploymentStrategyArgs {
	return &appsv1.DeploymentStrategyArgs{
		Type: pulumi.String("RollingUpdate"),
		RollingUpdate: &appsv1.RollingUpdateDeploymentArgs{
			MaxUnavailable: pulumi.Int(0),
			MaxSurge:       pulumi.String(fmt.Sprintf("%d%%", catalogue.SurgePercent)),
		},
	}
}

// podLabels are the workload's, and those by which the cloud knows its pods.
func podLabels(args *Args) pulumi.StringMap {
	all := labels(args.Service.Workload())
	maps.Copy(all, args.Identity.PodLabels)
	return all
}

func podSpec(args *Args, account *corev1.ServiceAccount, config *corev1.ConfigMap) *corev1.PodSpecArgs {
	return &corev1.PodSpecArgs{
		ServiceAccountName:            account.Metadata.Name().Elem(),
		AutomountServiceAccountToken:  pulumi.Bool(args.Service.KubernetesAPI),
		EnableServiceLinks:            pulumi.Bool(false),
		PriorityClassName:             pulumi.String(string(args.Service.Priority)),
		TerminationGracePeriodSeconds: pulumi.Int(gracePeriod),
		SecurityContext:               podSecurity(),
		TopologySpreadConstraints:     spread(args.Service.Workload()),
		Containers:                    corev1.ContainerArray{container(args, config)},
		Volumes: corev1.VolumeArray{
			&corev1.VolumeArgs{
				Name:      pulumi.String("config"),
				ConfigMap: &corev1.ConfigMapVolumeSourceArgs{Name: config.Metadata.Name()},
			},
			&corev1.VolumeArgs{
				Name:     pulumi.String("tmp"),
				EmptyDir: &corev1.EmptyDirVolumeSourceArgs{SizeLimit: pulumi.String("64Mi")},
			},
		},
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
		Env:             environment(config),
		Resources:       resources(args.Service.Resources),
		LivenessProbe:   probe("/health", 30, 10),
		ReadinessProbe:  probe("/ready", 5, 5),
		Lifecycle:       drain(),
		SecurityContext: containerSecurity(),
		VolumeMounts: corev1.VolumeMountArray{
			&corev1.VolumeMountArgs{
				Name:      pulumi.String("config"),
				MountPath: pulumi.String("/app/config"),
				ReadOnly:  pulumi.Bool(true),
			},
			&corev1.VolumeMountArgs{Name: pulumi.String("tmp"), MountPath: pulumi.String("/tmp")},
		},
	}
}

func probe(path string, delaySeconds, periodSeconds int) *corev1.ProbeArgs {
	return &corev1.ProbeArgs{
		HttpGet:             &corev1.HTTPGetActionArgs{Path: pulumi.String(path), Port: pulumi.String("http")},
		InitialDelaySeconds: pulumi.Int(delaySeconds),
		PeriodSeconds:       pulumi.Int(periodSeconds),
	}
}

// drain keeps a stopping pod serving until load balancers and kube-proxies have taken it out of rotation.
func drain() *corev1.LifecycleArgs {
	return &corev1.LifecycleArgs{PreStop: &corev1.LifecycleHandlerArgs{
		Sleep: &corev1.SleepActionArgs{Seconds: pulumi.Int(drainSeconds)},
	}}
}

func resources(of catalogue.Resources) *corev1.ResourceRequirementsArgs {
	return &corev1.ResourceRequirementsArgs{Requests: amounts(of.Requests), Limits: amounts(of.Limits)}
}

func amounts(of catalogue.Amounts) pulumi.StringMap {
	return pulumi.StringMap{
		"cpu":    pulumi.String(of.CPU.String()),
		"memory": pulumi.String(of.Memory.String()),
	}
}
