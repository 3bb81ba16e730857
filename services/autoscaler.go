package services

import (
	autoscalingv2 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/autoscaling/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// newAutoscaler keeps the average pod at its targets. It starts once the workload is released. When another workload
// takes over, it follows before the former is removed.
func newAutoscaler(
	ctx *pulumi.Context, name string, args *Args, of *workload, opts ...pulumi.ResourceOption,
) error {
	bounds := args.Service.Autoscaling
	_, err := autoscalingv2.NewHorizontalPodAutoscaler(ctx, name, &autoscalingv2.HorizontalPodAutoscalerArgs{
		Metadata: metadata(args, args.Service.Workload()),
		Spec: &autoscalingv2.HorizontalPodAutoscalerSpecArgs{
			ScaleTargetRef: &autoscalingv2.CrossVersionObjectReferenceArgs{
				ApiVersion: pulumi.String(of.kind.APIVersion),
				Kind:       pulumi.String(of.kind.Name),
				Name:       pulumi.String(args.Service.Workload()),
			},
			MinReplicas: pulumi.Int(bounds.MinReplicas),
			MaxReplicas: pulumi.Int(bounds.MaxReplicas),
			Metrics:     targets(args),
			Behavior:    behavior(),
		},
	}, append(opts, pulumi.DependsOn([]pulumi.Resource{of.resource}))...)
	return err
}

func targets(args *Args) autoscalingv2.MetricSpecArray {
	bounds := args.Service.Autoscaling
	metrics := autoscalingv2.MetricSpecArray{
		utilization("cpu", bounds.CPUPercent), utilization("memory", bounds.MemoryPercent),
	}
	if bounds.RequestsPerSecond > 0 {
		metrics = append(metrics, perPod(args.RequestsMetric, bounds.RequestsPerSecond))
	}
	return metrics
}

func utilization(resource string, percent int) *autoscalingv2.MetricSpecArgs {
	return &autoscalingv2.MetricSpecArgs{
		Type: pulumi.String("Resource"),
		Resource: &autoscalingv2.ResourceMetricSourceArgs{
			Name: pulumi.String(resource),
			Target: &autoscalingv2.MetricTargetArgs{
				Type: pulumi.String("Utilization"), AverageUtilization: pulumi.Int(percent),
			},
		},
	}
}

func perPod(metric string, average int) *autoscalingv2.MetricSpecArgs {
	return &autoscalingv2.MetricSpecArgs{
		Type: pulumi.String("Pods"),
		Pods: &autoscalingv2.PodsMetricSourceArgs{
			Metric: &autoscalingv2.MetricIdentifierArgs{Name: pulumi.String(metric)},
			Target: &autoscalingv2.MetricTargetArgs{
				Type: pulumi.String("AverageValue"), AverageValue: pulumi.Sprintf("%d", average),
			},
		},
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
