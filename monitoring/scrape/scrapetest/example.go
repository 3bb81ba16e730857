// Package scrapetest has example arguments that use everything that a configuration file can hold, for tests of what is
// made of them.
package scrapetest

import (
	"github.com/dreamseed/platform/internal/namespace"
	"github.com/dreamseed/platform/monitoring/scrape"
)

// Example returns the arguments of one of two replicas in production, with operators, data stores, two Alertmanagers
// and two central stores.
func Example() scrape.Args {
	return scrape.Args{
		Environment:         "production",
		Replica:             "a",
		ServicesNamespace:   "dreamseed-production",
		MonitoringNamespace: "dreamseed-monitoring",
		NodeAgentsNamespace: "dreamseed-node-agents",
		Operators: []scrape.Operator{
			{Name: "argo-rollouts", Namespace: "argo-rollouts", Port: 8090},
			{Name: "traefik", Namespace: "traefik", Port: 9100},
		},
		Stores: []scrape.Target{
			{
				Job: "postgres", Namespace: "dreamseed-production", Port: 9187,
				Pods: namespace.Pods{Labels: map[string]string{"cnpg.io/cluster": "postgres"}},
			},
			{Job: "redis", Namespace: "dreamseed-production", Pods: namespace.Named("redis"), Port: 9121},
		},
		Alertmanagers: []string{
			"alertmanager-a.dreamseed-monitoring:9093", "alertmanager-b.dreamseed-monitoring:9093",
		},
		RemoteWrite: []scrape.RemoteWrite{
			{URL: "https://metrics.example.org/api/v1/push", CredentialsFile: "/etc/prometheus/remote-write/0/token"},
			{URL: "http://mimir.example.org/api/v1/push"},
		},
		RetentionDays:  35,
		RetentionBytes: 40 << 30,
		RuleFiles:      []string{"/etc/prometheus/rules/*.yml"},
	}
}

// ExampleAlertmanager returns arguments with a receiver of each kind, one for each severity.
func ExampleAlertmanager() scrape.AlertmanagerArgs {
	return scrape.AlertmanagerArgs{
		Receivers: []scrape.Receiver{
			{Name: "on-call", Kind: scrape.PagerDuty, File: "/etc/alertmanager/receivers/on-call"},
			{Name: "team", Kind: scrape.Slack, File: "/etc/alertmanager/receivers/team"},
			{Name: "dead-man", Kind: scrape.Webhook, File: "/etc/alertmanager/receivers/dead-man"},
		},
		Routes: scrape.Routes{Page: "on-call", Ticket: "team", Heartbeat: "dead-man"},
	}
}
