package replica

import (
	appsv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apps/v1"
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/kube"
)

const (
	// moveSeconds is for the end of the former pod and the move of the volume to another node.
	moveSeconds = 5 * 60
	// keptRevisions are for a look at what changed. A replica is changed by this program alone.
	keptRevisions = 2
)

// deadlineSeconds is how long a change of one replica may take: its longest start, and before it the move.
func (a *Args) deadlineSeconds() int { return a.Program.Health.StartSeconds + moveSeconds }

// newDeployment registers the pod of a replica. The former pod ends before its successor starts: only one at a time may
// have the volume, and a second one that waits for it would wait for ever.
func newDeployment(
	ctx *pulumi.Context, name string, args *Args, claim *corev1.PersistentVolumeClaim, opts ...pulumi.ResourceOption,
) (*appsv1.Deployment, error) {
	return appsv1.NewDeployment(ctx, name, &appsv1.DeploymentArgs{
		Metadata: kube.Annotate(args.metadata(), kube.WaitForDeployment()),
		Spec: &appsv1.DeploymentSpecArgs{
			Replicas:                pulumi.Int(1),
			RevisionHistoryLimit:    pulumi.Int(keptRevisions),
			ProgressDeadlineSeconds: pulumi.Int(args.deadlineSeconds()),
			Selector:                &metav1.LabelSelectorArgs{MatchLabels: args.selector()},
			Strategy:                &appsv1.DeploymentStrategyArgs{Type: pulumi.String("Recreate")},
			Template: &corev1.PodTemplateSpecArgs{
				Metadata: &metav1.ObjectMetaArgs{Labels: args.labels()},
				Spec:     args.podSpec(claim),
			},
		},
	}, append(opts, kube.Deadline(args.deadlineSeconds()))...)
}
