package traffic

import (
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promhttp"
	corev1 "k8s.io/api/core/v1"

	"github.com/dreamseed/platform/internal/sandbox/load"
	"github.com/dreamseed/platform/monitoring/contract"
)

// metrics are those of one pod.
type metrics struct {
	of       *corev1.Pod
	good     counted
	failed   counted
	duration prometheus.Histogram
	handler  http.Handler
	at       time.Time
}

// counted is a counter of whole requests.
type counted struct {
	counter prometheus.Counter
	due     float64 // the part of a request that was not counted yet
}

// newMetrics returns a pod's metrics before its first request. Both statuses are there with 0, so that the first error
// is an increase.
func newMetrics(of *corev1.Pod, now time.Time) *metrics {
	requests := prometheus.NewCounterVec(prometheus.CounterOpts{
		Name: contract.RequestsTotal, Help: "Requests that were answered, by status code.",
	}, []string{contract.LabelStatus})
	duration := prometheus.NewHistogram(prometheus.HistogramOpts{
		Name: contract.RequestDuration, Help: "Time that an answer took.", Buckets: contract.Buckets(),
	})
	registry := prometheus.NewRegistry()
	registry.MustRegister(requests, duration)
	status := func(code int) counted { return counted{counter: requests.WithLabelValues(strconv.Itoa(code))} }
	return &metrics{
		of: of, at: now, duration: duration,
		good: status(http.StatusOK), failed: status(http.StatusInternalServerError),
		handler: promhttp.HandlerFor(registry, promhttp.HandlerOpts{}),
	}
}

// advance counts the requests since the last call, at this load.
func (m *metrics) advance(now time.Time, asked load.Load) {
	requests := now.Sub(m.at).Seconds() * asked.RequestsPerSecond
	m.at = now
	answered := m.failed.add(requests*asked.ErrorShare) + m.good.add(requests*(1-asked.ErrorShare))
	for range answered {
		m.duration.Observe(asked.Latency.Seconds())
	}
}

// add counts the whole requests, and returns their number.
func (c *counted) add(requests float64) int {
	c.due += requests
	whole := int(c.due)
	c.due -= float64(whole)
	c.counter.Add(float64(whole))
	return whole
}
