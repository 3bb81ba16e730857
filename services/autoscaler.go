package services

import (
	autoscalingv2 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/autoscaling/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/kube"
)

// The kinds of autoscaler.
var (
	horizontalPodAutoscalerKind = kube.Kind{APIVersion: "autoscaling/v2", Name: "HorizontalPodAutoscaler"}
	scaledObjectKind            = kube.Kind{APIVersion: "keda.sh/v1alpha1", Name: "ScaledObject"}
)

// newAutoscaler keeps the average pod at its targets. It starts once the workload is released. When another workload
// takes over, it follows before the former is removed.
//
// A target for requests makes it a ScaledObject, and a service that gains or loses that target gets the other kind in
// place of the one that it has: docs/decisions/one-autoscaler-per-service.md.
func newAutoscaler(
	ctx *pulumi.Context, name string, args *Args, of *workload, opts ...pulumi.ResourceOption,
) error {
	opts = append(opts, pulumi.DependsOn([]pulumi.Resource{of.resource}))
	if args.Service.Autoscaling.RequestsPerSecond > 0 {
		return newScaledObject(ctx, name, args, of, append(opts, inPlaceOf(horizontalPodAutoscalerKind)...)...)
	}
	return newHorizontalPodAutoscaler(ctx, name, args, of, append(opts, inPlaceOf(scaledObjectKind)...)...)
}

// inPlaceOf makes the resource the successor of one of another kind. The former is gone before the successor is made:
// both own the HorizontalPodAutoscaler of the workload's name, and each would delete that of the other.
func inPlaceOf(former kube.Kind) []pulumi.ResourceOption {
	return []pulumi.ResourceOption{
		pulumi.Aliases([]pulumi.Alias{{Type: pulumi.String(former.Token())}}),
		pulumi.ReplaceOnChanges([]string{"kind"}),
		pulumi.DeleteBeforeReplace(true),
	}
}

// behavior doubles the pods at once when load rises, and removes pods slowly, after five minutes of lower load.
func behavior() *autoscalingv2.HorizontalPodAutoscalerBehaviorArgs {
	return &autoscalingv2.HorizontalPodAutoscalerBehaviorArgs{
		ScaleUp:   rules(0, 100, 15),
		ScaleDown: rules(300, 50, 60),
	}
}

func rules(stabilizationSeconds, percent, periodSeconds int) *autoscalingv2.HPAScalingRulesArgs {
	return &autoscalingv2.HPAScalingRulesArgs{
		StabilizationWindowSeconds: pulumi.Int(stabilizationSeconds),
		Policies: autoscalingv2.HPAScalingPolicyArray{&autoscalingv2.HPAScalingPolicyArgs{
			Type: pulumi.String("Percent"), Value: pulumi.Int(percent), PeriodSeconds: pulumi.Int(periodSeconds),
		}},
	}
}
