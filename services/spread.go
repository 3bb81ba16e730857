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

// spread puts the pods of one release into different zones, and on both spot and on-demand capacity, as the
// availability statement requires. Different nodes are only preferred.
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
		// Zones whose nodes are unreachable do not hold the others back.
		NodeTaintsPolicy: pulumi.String("Honor"),
		// Counts only the pods of one release, because the old pods' places would otherwise displace the new ones. A pod has
		// only one of the two labels, depending on the controller; Kubernetes ignores a label that a pod lacks.
		MatchLabelKeys: pulumi.ToStringArray([]string{"pod-template-hash", "rollouts-pod-template-hash"}),
	}
}

// preferSpot prefers spot capacity where the spread leaves a choice.
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
