// Package nodeagent runs a program on every node.
package nodeagent

import (
	appsv1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/apps/v1"
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/services/catalogue"
)

// Args describes the agent.
type Args struct {
	// Metadata is that of the DaemonSet.
	Metadata *metav1.ObjectMetaArgs
	// Labels are those of the pods, and Selector selects these. It cannot be changed later.
	Labels, Selector pulumi.StringMap
	// Pod has what the agent does not share with others. New completes it.
	Pod *corev1.PodSpecArgs
}

// New registers a DaemonSet with a pod on every node. Unlike that for a Deployment, the provider's own wait compares
// the observed generation and takes no former version for the new one
// (https://github.com/pulumi/pulumi-kubernetes/blob/v4.25.0/provider/pkg/await/daemonset.go). It waits for every node:
// an update fails after ten minutes if one of them is not ready.
func New(
	ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption,
) (*appsv1.DaemonSet, error) {
	args.complete()
	return appsv1.NewDaemonSet(ctx, name, &appsv1.DaemonSetArgs{
		Metadata: args.Metadata,
		Spec: &appsv1.DaemonSetSpecArgs{
			Selector:             &metav1.LabelSelectorArgs{MatchLabels: args.Selector},
			RevisionHistoryLimit: pulumi.Int(5),
			// A version that does not start blinds a quarter of the nodes at most. The pod of a node is replaced, not
			// doubled: two at a time would read and report everything twice.
			UpdateStrategy: &appsv1.DaemonSetUpdateStrategyArgs{
				Type:          pulumi.String("RollingUpdate"),
				RollingUpdate: &appsv1.RollingUpdateDaemonSetArgs{MaxUnavailable: pulumi.String("25%"), MaxSurge: pulumi.Int(0)},
			},
			Template: &corev1.PodTemplateSpecArgs{
				Metadata: &metav1.ObjectMetaArgs{Labels: args.Labels},
				Spec:     args.Pod,
			},
		},
	}, opts...)
}

// complete lets the pod start on every node.
func (a *Args) complete() {
	a.Pod.EnableServiceLinks = pulumi.Bool(false)
	// It starts where nothing else fits any more: what is short of room is what has to be looked at. An agent is small
	// enough to displace nobody for long.
	a.Pod.PriorityClassName = pulumi.String(string(catalogue.Critical))
	a.Pod.NodeSelector = pulumi.ToStringMap(map[string]string{"kubernetes.io/os": "linux"})
	// Every taint, those of spot nodes and of pools for others included: a node that repels pods because something is
	// wrong with it, or that is about to be reclaimed, is the last one to lose sight of.
	a.Pod.Tolerations = corev1.TolerationArray{&corev1.TolerationArgs{Operator: pulumi.String("Exists")}}
}
