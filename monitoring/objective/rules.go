package objective

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/dreamseed/platform/monitoring/contract"
	"github.com/dreamseed/platform/monitoring/rule"
)

// Service is a service with its objectives.
type Service struct {
	// Namespace and Workload are the labels namespace and service of its series.
	Namespace, Workload string
	Objectives          Objectives
}

// burn is a rate of using up the error budget, over two windows: 1 uses it up in exactly WindowDays.
type burn struct {
	factor      float64
	long, short string
	severity    rule.Severity
	// least is the number of bad requests in the long window below which the alert is silent: at little traffic a single
	// one would exhaust the budget of an hour.
	least int
	lasts string
}

// burns are those of table 5-8 in https://sre.google/workbook/alerting-on-slos.
var burns = []burn{
	{14.4, "1h", "5m", rule.Page, 10, "two days"},
	{6, "6h", "30m", rule.Page, 10, "five days"},
	{3, "1d", "2h", rule.Ticket, 5, "ten days"},
	{1, "3d", "6h", rule.Ticket, 5, "thirty days"},
}

// promise is one objective of a service: which requests are bad, and how many may be.
type promise struct {
	// name is the middle of the recorded series' names, alert the name of the alerts.
	name, alert string
	percent     float64
	bad, all    contract.Count
	// broken describes a bad request.
	broken string
}

func (s Service) promises() []promise {
	selected := contract.OfService(s.Namespace, s.Workload)
	return []promise{
		{
			name: "http_requests_failed", alert: "ServiceAvailabilityBudgetBurn", percent: s.Objectives.AvailabilityPercent,
			bad: contract.FailedRequests(selected), all: contract.Requests(selected),
			broken: "answered with an error",
		},
		{
			name: "http_requests_slow", alert: "ServiceLatencyBudgetBurn", percent: s.Objectives.LatencyPercent,
			bad: contract.SlowRequests(selected, s.Objectives.LatencyMilliseconds), all: contract.Requests(selected),
			broken: fmt.Sprintf("answered after more than %d ms", s.Objectives.LatencyMilliseconds),
		},
	}
}

// budget returns the share of requests that may be bad.
func (p promise) budget() string {
	return strconv.FormatFloat((100-p.percent)/100, 'g', 6, 64)
}

// recorded returns the name of the series with the share of bad requests over a window, such as
// service:http_requests_failed:ratio_rate5m.
func recorded(name, window string) string { return "service:" + name + ":ratio_rate" + window }

// slowly is how often the long windows are recorded: a day's share hardly changes within minutes, and each evaluation
// reads all samples of the window. It stays below the five minutes after which a series without a sample is gone
// (https://prometheus.io/docs/prometheus/latest/querying/basics/#staleness).
const slowly = "2m"

// Groups returns the rules of a service: the shares of bad requests over every window, and the alerts on them.
func (s Service) Groups() []rule.Group {
	short := rule.Group{Name: s.Workload + "-shares"}
	long := rule.Group{Name: s.Workload + "-shares-of-days", Interval: slowly}
	alerts := rule.Group{Name: s.Workload + "-budget"}
	for _, promise := range s.promises() {
		short.Rules = append(short.Rules, promise.recordings("5m", "30m", "1h", "2h", "6h")...)
		long.Rules = append(long.Rules, promise.recordings("1d", "3d", budgetWindow)...)
		for _, burn := range burns {
			alerts.Rules = append(alerts.Rules, s.alert(promise, burn))
		}
	}
	return []rule.Group{short, long, alerts}
}

// budgetWindow is the window of the error budget itself.
var budgetWindow = fmt.Sprintf("%dd", WindowDays)

// recordings returns the rules that record the share of bad requests over these windows.
func (p promise) recordings(windows ...string) []rule.Rule {
	var all []rule.Rule
	for _, window := range windows {
		all = append(all, rule.Rule{Record: recorded(p.name, window), Expr: contract.Ratio(p.bad, p.all, window)})
	}
	return all
}

func (s Service) alert(of promise, at burn) rule.Rule {
	above := func(window string) string {
		return fmt.Sprintf("%s > %g * %s",
			contract.OfService(s.Namespace, s.Workload).Of(recorded(of.name, window)), at.factor, of.budget())
	}
	return rule.Rule{
		Alert: of.alert,
		Expr: strings.Join([]string{
			above(at.long), above(at.short), fmt.Sprintf("%s >= %d", of.bad("increase", at.long), at.least),
		}, "\nand "),
		Labels: map[string]string{rule.SeverityLabel: string(at.severity), "window": at.long},
		Annotations: map[string]string{
			"summary": fmt.Sprintf("%s uses up its error budget %g times too fast", s.Workload, at.factor),
			"description": fmt.Sprintf("{{ $value | humanizePercentage }} of the requests of the last %s were %s; %g %% may "+
				"be. At this rate the budget of %d days lasts %s.", at.long, of.broken, 100-of.percent, WindowDays, at.lasts),
			rule.RunbookAnnotation: rule.Runbook(of.alert),
		},
	}
}
