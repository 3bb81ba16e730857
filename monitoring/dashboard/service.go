package dashboard

import (
	"fmt"

	"github.com/grafana/grafana-foundation-sdk/go/units"

	"github.com/dreamseed/platform/monitoring/contract"
	"github.com/dreamseed/platform/monitoring/objective"
)

// byPod is the legend of series by pod.
const byPod = "{{" + contract.LabelPod + "}}"

// service shows one service: what its users see, and what its pods use.
func (args Args) service(of Service) page {
	return page{
		uid: "service-" + of.Workload, title: of.Workload, folder: servicesFolder,
		answers: "Does " + of.Workload + " keep its promises, and what does it lack if not?",
		rows: []row{
			{"Error budgets", args.remaining(of)},
			{"Requests", args.requests(of)},
			{"Pods", args.pods(of)},
		},
		events: []event{releases(args.ServicesNamespace, of.Workload)},
	}
}

// remaining shows the error budgets of a service.
func (args Args) remaining(of Service) []panel {
	var panels []panel
	burn := panel{
		kind: lines, title: "Rate of use", unit: units.Short,
		description: fmt.Sprintf("How fast the requests of the last hour used up the budgets: at 1, a budget lasts exactly "+
			"%d days.", objective.WindowDays),
	}
	for _, budget := range args.objectives(of).Budgets() {
		panels = append(panels, panel{
			kind: lines, title: "Budget left: " + budget.Broken, unit: units.PercentUnit,
			description: fmt.Sprintf("Of the requests of %d days, a share of %s may be %s. This is what is left of it. "+
				"Below 0 the objective is missed.", objective.WindowDays, budget.Allowed, budget.Broken),
			queries: []query{{budget.Left, "left"}},
		})
		burn.queries = append(burn.queries, query{budget.Burn, budget.Broken})
	}
	return append(panels, burn)
}

func (args Args) requests(of Service) []panel {
	selected := contract.OfService(args.ServicesNamespace, of.Workload)
	all, failed := contract.Requests(selected), contract.FailedRequests(selected)
	shown := []panel{
		{
			kind: lines, title: "Requests", unit: units.RequestsPerSecond,
			description: "Requests by the status code of their answer.",
			queries: []query{{
				sum(contract.LabelStatus, rate(selected.Of(contract.RequestsTotal))), "{{" + contract.LabelStatus + "}}",
			}},
		},
		{
			kind: lines, title: "Errors", unit: units.PercentUnit,
			description: "The share of requests that were answered with an error of the service.",
			queries: []query{
				{orZero(contract.Ratio(failed, all, window), all("rate", window)), "errors"},
				{"vector(" + args.objectives(of).Budgets()[0].Allowed + ")", "allowed"},
			},
		},
		latencies(selected, of),
	}
	if of.RequestsPerSecond > 0 {
		shown = append(shown, args.perPod(of))
	}
	return shown
}

// latencies shows percentiles beside the bound of the objective.
func latencies(selected contract.Selector, of Service) panel {
	shown := panel{
		kind: lines, title: "Latency", unit: units.Seconds,
		description: fmt.Sprintf("The time within which 50, 95 and 99 %% of the requests are answered. The objective: %g %% "+
			"within %d ms.", of.Objectives.LatencyPercent, of.Objectives.LatencyMilliseconds),
	}
	for _, percent := range []int{50, 95, 99} {
		shown.queries = append(shown.queries, query{
			contract.Latency(selected, float64(percent)/100, window), fmt.Sprintf("%d %%", percent),
		})
	}
	bound := fmt.Sprintf("vector(%g)", float64(of.Objectives.LatencyMilliseconds)/1000)
	shown.queries = append(shown.queries, query{bound, "objective"})
	return shown
}

// perPod shows the requests of the average pod beside the target of the autoscaler.
func (args Args) perPod(of Service) panel {
	selected := contract.OfService(args.ServicesNamespace, of.Workload)
	requests := contract.Requests(selected)("rate", window)
	serving := sum(byNamespace(contract.LabelService), job(contract.JobServices, selected...).Of("up"))
	return panel{
		kind: lines, title: "Requests of a pod", unit: units.RequestsPerSecond,
		description: fmt.Sprintf("The requests of the average pod. Above %d the autoscaler adds pods.", of.RequestsPerSecond),
		queries: []query{
			{requests + " / " + serving, "average"}, {fmt.Sprintf("vector(%d)", of.RequestsPerSecond), "target"},
		},
	}
}

func (args Args) pods(of Service) []panel {
	// In a pod of a service, the container has the name of the workload.
	pods := args.services().And(contract.Equal(labelContainer, of.Workload))
	restarts := object("kube_pod_container_status_restarts_total", pods...)
	return []panel{
		{
			kind: lines, title: "CPU", unit: units.PercentUnit,
			description: "The share of its limit that each pod uses. At 100 % it is slowed down.",
			queries: []query{{
				ofLimit(rate(used("container_cpu_usage_seconds_total", pods...)), cpu, pods), byPod,
			}},
		},
		{
			kind: lines, title: "Memory", unit: units.PercentUnit,
			description: "The share of its limit that each pod uses. At 100 % it is killed.",
			queries: []query{{
				ofLimit(used("container_memory_working_set_bytes", pods...), memory, pods), byPod,
			}},
		},
		args.replicas(of),
		{
			kind: lines, title: "Restarts", unit: units.Short,
			description: "Restarts of each pod in the hour before. The logs of the former container say why.",
			queries:     []query{{sum(contract.LabelPod, "increase("+restarts+"[1h])"), byPod}},
		},
	}
}

// ofLimit returns the share of the limit of a resource that each pod uses.
func ofLimit(usage, resource string, pods contract.Selector) string {
	limits := object("kube_pod_container_resource_limits", pods.And(contract.Equal(labelResource, resource))...)
	return sum(contract.LabelPod, usage) + " / " + sum(contract.LabelPod, limits)
}

// replicas shows the pods of a service beside the bounds of its autoscaler.
func (args Args) replicas(of Service) panel {
	autoscaler := args.services().And(contract.Equal(labelAutoscaler, of.Workload))
	figure := func(name string) string {
		return total(object("kube_horizontalpodautoscaler_"+name, autoscaler...))
	}
	serving := job(contract.JobServices, contract.OfService(args.ServicesNamespace, of.Workload)...).Of("up")
	return panel{
		kind: lines, title: "Replicas", unit: units.Short,
		description: fmt.Sprintf("The pods that there are, that the autoscaler wants, and that answer scrapes. It keeps "+
			"them from %d to %d: at its maximum, further load makes the service slow.", of.MinReplicas, of.MaxReplicas),
		queries: []query{
			{figure("status_current_replicas"), "current"},
			{figure("status_desired_replicas"), "wanted"},
			{total(serving), "answering"},
			{figure("spec_min_replicas"), "minimum"},
			{figure("spec_max_replicas"), "maximum"},
		},
	}
}
