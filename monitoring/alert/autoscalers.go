package alert

import (
	"slices"
	"strings"

	"github.com/dreamseed/platform/monitoring/contract"
	"github.com/dreamseed/platform/monitoring/rule"
)

// keda is the name of the operator that scales by requests.
const keda = "keda"

func (e Environment) autoscalers() rule.Group {
	alerts := []definition{e.atMaximum(), e.inactive()}
	if slices.Contains(e.Operators, keda) {
		alerts = append(alerts, e.fallback())
	}
	return group("autoscalers", alerts...)
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

// inactive fires for an autoscaler whose condition is false, is unknown, or does not exist, for a service that has no
// autoscaler, and once when there is none at all. One that somebody paused in KEDA does not exist
// (https://keda.sh/docs/2.21/concepts/scaling-deployments/#pausing-autoscaling).
func (e Environment) inactive() definition {
	const each = "kube_horizontalpodautoscaler_spec_max_replicas"
	of := kubeState(e.namespace())
	var missing []string
	for _, workload := range e.Workloads {
		missing = append(missing, absent(of.And(contract.Equal("horizontalpodautoscaler", workload)), each))
	}
	return definition{
		name: "HorizontalPodAutoscalerInactive", severity: rule.Ticket, lasting: "5m",
		expr: byAutoscaler(of.Of(each)) + "\nunless " + e.condition("ScalingActive") + "\nor " + absent(of, each) +
			"\nor (\n  " + strings.Join(missing, "\n  or ") + "\n) unless on () " + absent(of, each),
		summary: "{{ with $labels.horizontalpodautoscaler }}{{ . }} does not scale" +
			"{{ else }}There is no autoscaler{{ end }}",
		description: "{{ with $labels.horizontalpodautoscaler }}{{ . }} cannot read its metrics, or does not exist" +
			"{{ else }}No autoscaler is known{{ end }}: the number of pods does not follow the load.",
	}
}

// fallback fires while KEDA holds the number of pods because it cannot read a metric: its fourth failure in a row
// (https://keda.sh/docs/2.21/reference/scaledobject-spec/#fallback). It is asked every 15 seconds.
func (e Environment) fallback() definition {
	failures := ofJob(keda, e.namespace()).Of("keda_scaler_detail_errors_total")
	return definition{
		name: "ScaledObjectFallback", severity: rule.Ticket, lasting: "1m",
		expr:    increase("namespace, scaledObject", failures, "5m") + " > 3",
		summary: "{{ $labels.scaledObject }} does not follow its requests",
		description: "KEDA cannot read the requests of {{ $labels.scaledObject }}: it keeps the pods that there are, and " +
			"adds some by processor and memory alone.",
	}
}
