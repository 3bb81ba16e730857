package services

import (
	"fmt"

	appsv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apps/v1"
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/kube"
	"github.com/dreamseed/platform/services/availability"
)

var deploymentKind = kube.Kind{APIVersion: "apps/v1", Name: "Deployment"}

// newDeployment releases by replacing a few pods at a time, and never goes below the number of serving pods.
func newDeployment(
	ctx *pulumi.Context, name string, args *Args, template *corev1.PodTemplateSpecArgs, opts ...pulumi.ResourceOption,
) (*workload, error) {
	named := args.Service.Workload()
	deployment, err := appsv1.NewDeployment(ctx, name, &appsv1.DeploymentArgs{
		Metadata: kube.Annotate(metadata(args, named), kube.WaitForDeployment()),
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
	return &workload{resource: deployment, kind: deploymentKind}, nil
}
