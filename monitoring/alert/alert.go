// Package alert holds the alerts on the platform itself: its services' pods, their releases and autoscalers, volumes,
// certificates, secrets, and the monitoring. Those on the objectives of a service are in package objective.
//
// An alert is for a person to act on: each has a page that says what to do, and a firing and a silent case in testdata.
// No alert takes an empty result for health: where a query could lose its series, the alert fires on their absence.
package alert

import (
	"slices"

	"github.com/dreamseed/platform/monitoring/rule"
)

// Environment is what the alerts depend on.
type Environment struct {
	// ServicesNamespace and MonitoringNamespace are the namespaces whose pods and volumes have alerts.
	ServicesNamespace, MonitoringNamespace string
	// Workloads are the names of the services' Deployments or Rollouts, for example auth-service.
	Workloads []string
	// Operators are the names of the operators that are scraped, for example cert-manager. An operator has the job of its
	// name.
	Operators []string
	// Logs is what keeps the lines of the services.
	Logs Logs
	// Stores are the data stores that run in the cluster.
	Stores Stores
	// SeriesLimit is the number of series that the memory of Prometheus is sized for.
	SeriesLimit int
}

// Groups returns the rule groups with the alerts, always in the same order. A group without alerts is left out.
func Groups(of Environment) []rule.Group {
	groups := of.services()
	groups = append(groups,
		of.pods(),
		of.releases(),
		of.autoscalers(),
		of.volumes(),
		of.spot(),
		of.certificates(),
		of.secrets(),
		of.logs(),
		of.stores(),
		of.backups(),
		of.targets(),
		of.prometheus(),
		alertmanager(),
		heartbeat(),
	)
	return slices.DeleteFunc(groups, func(group rule.Group) bool { return len(group.Rules) == 0 })
}

// Runbook returns the path of an alert's page in this repository: docs/runbooks/alerts/<alert>.md.
func Runbook(alert string) string { return rule.Runbook(alert) }
