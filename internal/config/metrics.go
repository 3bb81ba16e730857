package config

import (
	"regexp"

	"github.com/dreamseed/platform/internal/invalid"
)

// Metrics says what there is to ask about requests. CPU and memory need nothing here: every cluster serves those.
type Metrics struct {
	// PrometheusURL is the query API that canary releases are judged by, as the cluster reaches it:
	// http://prometheus.dreamseed-monitoring:9090. Default none; without one no service may release by canary.
	PrometheusURL string `json:"prometheusUrl"`
	// RequestsPerSecond is the name under which the cluster's custom metrics API serves the requests that a pod gets in a
	// second, for example http_requests_per_second. Default none; without one the autoscalers go by CPU and memory.
	RequestsPerSecond string `json:"requestsPerSecond"`
}

// metricName is what Prometheus calls a metric, and the rules that adapters name theirs after: name:operation
// (https://prometheus.io/docs/concepts/data_model). It is a part of a path to the API server.
var metricName = regexp.MustCompile(`^[a-zA-Z_:][a-zA-Z0-9_:.-]*$`)

func (m Metrics) validate(problems *invalid.Problems) {
	if m.PrometheusURL != "" {
		prometheusRule.validate("metrics.prometheusUrl", m.PrometheusURL, problems)
	}
	if m.RequestsPerSecond != "" && !metricName.MatchString(m.RequestsPerSecond) {
		problems.Add("metrics.requestsPerSecond", m.RequestsPerSecond,
			"must be the name of a metric such as http_requests_per_second")
	}
}
