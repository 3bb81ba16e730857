package services

import (
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	policyv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/policy/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// newDisruptionBudget counts the serving pods of a service, whichever workload runs them. A pod that is not ready may
// always be evicted: it serves nobody, and would block the drain of its node for as long as it is broken.
func newDisruptionBudget(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) error {
	_, err := policyv1.NewPodDisruptionBudget(ctx, name, &policyv1.PodDisruptionBudgetArgs{
		Metadata: metadata(args, args.Service.Workload()),
		Spec: &policyv1.PodDisruptionBudgetSpecArgs{
			MinAvailable:               pulumi.Int(args.plan().MinAvailable),
			UnhealthyPodEvictionPolicy: pulumi.String("AlwaysAllow"),
			Selector: &metav1.LabelSelectorArgs{
				MatchLabels: selector(args.Service.Workload()),
				// While blue and green both run, the preview does not make up for pods that serve.
				MatchExpressions: metav1.LabelSelectorRequirementArray{&metav1.LabelSelectorRequirementArgs{
					Key: pulumi.String(roleLabel), Operator: pulumi.String("NotIn"),
					Values: pulumi.ToStringArray([]string{previewRole}),
				}},
			},
		},
	}, opts...)
	return err
}
