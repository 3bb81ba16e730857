package dashboard

import (
	"fmt"

	"github.com/grafana/grafana-foundation-sdk/go/units"

	"github.com/dreamseed/platform/monitoring/contract"
	"github.com/dreamseed/platform/monitoring/rule"
)

// Legends of series by one label.
const (
	byService    = "{{" + contract.LabelService + "}}"
	byAutoscaler = "{{" + labelAutoscaler + "}}"
)

// overview shows all services beside each other, and what fires.
func (args Args) overview() page {
	return page{
		uid: "dreamseed-overview", title: "Overview", folder: servicesFolder,
		answers: "Are the services well, and which one is not?",
		rows: []row{
			{"Now", args.now()},
			{"Error budgets", args.budgets()},
			{"Services", args.traffic()},
			{"Alerts", []panel{firingAlerts()}},
		},
	}
}

// services selects the requests of all services.
func (args Args) services() contract.Selector {
	return contract.Selector{contract.Equal(contract.LabelNamespace, args.ServicesNamespace)}
}

func (args Args) now() []panel {
	all, failed := contract.Requests(args.services()), contract.FailedRequests(args.services())
	requests := total(all("rate", window))
	up := job(contract.JobServices).Of("up")
	return []panel{
		{
			kind: figures, title: "Requests", unit: units.RequestsPerSecond,
			description: "Requests to all services together.",
			queries:     []query{{requests, ""}},
		},
		{
			kind: figures, title: "Errors", unit: units.PercentUnit, colours: poorFrom(0.01),
			description: "The share of all requests that a service answered with an error of its own. Red from 1 % on.",
			queries:     []query{{orZero(total(failed("rate", window))+" / "+requests, requests), ""}},
		},
		{
			kind: figures, title: "Pods without metrics", unit: units.Short, colours: poorFrom(1),
			description: "Pods of services that did not answer the last scrape. Nothing is known about their requests.",
			queries:     []query{{count(up + " == 0"), ""}},
		},
		{
			kind: figures, title: "Firing alerts", unit: units.Short, colours: poorFrom(1),
			description: "Alerts that fire, without the one that always does to show that alerting works.",
			queries:     []query{{count(firing()), ""}},
		},
	}
}

// budgets shows each kind of budget for every service.
func (args Args) budgets() []panel {
	panels := []panel{
		{
			title:       "Availability budget left",
			description: "The share of each service's error budget of 30 days for failed requests that is left. Red: used up.",
		},
		{
			title:       "Latency budget left",
			description: "The share of each service's error budget of 30 days for slow requests that is left. Red: used up.",
		},
	}
	for i := range panels {
		panels[i].kind, panels[i].unit, panels[i].colours = figures, units.PercentUnit, goodFrom(0)
		for _, one := range args.Services {
			left := args.objectives(one).Budgets()[i].Left
			panels[i].queries = append(panels[i].queries, query{left, one.Workload})
		}
	}
	return panels
}

func (args Args) traffic() []panel {
	selected := args.services()
	all, failed := contract.Requests(selected), contract.FailedRequests(selected)
	return []panel{
		{
			kind: lines, title: "Requests", unit: units.RequestsPerSecond,
			description: "Requests to each service. A line that ends is a service that is asked no more.",
			queries:     []query{{all("rate", window), byService}},
		},
		{
			kind: lines, title: "Errors", unit: units.PercentUnit,
			description: "The share of each service's requests that it answered with an error of its own.",
			queries:     []query{{orZero(contract.Ratio(failed, all, window), all("rate", window)), byService}},
		},
		{
			kind: lines, title: "Latency, 95 %", unit: units.Seconds,
			description: "The time within which each service answers 95 % of its requests.",
			queries:     []query{{contract.Latency(selected, 0.95, window), byService}},
		},
		{
			kind: lines, title: "Replicas", unit: units.Short,
			description: "The pods of each service, as its autoscaler counts them.",
			queries: []query{{
				sum(labelAutoscaler, object("kube_horizontalpodautoscaler_status_current_replicas", selected...)), byAutoscaler,
			}},
		},
	}
}

// firing selects the alerts that fire. Prometheus writes them as a series
// (https://prometheus.io/docs/prometheus/latest/configuration/alerting_rules/#inspecting-alerts-during-runtime).
func firing() string {
	return contract.Selector{
		contract.Equal("alertstate", "firing"), fmt.Sprintf("%s!=%q", rule.SeverityLabel, rule.Heartbeat),
	}.Of("ALERTS")
}

func firingAlerts() panel {
	return panel{
		kind: list, title: "Firing alerts", unit: units.Short,
		description: "Each alert that fires, with what it is about. Its runbook has its name.",
		queries: []query{{
			highest(fmt.Sprintf("%s, alertname, %s, %s, %s",
				rule.SeverityLabel, contract.LabelNamespace, contract.LabelService, contract.LabelPod), firing()), "",
		}},
	}
}
