package dashboard

import "github.com/grafana/grafana-foundation-sdk/go/units"

// cloudNativePG reads the metrics that every controller of its kind has
// (https://book.kubebuilder.io/reference/metrics-reference).
func cloudNativePG() []panel {
	of := func(name string) string { return metric("cloudnative-pg", "controller_runtime_"+name) }
	return []panel{
		{
			kind: lines, title: "Work of the controllers", unit: units.OpsPerSecond,
			description: "Changes that each controller handles, by their result. Many errors for a long time are attempts " +
				"that fail.",
			queries: []query{{sum("controller, result", rate(of("reconcile_total"))), "{{controller}} {{result}}"}},
		},
		{
			kind: lines, title: "Time to handle a change", unit: units.Seconds,
			description: "The time within which each controller handles 95 % of the changes.",
			queries:     []query{{quantile(0.95, "controller", of("reconcile_time_seconds_bucket")), "{{controller}}"}},
		},
	}
}

// strimzi reads the metrics of the operator's work
// (https://github.com/strimzi/strimzi-kafka-operator/tree/1.2.0/packaging/examples/metrics/grafana-dashboards).
func strimzi() []panel {
	of := func(name string) string { return metric("strimzi", "strimzi_"+name) }
	return []panel{
		{
			kind: lines, title: "Work of the controllers", unit: units.OpsPerSecond,
			description: "Resources that the operator has put into their state, and those for which it failed, by kind.",
			queries: []query{
				{sum("kind", rate(of("reconciliations_successful_total"))), "{{kind}}"},
				{sum("kind", rate(of("reconciliations_failed_total"))), "{{kind}} failed"},
			},
		},
		{
			kind: lines, title: "Resources", unit: units.Short,
			description: "Resources that the operator looks after, by kind.",
			queries:     []query{{highest("kind", of("resources")), "{{kind}}"}},
		},
	}
}
