package components

const metricsServerModule = "sigs.k8s.io/metrics-server"

// Metrics returns the additional programs of a sandbox that serves pod metrics to autoscalers.
func Metrics() []Component {
	return []Component{{
		Name: "metrics-server", Module: OperatorsModule, Package: "./cmd/metrics-server",
		Version:   Requirement{OperatorsModule, metricsServerModule},
		Variables: []string{"k8s.io/component-base/version.gitVersion={version}"},
		Source:    Source{Module: metricsServerModule},
	}}
}
