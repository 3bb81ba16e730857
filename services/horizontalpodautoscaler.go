package services

import (
	autoscalingv2 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/autoscaling/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// newHorizontalPodAutoscaler goes by what the pods use of their requests.
func newHorizontalPodAutoscaler(
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
			Metrics: autoscalingv2.MetricSpecArray{
				utilization("cpu", bounds.CPUPercent), utilization("memory", bounds.MemoryPercent),
			},
			Behavior: behavior(),
		},
	}, opts...)
	return err
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
