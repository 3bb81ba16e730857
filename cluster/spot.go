package cluster

import (
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Spot says how a workload comes onto interruptible nodes and how long it has to leave them.
type Spot struct {
	// Key and Value are both the label that spot nodes carry and the NoSchedule taint that keeps other pods off: a
	// workload that tolerates the one and asks for the other runs on spot nodes and nowhere else.
	Key   string
	Value string
	// GracePeriodSeconds is the time between the notice and the end of the node that a pod can count on.
	GracePeriodSeconds int
}

// Taint is the effect with which spot nodes keep other pods off.
const Taint = "NoSchedule"

// Toleration lets a pod onto spot nodes, and past no other taint.
func (s Spot) Toleration() *corev1.TolerationArgs {
	return &corev1.TolerationArgs{
		Key:      pulumi.String(s.Key),
		Operator: pulumi.String("Equal"),
		Value:    pulumi.String(s.Value),
		Effect:   pulumi.String(Taint),
	}
}

// ownKey marks spot nodes wherever the cloud lets us choose.
const ownKey = "dreamseed.ai/spot"

var spots = map[Cloud]Spot{
	// A spot node gets 30 seconds, of which the kubelet leaves ordinary pods about 25
	// (https://cloud.google.com/kubernetes-engine/docs/concepts/spot-vms).
	GKE: {Key: ownKey, Value: "true", GracePeriodSeconds: 25},
	// Two minutes, in which the managed node group has to notice and to begin the drain
	// (https://docs.aws.amazon.com/eks/latest/userguide/managed-node-groups.html).
	EKS: {Key: ownKey, Value: "true", GracePeriodSeconds: 90},
	// AKS labels and taints spot nodes itself and lets nobody use its prefix; the notice is 30 seconds at least
	// (https://learn.microsoft.com/azure/aks/spot-node-pool).
	AKS: {Key: "kubernetes.azure.com/scalesetpriority", Value: "spot", GracePeriodSeconds: 25},
	// Nobody knows whose cluster it is, so it gets the shortest of the notices.
	Existing: {Key: ownKey, Value: "true", GracePeriodSeconds: 25},
}

// Spot is what this cloud's spot nodes look like.
func (c Cloud) Spot() Spot { return spots[c] }
