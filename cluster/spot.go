package cluster

import (
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Spot describes how to schedule a workload onto interruptible nodes and how much notice it gets.
type Spot struct {
	// Key and Value are both the label of spot nodes and their NoSchedule taint, which repels other pods: a workload that
	// tolerates the taint and selects the label runs on spot nodes and nowhere else.
	Key   string
	Value string
	// GracePeriodSeconds is the time that a pod can count on between the interruption notice and the end of its node.
	GracePeriodSeconds int
}

// SpotTaintEffect is the effect of the taint that repels other pods from spot nodes.
const SpotTaintEffect = "NoSchedule"

// Toleration returns the toleration for the taint of spot nodes, and for no other taint.
func (s Spot) Toleration() *corev1.TolerationArgs {
	return &corev1.TolerationArgs{
		Key:      pulumi.String(s.Key),
		Operator: pulumi.String("Equal"),
		Value:    pulumi.String(s.Value),
		Effect:   pulumi.String(SpotTaintEffect),
	}
}

// ownKey is the label and taint key on clouds that leave the choice to us.
const ownKey = "dreamseed.ai/spot"

var spots = map[Cloud]Spot{
	// A spot node gets 30 seconds, and the kubelet leaves ordinary pods about 25 of them
	// (https://cloud.google.com/kubernetes-engine/docs/concepts/spot-vms).
	GKE: {Key: ownKey, Value: "true", GracePeriodSeconds: 25},
	// Two minutes, in which the managed node group has to notice the interruption and start the drain
	// (https://docs.aws.amazon.com/eks/latest/userguide/managed-node-groups.html).
	EKS: {Key: ownKey, Value: "true", GracePeriodSeconds: 90},
	// AKS labels and taints spot nodes itself and reserves its prefix; the notice is at least 30 seconds
	// (https://learn.microsoft.com/azure/aks/spot-node-pool).
	AKS: {Key: "kubernetes.azure.com/scalesetpriority", Value: "spot", GracePeriodSeconds: 25},
	// The cloud behind an existing cluster is unknown, so it gets the shortest of the grace periods.
	Existing: {Key: ownKey, Value: "true", GracePeriodSeconds: 25},
}

// Spot returns the label, taint and grace period of this cloud's spot nodes.
func (c Cloud) Spot() Spot { return spots[c] }
