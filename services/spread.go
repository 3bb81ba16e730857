package services

import (
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
)

const (
	condition = "DoNotSchedule"
	wish      = "ScheduleAnyway"
)

// spread puts the pods of one release into different zones, and on both sides of spot and on-demand, as the
// availability statement demands. That they are on different nodes, too, is a wish.
func spread(args *Args) corev1.TopologySpreadConstraintArray {
	workload, plan := args.Service.Workload(), args.plan()
	constraints := corev1.TopologySpreadConstraintArray{
		evenly(workload, "topology.kubernetes.io/zone", plan.ZoneSkew, condition),
		evenly(workload, "kubernetes.io/hostname", 1, wish),
	}
	if plan.CapacitySkew > 0 {
		constraints = append(constraints, evenly(workload, cluster.CapacityLabel, plan.CapacitySkew, condition))
	}
	return constraints
}

func evenly(workload, over string, skew int, unsatisfiable string) *corev1.TopologySpreadConstraintArgs {
	return &corev1.TopologySpreadConstraintArgs{
		MaxSkew:           pulumi.Int(skew),
		TopologyKey:       pulumi.String(over),
		WhenUnsatisfiable: pulumi.String(unsatisfiable),
		LabelSelector:     &metav1.LabelSelectorArgs{MatchLabels: selector(workload)},
		// A zone whose nodes are not heard of does not hold the others back.
		NodeTaintsPolicy: pulumi.String("Honor"),
		// Counts the pods of one release only, or the old one's places would push the new one's aside. Which of the two
		// labels a pod has depends on who releases it; one that it has not counts for nothing.
		MatchLabelKeys: pulumi.ToStringArray([]string{"pod-template-hash", "rollouts-pod-template-hash"}),
	}
}

// preferSpot makes spot capacity the first choice, where the spread leaves one.
func preferSpot(spot cluster.Spot) *corev1.AffinityArgs {
	return &corev1.AffinityArgs{NodeAffinity: &corev1.NodeAffinityArgs{
		PreferredDuringSchedulingIgnoredDuringExecution: corev1.PreferredSchedulingTermArray{
			&corev1.PreferredSchedulingTermArgs{
				Weight: pulumi.Int(100),
				Preference: &corev1.NodeSelectorTermArgs{MatchExpressions: corev1.NodeSelectorRequirementArray{
					&corev1.NodeSelectorRequirementArgs{
						Key: pulumi.String(spot.Key), Operator: pulumi.String("In"),
						Values: pulumi.ToStringArray([]string{spot.Value}),
					},
				}},
			},
		},
	}}
}
