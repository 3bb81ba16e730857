package replica

import (
	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	metav1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/meta/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/kube"
)

// zoneLabel is the label of the zone of a node (https://kubernetes.io/docs/reference/labels-annotations-taints).
const zoneLabel = "topology.kubernetes.io/zone"

// apart keeps a replica out of the zones of the others. A spread over zones would count pods of one Deployment, which
// has only one. A replica's own former pod does not count: on a lost node it stays for a while, in the very zone to
// which the volume ties its successor.
func (a *Args) apart() *corev1.AffinityArgs {
	return &corev1.AffinityArgs{PodAntiAffinity: &corev1.PodAntiAffinityArgs{
		RequiredDuringSchedulingIgnoredDuringExecution: corev1.PodAffinityTermArray{&corev1.PodAffinityTermArgs{
			TopologyKey: pulumi.String(zoneLabel),
			LabelSelector: &metav1.LabelSelectorArgs{
				MatchLabels: a.Program.selector(),
				MatchExpressions: metav1.LabelSelectorRequirementArray{&metav1.LabelSelectorRequirementArgs{
					Key: pulumi.String(kube.InstanceLabel), Operator: pulumi.String("NotIn"),
					Values: pulumi.ToStringArray([]string{a.name()}),
				}},
			},
		}},
	}}
}
