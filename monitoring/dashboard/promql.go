package dashboard

import (
	"fmt"

	"github.com/dreamseed/platform/monitoring/contract"
)

// window is the window of rates. At two samples a minute it holds ten.
const window = "5m"

// Labels of kube-state-metrics (https://github.com/kubernetes/kube-state-metrics/tree/v2.15.0/docs/metrics) and of the
// kubelet.
const (
	labelContainer  = "container"
	labelResource   = "resource"
	labelAutoscaler = "horizontalpodautoscaler"
	labelReplicaSet = "created_by_name"
	labelCondition  = "condition"
	labelStatus     = "status"
)

// Resources in the label resource.
const (
	cpu    = "cpu"
	memory = "memory"
)

// job selects the series of a scrape job.
func job(name string, matchers ...string) contract.Selector {
	return contract.Selector{contract.Equal(contract.LabelJob, name)}.And(matchers...)
}

// object returns a metric of kube-state-metrics.
func object(metric string, matchers ...string) string {
	return job(contract.JobKubeStateMetrics, matchers...).Of(metric)
}

// ofRunning replaces the values of pods that do not run by 0.
func ofRunning(pods string) string {
	running := object("kube_pod_status_phase", contract.Equal("phase", "Running"))
	return fmt.Sprintf("%s * on (%s, %s) group_left () %s", pods, contract.LabelNamespace, contract.LabelPod, running)
}

// used returns a metric of the kubelet.
func used(metric string, matchers ...string) string {
	return job(contract.JobKubelet, matchers...).Of(metric)
}

// sum adds the values with the same labels.
func sum(by, expr string) string { return fmt.Sprintf("sum by (%s) (%s)", by, expr) }

// highest keeps the highest of the values with the same labels: replicas of one program report the same.
func highest(by, expr string) string { return fmt.Sprintf("max by (%s) (%s)", by, expr) }

// total adds all values.
func total(expr string) string { return "sum(" + expr + ")" }

// count counts the series, and is 0 without any.
func count(expr string) string { return "count(" + expr + ") or vector(0)" }

// rate returns the increase of a counter per second.
func rate(series string) string { return fmt.Sprintf("rate(%s[%s])", series, window) }

// orZero replaces a missing part of a whole by 0: a counter of errors does not exist before the first one.
func orZero(part, whole string) string { return part + " or 0 * " + whole }

// quantile returns a quantile of a histogram, by labels.
func quantile(at float64, by, buckets string) string {
	return fmt.Sprintf("histogram_quantile(%g, %s)", at, sum(by+", le", rate(buckets)))
}
