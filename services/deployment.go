package services

import (
	"fmt"

	appsv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apps/v1"
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/services/availability"
)

// newDeployment releases by replacing pods a few at a time, and never goes below the count that serves.
func newDeployment(
	ctx *pulumi.Context, name string, args *Args, template *corev1.PodTemplateSpecArgs, opts ...pulumi.ResourceOption,
) (*workload, error) {
	named := args.Service.Workload()
	deployment, err := appsv1.NewDeployment(ctx, name, &appsv1.DeploymentArgs{
		Metadata: annotated(metadata(args, named), awaitDeployment()),
		Spec: &appsv1.DeploymentSpecArgs{
			Replicas:                pulumi.Int(args.Service.Autoscaling.MinReplicas),
			RevisionHistoryLimit:    pulumi.Int(keptRevisions),
			ProgressDeadlineSeconds: pulumi.Int(args.RolloutDeadlineSeconds),
			Selector:                &metav1.LabelSelectorArgs{MatchLabels: selector(named)},
			Strategy: &appsv1.DeploymentStrategyArgs{
				Type: pulumi.String("RollingUpdate"),
				RollingUpdate: &appsv1.RollingUpdateDeploymentArgs{
					MaxUnavailable: pulumi.Int(0),
					MaxSurge:       pulumi.String(fmt.Sprintf("%d%%", availability.MaxSurgePercent)),
				},
			},
			Template: template,
		},
	}, append(opts, workloadOptions(args)...)...)
	if err != nil {
		return nil, fmt.Errorf("creating the deployment: %w", err)
	}
	return &workload{resource: deployment, apiVersion: "apps/v1", kind: "Deployment"}, nil
}

// awaitDeployment makes the engine wait for the Deployment controller's own verdict on this very generation. The
// provider evaluates the expressions once the controller has observed the generation. That the reason alone would still
// be the former release's, when a release returns to a ReplicaSet that is kept, is why updated pods must be there, too:
// at that moment there are none, and the field is absent.
func awaitDeployment() pulumi.StringMap {
	return waitFor(
		`jsonpath={.status.conditions[?(@.type=="Progressing")].reason}=NewReplicaSetAvailable`,
		`jsonpath={.status.updatedReplicas}`,
	)
}
