package full

import (
	"fmt"

	"github.com/dreamseed/platform/monitoring/contract"
	"github.com/dreamseed/platform/monitoring/objective"
	"github.com/dreamseed/platform/monitoring/rule"
)

// judged are services that promise as much as may be promised, as little, and something in between.
var judged = []objective.Service{
	{Namespace: namespace, Workload: "usual", Objectives: objective.Default()},
	{Namespace: namespace, Workload: "between", Objectives: objective.Objectives{
		AvailabilityPercent: 99.5, LatencyPercent: 95, LatencyMilliseconds: 1000,
	}},
	{Namespace: namespace, Workload: "extreme", Objectives: objective.Objectives{
		AvailabilityPercent: 95, LatencyPercent: 99.99, LatencyMilliseconds: 100,
	}},
}

// promise is one objective of a service, from which both the platform and Sloth derive rules.
type promise struct {
	service objective.Service
	percent float64
	// alert is the name of the platform's alerts, recorded the beginning of its recorded series' names.
	alert, recorded string
	bad, all        contract.Count
	// requests are the series of a service's requests.
	requests func(objective.Service, []counted) []series
}

func promises() []promise {
	var all []promise
	for _, service := range judged {
		selected := contract.OfService(service.Namespace, service.Workload)
		all = append(all,
			promise{
				service: service, percent: service.Objectives.AvailabilityPercent,
				alert: "ServiceAvailabilityBudgetBurn", recorded: "service:http_requests_failed:ratio_rate",
				bad: contract.FailedRequests(selected), all: contract.Requests(selected), requests: failing,
			},
			promise{
				service: service, percent: service.Objectives.LatencyPercent,
				alert: "ServiceLatencyBudgetBurn", recorded: "service:http_requests_slow:ratio_rate",
				bad: contract.SlowRequests(selected, service.Objectives.LatencyMilliseconds),
				all: contract.Requests(selected), requests: slow,
			})
	}
	return all
}

// name is unique among the promises, and so is the name of the alerts that Sloth derives from it.
func (p promise) name() string { return p.service.Workload + "-" + p.alert }

// alerts returns the platform's alerts.
func (p promise) alerts() []rule.Rule { return named(p.alert, p.service.Groups()) }

// named returns the alerts of a name.
func named(name string, groups []rule.Group) []rule.Rule {
	var found []rule.Rule
	for _, one := range rule.Alerts(groups) {
		if one.Alert == name {
			found = append(found, one)
		}
	}
	return found
}

// failing returns the series of a service whose bad requests are those that fail.
func failing(of objective.Service, requests []counted) []series {
	selected := contract.OfService(of.Namespace, of.Workload)
	status := func(code string) string {
		return selected.And(contract.Equal(contract.LabelStatus, code)).Of(contract.RequestsTotal)
	}
	return []series{
		{status("200"), counter(requests, func(c counted) int { return c.good })},
		{status("500"), counter(requests, func(c counted) int { return c.bad })},
	}
}

// slow returns the series of a service whose bad requests are those that take too long.
func slow(of objective.Service, requests []counted) []series {
	selected := contract.OfService(of.Namespace, of.Workload)
	bound := contract.Equal("le", contract.Bound(of.Objectives.LatencyMilliseconds))
	all := counter(requests, func(c counted) int { return c.good + c.bad })
	return []series{
		{selected.And(contract.Equal(contract.LabelStatus, "200")).Of(contract.RequestsTotal), all},
		{selected.Of(contract.RequestDurationCount), all},
		{
			selected.And(bound).Of(contract.RequestDurationBucket),
			counter(requests, func(c counted) int { return c.good }),
		},
	}
}

// counted is a time of constant traffic: the requests that are counted in each of its minutes.
type counted struct{ minutes, good, bad int }

// counter returns the samples of a counter, one a minute, as promtool writes them. It has counted before, as counters
// have: the rate of one that starts within a window is estimated.
func counter(requests []counted, of func(counted) int) string {
	value := 1_000_000_000
	samples := fmt.Sprint(value)
	for _, one := range requests {
		each := of(one)
		samples += fmt.Sprintf(" %d+%dx%d", value+each, each, one.minutes-1)
		value += each * one.minutes
	}
	return samples
}
