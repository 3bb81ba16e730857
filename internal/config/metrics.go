package config

import (
	"net/url"

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

// validate shows no address that may hold a password.
func (m Metrics) validate(problems *invalid.Problems) {
	const key, rule = "metrics.prometheusUrl", "must be an http or https URL without credentials"
	if m.PrometheusURL == "" {
		return
	}
	switch at, err := url.Parse(m.PrometheusURL); {
	case err != nil, at.User != nil:
		problems.Add(key, "(not shown)", rule)
	case at.Scheme != "http" && at.Scheme != "https", at.Host == "":
		problems.Add(key, m.PrometheusURL, rule)
	}
}
