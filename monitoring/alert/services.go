package alert

import (
	"fmt"

	"github.com/dreamseed/platform/monitoring/contract"
	"github.com/dreamseed/platform/monitoring/rule"
)

// services returns one group for each workload: each alert carries the label service, like those on objectives.
func (e Environment) services() []rule.Group {
	var groups []rule.Group
	for _, name := range e.Workloads {
		of := workload{namespace: e.namespace(), name: name}
		groups = append(groups, group(name+"-pods", of.withoutReadyPods(), of.notScraped(), of.cpu(), of.memory()))
	}
	return groups
}

// workload is the Deployment or Rollout of a service. Its namespace is a matcher.
type workload struct{ namespace, name string }

func (w workload) labels() map[string]string { return map[string]string{contract.LabelService: w.name} }

// ready is 1 for each ready pod, and 0 for each other one.
func (w workload) ready() string {
	return kubeState(w.namespace, podsOf(w.name), contract.Equal("condition", "true")).Of("kube_pod_status_ready")
}

// withoutReadyPods finds the outage that no objective sees: without a ready pod nothing counts the requests that fail.
// Without kube-state-metrics the number of ready pods is not known, which is another alert.
func (w workload) withoutReadyPods() definition {
	return definition{
		name: "ServiceWithoutReadyPods", severity: rule.Page, lasting: "2m", labels: w.labels(),
		expr: fmt.Sprintf("(sum(%s) or vector(0)) == 0\nand on () max(%s) == 1",
			w.ready(), kubeState().Of("up")),
		summary:     w.name + " has no ready pod",
		description: "No pod of " + w.name + " has been ready for two minutes: every request to it fails.",
	}
}

// notScraped covers the whole service; podsNotScraped covers the single pod.
func (w workload) notScraped() definition {
	scraped := ofJob(contract.JobServices, w.namespace, contract.Equal(contract.LabelService, w.name)).Of("up")
	return definition{
		name: "ServiceNotScraped", severity: rule.Page, lasting: "5m", labels: w.labels(),
		expr:    fmt.Sprintf("count(%s == 1)\nunless on ()\ncount(%s == 1)", w.ready(), scraped),
		summary: "No pod of " + w.name + " is scraped",
		description: w.name + " has {{ $value }} ready pods, and Prometheus reads the metrics of none: " +
			"its error budget, its canaries and its autoscaling by requests are blind.",
	}
}

// usage is the share of its limit that each pod uses. Pods without usage, such as finished ones, have no share.
func (w workload) usage(used, resource string) string {
	byPod := fmt.Sprintf("sum by (%s, %s) ", contract.LabelNamespace, contract.LabelPod)
	limits := kubeState(w.namespace, podsOf(w.name), contract.Equal("resource", resource))
	return byPod + "(" + used + ")\n  / " + byPod + "(" + limits.Of("kube_pod_container_resource_limits") + ")"
}

// used selects a metric of the kubelet
// (https://github.com/kubernetes/kubernetes/blob/v1.35.4/pkg/kubelet/metrics/collectors/resource_metrics.go).
func (w workload) used(metric string) string {
	return ofJob(contract.JobKubelet, w.namespace, podsOf(w.name)).Of(metric)
}

// cpu is about the average pod, because requests are spread over all of them.
func (w workload) cpu() definition {
	return definition{
		name: "ServiceCPUSaturated", severity: rule.Ticket, lasting: "15m", labels: w.labels(),
		expr:    "avg(" + w.usage("rate("+w.used("container_cpu_usage_seconds_total")+"[5m])", "cpu") + ") > 0.9",
		summary: w.name + " uses its CPU limit",
		description: "The pods of " + w.name + " have used {{ $value | humanizePercentage }} of their CPU limit for a " +
			"quarter of an hour: they are throttled, and answers take longer.",
	}
}

// memory is about the fullest pod: the kernel ends each container on its own.
func (w workload) memory() definition {
	return definition{
		name: "ServiceMemorySaturated", severity: rule.Ticket, lasting: "10m", labels: w.labels(),
		expr:    "max(" + w.usage(w.used("container_memory_working_set_bytes"), "memory") + ") > 0.9",
		summary: w.name + " uses its memory limit",
		description: "A pod of " + w.name + " uses {{ $value | humanizePercentage }} of its memory limit: " +
			"at the limit the kernel ends it.",
	}
}
