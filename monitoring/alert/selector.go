package alert

import (
	"fmt"
	"strings"

	"github.com/dreamseed/platform/monitoring/contract"
)

// ofJob selects the series of a scrape job.
func ofJob(job string, matchers ...string) contract.Selector {
	return contract.Selector{contract.Equal(contract.LabelJob, job)}.And(matchers...)
}

// kubeState selects series of kube-state-metrics
// (https://github.com/kubernetes/kube-state-metrics/tree/v2.15.0/docs/metrics).
func kubeState(matchers ...string) contract.Selector {
	return ofJob(contract.JobKubeStateMetrics, matchers...)
}

// oneOf returns the matcher of several values. They contain no character that a regular expression would interpret.
func oneOf(label string, values ...string) string { return like(label, strings.Join(values, "|")) }

// like returns the matcher of a regular expression.
func like(label, expression string) string { return fmt.Sprintf("%s=~%q", label, expression) }

// namespace matches the series of the services' namespace, ownNamespaces those of the monitoring's, too.
func (e Environment) namespace() string {
	return contract.Equal(contract.LabelNamespace, e.ServicesNamespace)
}

func (e Environment) ownNamespaces() string {
	return oneOf(contract.LabelNamespace, e.ServicesNamespace, e.MonitoringNamespace)
}

// podsOf matches the pods of workloads by their names: that of the workload, the hash of the pod template, and a random
// part. The name of a migration's pod has a further part.
func podsOf(workloads ...string) string {
	return like(contract.LabelPod, "("+strings.Join(workloads, "|")+")-[a-z0-9]+-[a-z0-9]+")
}

// increase returns how much counters grew within a window, by a list of labels.
func increase(by, counters, window string) string {
	return fmt.Sprintf("sum by (%s) (increase(%s[%s]))", by, counters, window)
}

// absent returns an expression that has one series, with the labels of the equality matchers, while the metric has
// none.
func absent(selected contract.Selector, metric string) string {
	return "absent(" + selected.Of(metric) + ")"
}
