// Package rule writes rule files of Prometheus
// (https://prometheus.io/docs/prometheus/latest/configuration/recording_rules).
package rule

import (
	"fmt"

	"go.yaml.in/yaml/v3"
)

// File is the content of a rule file.
type File struct {
	Groups []Group `yaml:"groups"`
}

// Group is a group of rules that are evaluated one after the other, at the same time.
type Group struct {
	Name string `yaml:"name"`
	// Interval is how often the group is evaluated. Default: that of the configuration.
	Interval string `yaml:"interval,omitempty"`
	Rules    []Rule `yaml:"rules"`
}

// Rule records a series or raises an alert: exactly one of Record and Alert is set.
type Rule struct {
	Record string `yaml:"record,omitempty"`
	Alert  string `yaml:"alert,omitempty"`
	Expr   string `yaml:"expr"`
	// For is how long the expression has to hold until the alert fires.
	For         string            `yaml:"for,omitempty"`
	Labels      map[string]string `yaml:"labels,omitempty"`
	Annotations map[string]string `yaml:"annotations,omitempty"`
}

// Severity says who learns of an alert.
type Severity string

// The severities. A page wakes somebody up, a ticket waits for working hours. A heartbeat always fires, and its
// receiver complains when it stops.
const (
	Page      Severity = "page"
	Ticket    Severity = "ticket"
	Heartbeat Severity = "heartbeat"
)

// Severities returns the severities, the most urgent first.
func Severities() []Severity { return []Severity{Page, Ticket, Heartbeat} }

// SeverityLabel is the label by which alerts are routed.
const SeverityLabel = "severity"

// Marshal returns the content of the file.
func (f File) Marshal() (string, error) {
	data, err := yaml.Marshal(f)
	if err != nil {
		return "", fmt.Errorf("writing a rule file: %w", err)
	}
	return string(data), nil
}

// Alerts returns the rules of the groups that raise an alert.
func Alerts(groups []Group) []Rule {
	var alerts []Rule
	for _, group := range groups {
		for _, one := range group.Rules {
			if one.Alert != "" {
				alerts = append(alerts, one)
			}
		}
	}
	return alerts
}
