package alert

import (
	"fmt"

	"github.com/dreamseed/platform/monitoring/contract"
	"github.com/dreamseed/platform/monitoring/rule"
)

func (e Environment) pods() rule.Group {
	return group("pods", e.podsNotScraped(), e.crashLooping(), e.restarting(), e.unschedulable())
}

// podsNotScraped finds pods without the annotations, which are no target that could be down. A canary of such pods
// would pass its analysis without having been judged.
func (e Environment) podsNotScraped() definition {
	ready := kubeState(e.namespace(), podsOf(e.Workloads...), contract.Equal("condition", "true")).
		Of("kube_pod_status_ready")
	return definition{
		name: "PodNotScraped", severity: rule.Ticket, lasting: "15m",
		expr: fmt.Sprintf("max by (%[1]s, %[2]s) (%[3]s) == 1\nunless on (%[1]s, %[2]s)\n%[4]s == 1",
			contract.LabelNamespace, contract.LabelPod, ready, ofJob(contract.JobServices, e.namespace()).Of("up")),
		summary: "{{ $labels.pod }} is not scraped",
		description: "Pod {{ $labels.pod }} is ready, and Prometheus does not read its metrics: " +
			"its requests are missing from every figure of its service.",
	}
}

// byContainer takes the largest value of each container.
const byContainer = "max by (namespace, pod, container) "

// crashLooping looks back five minutes: between two attempts the container runs for some seconds.
func (e Environment) crashLooping() definition {
	waiting := kubeState(e.ownNamespaces(), contract.Equal("reason", "CrashLoopBackOff")).
		Of("kube_pod_container_status_waiting_reason")
	return definition{
		name: "ContainerCrashLooping", severity: rule.Ticket, lasting: "10m",
		expr:    byContainer + "(max_over_time(" + waiting + "[5m])) == 1",
		summary: "{{ $labels.container }} of {{ $labels.pod }} does not start",
		description: "Container {{ $labels.container }} of pod {{ $labels.pod }} in {{ $labels.namespace }} ends again and " +
			"again; the kubelet waits longer before each start.",
	}
}

func (e Environment) restarting() definition {
	restarts := kubeState(e.ownNamespaces()).Of("kube_pod_container_status_restarts_total")
	return definition{
		name: "ContainerRestarting", severity: rule.Ticket,
		expr:    byContainer + "(increase(" + restarts + "[1h])) > 3",
		summary: "{{ $labels.container }} of {{ $labels.pod }} restarts",
		description: "Container {{ $labels.container }} of pod {{ $labels.pod }} in {{ $labels.namespace }} was started " +
			"{{ $value | humanize }} times within an hour.",
	}
}

// unschedulable also covers what a reclaimed node leaves behind when no other takes its pods.
func (e Environment) unschedulable() definition {
	scheduled := kubeState(e.ownNamespaces(), contract.Equal("condition", "false")).Of("kube_pod_status_scheduled")
	return definition{
		name: "PodUnschedulable", severity: rule.Ticket, lasting: "15m",
		expr:        "max by (namespace, pod) (" + scheduled + ") == 1",
		summary:     "No node takes {{ $labels.pod }}",
		description: "Pod {{ $labels.pod }} in {{ $labels.namespace }} has waited for a node for a quarter of an hour.",
	}
}
