package alert

import (
	"slices"
	"strings"

	"github.com/dreamseed/platform/monitoring/contract"
	"github.com/dreamseed/platform/monitoring/rule"
)

func (e Environment) targets() rule.Group {
	return group("targets",
		targetDown(),
		targetsAbsent(rule.Page, contract.JobServices, contract.JobKubeStateMetrics),
		targetsAbsent(rule.Ticket, e.furtherJobs()...),
		discoveryFailing(),
	)
}

// furtherJobs returns the jobs without which the services still have their alerts.
func (e Environment) furtherJobs() []string {
	own := []string{
		contract.JobNodeExporter, contract.JobKubelet, contract.JobKubeletVolumes,
		contract.JobPrometheus, contract.JobAlertmanager, contract.JobGrafana,
	}
	return slices.Concat(own, e.Logs.Jobs, e.Stores.exporters(), slices.Sorted(slices.Values(e.Operators)))
}

// targetDown allows for the pods and nodes that come and go.
func targetDown() definition {
	return definition{
		name: "TargetDown", severity: rule.Ticket, lasting: "10m",
		expr:        "count by (job) (up == 0) / count by (job) (up) > 0.1",
		summary:     "Targets of {{ $labels.job }} are down",
		description: "{{ $value | humanizePercentage }} of the targets of job {{ $labels.job }} do not answer.",
	}
}

// targetsAbsent finds jobs without a target: what is not there cannot be down.
func targetsAbsent(severity rule.Severity, jobs ...string) definition {
	var each []string
	for _, job := range jobs {
		each = append(each, absent(ofJob(job), "up"))
	}
	return definition{
		name: "TargetsAbsent", severity: severity, lasting: "10m",
		expr:        strings.Join(each, "\nor "),
		summary:     "{{ $labels.job }} has no target",
		description: "Prometheus finds nothing to scrape for job {{ $labels.job }}: every alert on its metrics is blind.",
	}
}

// discoveryFailing finds a right that was taken away: the targets that are known stay, and new ones never appear.
func discoveryFailing() definition {
	failures := ofJob(contract.JobPrometheus).Of("prometheus_sd_kubernetes_failures_total")
	return definition{
		name: "DiscoveryFailing", severity: rule.Ticket, lasting: "15m",
		expr:        "max by (instance) (increase(" + failures + "[5m])) > 0",
		summary:     "Prometheus cannot discover targets",
		description: "{{ $labels.instance }} cannot list or watch objects of the API server: new pods are not scraped.",
	}
}
