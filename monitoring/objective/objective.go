// Package objective turns the objectives of a service into recording rules and burn-rate alerts.
//
// An objective promises a share of good requests over 30 days; the rest is its error budget. An alert fires when the
// budget is used up so fast that it would not last, over two windows at once: the long one shows that it matters, the
// short one that it still goes on (https://sre.google/workbook/alerting-on-slos/#6-multiwindow-multi-burn-rate-alerts).
package objective

import (
	"slices"

	"github.com/dreamseed/platform/internal/invalid"
	"github.com/dreamseed/platform/monitoring/contract"
)

// Objectives are what a service promises to its users, over WindowDays.
type Objectives struct {
	// AvailabilityPercent is the share of requests that are answered without an error of the service, a status of 500 or
	// more. 95 to 99.99, default 99.9. A change changes alerts and dashboards, and no pod.
	AvailabilityPercent float64 `json:"availabilityPercent"`
	// LatencyPercent is the share of requests that are answered within LatencyMilliseconds. 95 to 99.99, default 99.
	LatencyPercent float64 `json:"latencyPercent"`
	// LatencyMilliseconds is a bucket of the histogram of durations. Default 500.
	LatencyMilliseconds int `json:"latencyMilliseconds"`
}

// WindowDays is the length of the window over which objectives hold, in days.
const WindowDays = 30

// Bounds of the shares, in percent. Below 93.06 % the fastest alert could never fire: 14.4 times a budget of more than
// 6.94 % is more than all requests.
const minPercent, maxPercent = 95, 99.99

// Default returns the objectives of a service that declares none.
func Default() Objectives {
	return Objectives{AvailabilityPercent: 99.9, LatencyPercent: 99, LatencyMilliseconds: 500}
}

// Validate adds the mistakes of the objectives below key to the problems.
func (o Objectives) Validate(key string, problems *invalid.Problems) {
	checkPercent(key+".availabilityPercent", o.AvailabilityPercent, problems)
	checkPercent(key+".latencyPercent", o.LatencyPercent, problems)
	if bounds := contract.BucketMilliseconds(); !slices.Contains(bounds, o.LatencyMilliseconds) {
		problems.Add(key+".latencyMilliseconds", o.LatencyMilliseconds,
			"must be a bucket of the histogram, because the share below any other value is not known: %v", bounds)
	}
}

func checkPercent(key string, percent float64, problems *invalid.Problems) {
	if percent < minPercent || percent > maxPercent {
		problems.Add(key, percent, "must be a share from %v to %v percent", minPercent, maxPercent)
	}
}
