package scrape

import (
	"fmt"

	"github.com/dreamseed/platform/monitoring/contract"
	"github.com/dreamseed/platform/monitoring/rule"
)

// labelAlert is the label that holds the name of an alert.
const labelAlert = "alertname"

// route hands alerts to a receiver. Its routes take over the alerts that they match.
type route struct {
	Receiver string   `yaml:"receiver"`
	Matchers []string `yaml:"matchers,omitempty"`
	// GroupBy are the labels of a group: its alerts are one notification.
	GroupBy []string `yaml:"group_by,omitempty,flow"`
	rhythm  `yaml:",inline"`
	Routes  []route `yaml:"routes,omitempty"`
}

// rhythm says when a group is notified of.
type rhythm struct {
	// Wait is the time from the first alert to the first notification: others of the same cause come along.
	Wait string `yaml:"group_wait"`
	// Interval is the shortest time until the next notification, of a new or a resolved alert.
	Interval string `yaml:"group_interval"`
	// Repeat is the time after which an unchanged group is notified of again, at the next Interval.
	Repeat string `yaml:"repeat_interval"`
}

// rhythms are those of the severities: a page is early, a ticket is one for all that belongs together, and a heartbeat
// comes at least every other minute.
var rhythms = map[rule.Severity]rhythm{
	rule.Page:      {Wait: "10s", Interval: "1m", Repeat: "4h"},
	rule.Ticket:    {Wait: "1m", Interval: "15m", Repeat: "24h"},
	rule.Heartbeat: {Wait: "0s", Interval: "1m", Repeat: "1m"},
}

// tree routes by severity. An alert without a known severity is a ticket: it is not lost, and wakes nobody up.
func (r Routes) tree() route {
	root := route{
		Receiver: orNobody(r.Ticket),
		GroupBy:  []string{labelAlert, contract.LabelNamespace, contract.LabelService},
		rhythm:   rhythms[rule.Ticket],
	}
	for _, severity := range rule.Severities() {
		root.Routes = append(root.Routes, route{
			Receiver: orNobody(r.of(severity)), Matchers: []string{ofSeverity(severity)}, rhythm: rhythms[severity],
		})
	}
	return root
}

func ofSeverity(severity rule.Severity) string {
	return contract.Equal(rule.SeverityLabel, string(severity))
}

// inhibitRule silences alerts while others fire that have the same values of the labels in Equal.
type inhibitRule struct {
	SourceMatchers []string `yaml:"source_matchers"`
	TargetMatchers []string `yaml:"target_matchers"`
	Equal          []string `yaml:"equal,flow"`
}

// inhibitRules silence the ticket about a service while somebody is woken up for the same reason. Alerts without a
// service would all be equal, whatever they are about: two volumes, two nodes.
func inhibitRules() []inhibitRule {
	return []inhibitRule{{
		SourceMatchers: []string{ofSeverity(rule.Page), fmt.Sprintf("%s!=%q", contract.LabelService, "")},
		TargetMatchers: []string{ofSeverity(rule.Ticket)},
		Equal:          []string{labelAlert, contract.LabelNamespace, contract.LabelService},
	}}
}
