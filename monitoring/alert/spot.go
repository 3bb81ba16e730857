package alert

import (
	"fmt"

	"github.com/dreamseed/platform/monitoring/contract"
	"github.com/dreamseed/platform/monitoring/rule"
)

const (
	// spotTaints are the keys of the taint that spot nodes have on each cloud: package cluster.
	spotTaints = "dreamseed[.]ai/spot|kubernetes[.]azure[.]com/scalesetpriority"
	// removalTaint marks a node that the cluster autoscaler removes because it is not needed
	// (https://github.com/kubernetes/autoscaler/blob/master/cluster-autoscaler/utils/taints/taints.go).
	removalTaint = "ToBeDeletedByClusterAutoscaler"
)

func (e Environment) spot() rule.Group { return group("spot", spotNodesReclaimed()) }

// spotNodesReclaimed fires when the cloud takes a large share of the spot nodes within an hour. One reclaim is what
// spot nodes are for, and a node that is no longer needed is none. Without kube-state-metrics all nodes would seem to
// be gone.
func spotNodesReclaimed() definition {
	byNode := func(series string) string { return "max by (node) (" + series + ")" }
	spot := kubeState(like("key", spotTaints)).Of("kube_node_spec_taint")
	removed := kubeState(contract.Equal("key", removalTaint)).Of("kube_node_spec_taint")
	before := byNode("max_over_time(" + spot + "[1h])")
	return definition{
		name: "SpotNodesReclaimed", severity: rule.Ticket,
		expr: fmt.Sprintf("count(%[1]s unless %[2]s unless %[3]s)\n  >= 2\nand on () count(%[1]s unless %[2]s unless %[3]s)"+
			"\n  / count(%[1]s) >= 0.5\nand on () max(%[4]s) == 1",
			before, byNode(spot), byNode("max_over_time("+removed+"[1h])"), kubeState().Of("up")),
		summary: "The cloud reclaims many spot nodes",
		description: "{{ $value }} spot nodes, at least half of all, were reclaimed within an hour. Services keep their " +
			"on-demand floor; the rest waits for other nodes.",
	}
}
