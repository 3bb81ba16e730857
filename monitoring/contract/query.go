package contract

import (
	"fmt"
	"strings"
)

// Selector is a list of label matchers, each as PromQL writes it: name="value".
type Selector []string

// Equal returns the matcher of one value.
func Equal(label, value string) string { return fmt.Sprintf("%s=%q", label, value) }

// OfService selects the series of a service's workload in a namespace.
func OfService(namespace, workload string) Selector {
	return Selector{Equal(LabelNamespace, namespace), Equal(LabelService, workload)}
}

// And returns the selector with further matchers, and leaves it unchanged.
func (s Selector) And(matchers ...string) Selector { return append(s[:len(s):len(s)], matchers...) }

// Of returns the selected series of a metric.
func (s Selector) Of(metric string) string { return metric + "{" + strings.Join(s, ",") + "}" }

// failed matches the requests that a service answered with an error of its own.
const failed = LabelStatus + `=~"5.."`

// Count is a number of requests: an expression for a function, rate or increase, over a window.
type Count func(function, window string) string

// Requests counts the selected requests, by service.
func Requests(selected Selector) Count {
	return func(function, window string) string {
		return fmt.Sprintf("sum by (%s, %s) (%s(%s[%s]))",
			LabelNamespace, LabelService, function, selected.Of(RequestsTotal), window)
	}
}

// FailedRequests counts the selected requests that the service answered with an error of its own. A service that never
// failed has no such series, so its count is written as 0.
func FailedRequests(selected Selector) Count {
	return func(function, window string) string {
		return "(" + Requests(selected.And(failed))(function, window) +
			" or 0 * " + Requests(selected)(function, window) + ")"
	}
}

// SlowRequests counts the selected requests that took longer than a bucket.
func SlowRequests(selected Selector, milliseconds int) Count {
	return func(function, window string) string {
		sum := func(series string) string {
			return fmt.Sprintf("sum by (%s, %s) (%s(%s[%s]))", LabelNamespace, LabelService, function, series, window)
		}
		return "(" + sum(selected.Of(RequestDurationCount)) + " - " +
			sum(selected.And(Equal("le", Bound(milliseconds))).Of(RequestDurationBucket)) + ")"
	}
}

// Ratio returns the share of a part in a whole over a window, between 0 and 1. It has no value without requests.
func Ratio(part, whole Count, window string) string {
	return part("rate", window) + " / " + whole("rate", window)
}

// Latency returns a quantile of the duration in seconds; the quantile is between 0 and 1.
func Latency(selected Selector, quantile float64, window string) string {
	return fmt.Sprintf("histogram_quantile(%g, sum by (%s, %s, le) (rate(%s[%s])))",
		quantile, LabelNamespace, LabelService, selected.Of(RequestDurationBucket), window)
}
