package services

import (
	"strconv"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/kube"
	"github.com/dreamseed/platform/monitoring/contract"
)

// failuresBeforeFallback is how often in a row Prometheus may fail to answer before the number of pods is held. The
// autoscaler asks every 15 seconds.
const failuresBeforeFallback = 3

// newScaledObject goes by the requests per second of a pod, too. KEDA makes the HorizontalPodAutoscaler of it, and
// answers it with what Prometheus counted (https://keda.sh/docs/2.21/reference/scaledobject-spec).
func newScaledObject(
	ctx *pulumi.Context, name string, args *Args, of *workload, opts ...pulumi.ResourceOption,
) error {
	bounds := args.Service.Autoscaling
	meta := kube.Annotate(metadata(args, args.Service.Workload()), kube.WaitForCondition("Ready"))
	_, err := kube.NewCustomResource(ctx, name, scaledObjectKind, meta, pulumi.Map{
		"scaleTargetRef": pulumi.ToStringMap(map[string]string{
			"apiVersion": of.kind.APIVersion, "kind": of.kind.Name, "name": args.Service.Workload(),
		}),
		"minReplicaCount": pulumi.Int(bounds.MinReplicas),
		"maxReplicaCount": pulumi.Int(bounds.MaxReplicas),
		"triggers": pulumi.MapArray{
			used("cpu", bounds.CPUPercent), used("memory", bounds.MemoryPercent), requested(args),
		},
		"fallback": pulumi.Map{
			"failureThreshold": pulumi.Int(failuresBeforeFallback),
			"replicas":         pulumi.Int(bounds.MinReplicas),
			// The other targets may still add pods; none is removed.
			"behavior": pulumi.String("currentReplicasIfHigher"),
		},
		"advanced": pulumi.Map{"horizontalPodAutoscalerConfig": pulumi.Map{
			"name": pulumi.String(args.Service.Workload()), "behavior": behavior(),
		}},
	}, append(opts, kube.Deadline(args.RolloutDeadlineSeconds))...)
	return err
}

// used is the trigger of a share of what a pod requests.
func used(resource string, percent int) pulumi.Map {
	return pulumi.Map{
		"type":       pulumi.String(resource),
		"metricType": pulumi.String("Utilization"),
		"metadata":   pulumi.Map{"value": pulumi.String(strconv.Itoa(percent))},
	}
}

// requested is the trigger of the requests of a pod. An empty answer is a failure: KEDA's default takes it for no
// requests, and would remove pods because nobody counts.
func requested(args *Args) pulumi.Map {
	selected := contract.OfService(args.Namespace, args.Service.Workload())
	return pulumi.Map{
		"type":       pulumi.String("prometheus"),
		"name":       pulumi.String("requests"),
		"metricType": pulumi.String("AverageValue"),
		"metadata": pulumi.ToStringMap(map[string]string{
			"serverAddress":    args.PrometheusURL,
			"query":            contract.Requests(selected)("rate", rateWindow),
			"threshold":        strconv.Itoa(args.Service.Autoscaling.RequestsPerSecond),
			"ignoreNullValues": "false",
		}),
	}
}
