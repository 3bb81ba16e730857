package config

import (
	"regexp"

	"github.com/dreamseed/platform/internal/invalid"
)

// Metrics describes the source of the request metrics that autoscalers go by. CPU and memory need no source: every
// cluster serves those.
type Metrics struct {
	// RequestsPerSecond is the name under which the cluster's custom metrics API serves the requests per second of a pod,
	// for example http_requests_per_second. Default none; without it the autoscalers go by CPU and memory.
	RequestsPerSecond string `json:"requestsPerSecond"`
}

// metricName matches the names that Prometheus allows for metrics, and for the rules after which adapters name theirs:
// name:operation (https://prometheus.io/docs/concepts/data_model). The name becomes part of an API server path.
var metricName = regexp.MustCompile(`^[a-zA-Z_:][a-zA-Z0-9_:.-]*$`)

func (m Metrics) validate(problems *invalid.Problems) {
	if m.RequestsPerSecond != "" && !metricName.MatchString(m.RequestsPerSecond) {
		problems.Add("metrics.requestsPerSecond", m.RequestsPerSecond,
			"must be the name of a metric such as http_requests_per_second")
	}
}
