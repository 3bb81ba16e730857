package exporter

import (
	"fmt"
	"strconv"
	"strings"

	appsv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apps/v1"
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/kube"
)

// KubeStateMetricsImage is pinned to an exact version by its tag: the digest could not be looked up. A new version is a
// new tag here.
const KubeStateMetricsImage = "registry.k8s.io/kube-state-metrics/kube-state-metrics:v2.15.0"

// reader is a process of kube-state-metrics.
type reader struct {
	workload
	kinds []kind
	// watched are the namespaces of the objects. Empty for kinds that belong to no namespace.
	watched []string
	amounts amounts
}

// register registers the Deployment and its rights, and returns the Deployment. Its first pod starts with all of its
// rights: it would back off from a kind that it may not read, for up to a minute.
func (r reader) register(
	ctx *pulumi.Context, name string, opts ...pulumi.ResourceOption,
) (pulumi.Resource, error) {
	account, err := newAccount(ctx, name+"-account", r.workload, opts...)
	if err != nil {
		return nil, fmt.Errorf("creating the service account: %w", err)
	}
	rights, err := r.grant(ctx, name, opts...)
	if err != nil {
		return nil, err
	}
	deployment, err := appsv1.NewDeployment(ctx, name+"-deployment", &appsv1.DeploymentArgs{
		Metadata: kube.Annotate(kube.Metadata(r.namespace, r.name, r.labels()), kube.WaitForDeployment()),
		Spec: &appsv1.DeploymentSpecArgs{
			Replicas:                pulumi.Int(1),
			RevisionHistoryLimit:    pulumi.Int(5),
			ProgressDeadlineSeconds: pulumi.Int(300),
			Strategy:                &appsv1.DeploymentStrategyArgs{Type: pulumi.String("Recreate")},
			Selector:                &metav1.LabelSelectorArgs{MatchLabels: r.selector()},
			Template: &corev1.PodTemplateSpecArgs{
				Metadata: &metav1.ObjectMetaArgs{Labels: r.labels()},
				Spec:     r.pod(account),
			},
		},
	}, append(opts, pulumi.DependsOn(rights))...)
	if err != nil {
		return nil, fmt.Errorf("creating the deployment: %w", err)
	}
	return deployment, nil
}

func (r reader) pod(account *corev1.ServiceAccount) *corev1.PodSpecArgs {
	return &corev1.PodSpecArgs{
		ServiceAccountName: account.Metadata.Name().Elem(),
		// With its token it reads the objects.
		AutomountServiceAccountToken: pulumi.Bool(true),
		EnableServiceLinks:           pulumi.Bool(false),
		PriorityClassName:            pulumi.String(string(priority)),
		SecurityContext:              kube.RestrictedPod(unprivilegedUser),
		Containers: corev1.ContainerArray{&corev1.ContainerArgs{
			Name:            pulumi.String(KubeStateMetricsName),
			Image:           pulumi.String(KubeStateMetricsImage),
			ImagePullPolicy: pulumi.String("IfNotPresent"),
			Args:            pulumi.ToStringArray(r.arguments()),
			Ports: corev1.ContainerPortArray{
				kube.TCPPort("metrics", KubeStateMetricsPort), kube.TCPPort("telemetry", KubeStateMetricsTelemetryPort),
			},
			Resources: r.amounts.requirements(),
			// Not /livez, which asks the API server: while that is away, the kubelet would restart a process that cannot start
			// without it (func handleClusterDelegationForProber in
			// https://github.com/kubernetes/kube-state-metrics/blob/v2.15.0/pkg/app/server.go).
			LivenessProbe:   answering("/healthz", "metrics"),
			ReadinessProbe:  answering("/readyz", "telemetry"),
			SecurityContext: kube.RestrictedContainer(),
		}},
	}
}

// arguments returns the flags
// (https://github.com/kubernetes/kube-state-metrics/blob/v2.15.0/docs/developer/cli-arguments.md).
func (r reader) arguments() []string {
	var resources, labels, metrics []string
	for _, kind := range r.kinds {
		resources = append(resources, kind.resource)
		if len(kind.labels) > 0 {
			labels = append(labels, kind.resource+"=["+strings.Join(kind.labels, ",")+"]")
		}
		for _, metric := range kind.metrics {
			// Each is a regular expression that would also match longer names.
			metrics = append(metrics, "^"+metric+"$")
		}
	}
	arguments := []string{
		"--port=" + strconv.Itoa(KubeStateMetricsPort),
		"--telemetry-port=" + strconv.Itoa(KubeStateMetricsTelemetryPort),
		"--resources=" + strings.Join(resources, ","),
		"--metric-allowlist=" + strings.Join(metrics, ","),
		"--metric-labels-allowlist=" + strings.Join(labels, ","),
	}
	if len(r.watched) > 0 {
		arguments = append(arguments, "--namespaces="+strings.Join(r.watched, ","))
	}
	return arguments
}
