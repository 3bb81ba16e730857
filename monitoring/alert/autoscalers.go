package alert

import (
	"github.com/dreamseed/platform/monitoring/contract"
	"github.com/dreamseed/platform/monitoring/rule"
)

func (e Environment) autoscalers() rule.Group {
	return group("autoscalers", e.atMaximum(), e.inactive())
}

func byAutoscaler(series string) string {
	return "max by (namespace, horizontalpodautoscaler) (" + series + ")"
}

// condition returns 1 for each autoscaler with a condition that is true, and 0 for each other one.
func (e Environment) condition(name string) string {
	selected := kubeState(e.namespace(), contract.Equal("condition", name), contract.Equal("status", "true"))
	return byAutoscaler(selected.Of("kube_horizontalpodautoscaler_status_condition")) + " == 1"
}

// atMaximum fires when the load asks for more pods than the maximum. If exactly the maximum is enough, ScalingLimited
// is false (https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale-walkthrough/
// #appendix-horizontal-pod-autoscaler-status-conditions). The condition is also true when the minimum is more than the
// load asks for: an autoscaler whose bounds are equal has no alert.
func (e Environment) atMaximum() definition {
	of := kubeState(e.namespace())
	return definition{
		name: "HorizontalPodAutoscalerAtMaximum", severity: rule.Ticket, lasting: "15m",
		expr: byAutoscaler(of.Of("kube_horizontalpodautoscaler_status_desired_replicas")) + " >= (\n  " +
			byAutoscaler(of.Of("kube_horizontalpodautoscaler_spec_max_replicas")) + " >\n  " +
			byAutoscaler(of.Of("kube_horizontalpodautoscaler_spec_min_replicas")) + "\n)\nand " +
			e.condition("ScalingLimited"),
		summary: "{{ $labels.horizontalpodautoscaler }} needs more pods than its maximum",
		description: "{{ $labels.horizontalpodautoscaler }} has had its maximum of {{ $value }} pods for a quarter of an " +
			"hour, and its load asks for more.",
	}
}

// inactive fires for an autoscaler whose condition is false, is unknown, or does not exist, and when there is none at
// all.
func (e Environment) inactive() definition {
	const each = "kube_horizontalpodautoscaler_spec_max_replicas"
	of := kubeState(e.namespace())
	return definition{
		name: "HorizontalPodAutoscalerInactive", severity: rule.Ticket, lasting: "5m",
		expr: byAutoscaler(of.Of(each)) + "\nunless " + e.condition("ScalingActive") + "\nor " + absent(of, each),
		summary: "{{ with $labels.horizontalpodautoscaler }}{{ . }} does not scale" +
			"{{ else }}There is no autoscaler{{ end }}",
		description: "{{ with $labels.horizontalpodautoscaler }}{{ . }} cannot read its metrics{{ else }}No autoscaler is " +
			"known{{ end }}: the number of pods does not follow the load.",
	}
}
