// Package contract is what the producers and the readers of metrics agree on: names, labels, buckets, and the address
// at which pods are scraped. Scraping, rules, dashboards, autoscaling and the analysis of canaries read it, and so does
// the documentation for the authors of services.
package contract

import (
	"slices"
	"strconv"
)

// Metrics that every service has.
const (
	// RequestsTotal counts the requests that were answered, by LabelStatus.
	RequestsTotal = "http_requests_total"
	// RequestDuration is a histogram of the time that an answer took, in seconds, with Buckets.
	RequestDuration = "http_request_duration_seconds"
	// RequestDurationBucket and RequestDurationCount are series of that histogram.
	RequestDurationBucket = RequestDuration + "_bucket"
	RequestDurationCount  = RequestDuration + "_count"
)

// LabelStatus is the label of a service's metrics that holds the status code of the answer, such as 200.
const LabelStatus = "status"

// Labels that scraping adds to every series of a pod. A service need not know them.
const (
	LabelNamespace = "namespace"
	LabelPod       = "pod"
	LabelNode      = "node"
	// LabelService is the name of the workload: the pod's label app.kubernetes.io/name.
	LabelService = "service"
	// LabelVersion is the hash of the pod template by which Argo Rollouts tells two versions apart. A Deployment's pods
	// have none.
	LabelVersion = "rollouts_pod_template_hash"
	// LabelJob is the name of the scrape job.
	LabelJob = "job"
)

// Path is the path of a pod's metrics.
const Path = "/metrics"

// buckets are those of the Prometheus client libraries
// (https://pkg.go.dev/github.com/prometheus/client_golang/prometheus#DefBuckets), in seconds.
var buckets = []float64{0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10}

// Buckets returns the upper bounds of the buckets of RequestDuration, in seconds.
func Buckets() []float64 { return slices.Clone(buckets) }

// BucketMilliseconds returns the upper bounds of the buckets in milliseconds. A latency objective has to be one of
// them: the share of requests below any other value is not known.
func BucketMilliseconds() []int {
	var all []int
	for _, seconds := range buckets {
		all = append(all, int(seconds*1000))
	}
	return all
}

// Bound returns the value of the label le for a bucket. Prometheus 3 writes a whole number with a fraction, 1.0
// (https://prometheus.io/docs/prometheus/3.0/migration).
func Bound(milliseconds int) string {
	seconds := float64(milliseconds) / 1000
	text := strconv.FormatFloat(seconds, 'g', -1, 64)
	if seconds == float64(int(seconds)) {
		return text + ".0"
	}
	return text
}

// Annotations of a pod that is scraped.
const (
	ScrapeAnnotation = "prometheus.io/scrape"
	PortAnnotation   = "prometheus.io/port"
	PathAnnotation   = "prometheus.io/path"
)

// ScrapeAnnotations returns the annotations of a pod with metrics on this port.
func ScrapeAnnotations(port int) map[string]string {
	return map[string]string{ScrapeAnnotation: "true", PortAnnotation: strconv.Itoa(port), PathAnnotation: Path}
}
