package grafana

import (
	appsv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apps/v1"
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/kube"
)

const (
	// deadlineSeconds is how long a change may take: pulling the image and the longest start.
	deadlineSeconds = 10 * 60
	// keptRevisions are for a look at what changed.
	keptRevisions = 2
)

// newDeployment registers the one pod. Sessions are in its database, so a second one would not know who has signed in
// to the first. The new pod of a change answers before the former one ends: they share no volume.
func newDeployment(
	ctx *pulumi.Context, name string, args *Args, template *corev1.PodTemplateSpecArgs, opts ...pulumi.ResourceOption,
) (*appsv1.Deployment, error) {
	return appsv1.NewDeployment(ctx, name, &appsv1.DeploymentArgs{
		Metadata: kube.Annotate(args.metadata(workload), kube.WaitForDeployment()),
		Spec: &appsv1.DeploymentSpecArgs{
			Replicas:                pulumi.Int(1),
			RevisionHistoryLimit:    pulumi.Int(keptRevisions),
			ProgressDeadlineSeconds: pulumi.Int(deadlineSeconds),
			Selector:                &metav1.LabelSelectorArgs{MatchLabels: selector()},
			Strategy: &appsv1.DeploymentStrategyArgs{
				Type: pulumi.String("RollingUpdate"),
				RollingUpdate: &appsv1.RollingUpdateDeploymentArgs{
					MaxUnavailable: pulumi.Int(0), MaxSurge: pulumi.Int(1),
				},
			},
			Template: template,
		},
	}, append(opts, kube.Deadline(deadlineSeconds))...)
}
