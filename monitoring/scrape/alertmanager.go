package scrape

import (
	"errors"
	"fmt"

	"go.yaml.in/yaml/v3"

	"github.com/dreamseed/platform/monitoring/rule"
)

// AlertmanagerArgs are the inputs of Alertmanager.
type AlertmanagerArgs struct {
	// Receivers are the receivers that Routes names. Default: none.
	Receivers []Receiver
	// Routes says who learns of which alerts.
	Routes Routes
}

// Routes are the names of the receivers by severity. Default for each: nobody.
type Routes struct {
	// Page is woken up.
	Page string
	// Ticket reads alerts in working hours, and those whose severity is unknown.
	Ticket string
	// Heartbeat complains when notifications stop. It is a program, and receives nothing else.
	Heartbeat string
}

// of returns the name of a severity's receiver.
func (r Routes) of(severity rule.Severity) string {
	return map[rule.Severity]string{rule.Page: r.Page, rule.Ticket: r.Ticket, rule.Heartbeat: r.Heartbeat}[severity]
}

// alertmanagerFile is the content of alertmanager.yml.
type alertmanagerFile struct {
	Route        route         `yaml:"route"`
	InhibitRules []inhibitRule `yaml:"inhibit_rules"`
	Receivers    []receiver    `yaml:"receivers"`
}

// Alertmanager returns the content of alertmanager.yml. A running Alertmanager takes a change over when it is told to
// reload, without a restart.
func Alertmanager(args AlertmanagerArgs) (string, error) {
	if err := args.check(); err != nil {
		return "", fmt.Errorf("checking the arguments of alertmanager.yml: %w", err)
	}
	data, err := yaml.Marshal(alertmanagerFile{
		Route:        args.Routes.tree(),
		InhibitRules: inhibitRules(),
		Receivers:    args.receivers(),
	})
	if err != nil {
		return "", fmt.Errorf("writing alertmanager.yml: %w", err)
	}
	return string(data), nil
}

// check returns every mistake of the arguments.
func (args AlertmanagerArgs) check() error {
	mistakes := []error{args.Routes.checkHeartbeat()}
	known := map[string]bool{nobody: true, "": true}
	for _, one := range args.Receivers {
		if known[one.Name] {
			mistakes = append(mistakes, fmt.Errorf("receiver %q: the name is empty, reserved or used twice", one.Name))
		}
		known[one.Name] = true
		mistakes = append(mistakes, one.check())
	}
	for _, severity := range rule.Severities() {
		if name := args.Routes.of(severity); !known[name] || name == nobody {
			mistakes = append(mistakes, fmt.Errorf("the receiver %q of severity %s is not declared", name, severity))
		}
	}
	return errors.Join(mistakes...)
}

// checkHeartbeat refuses a receiver of other alerts: people would mute what never stops, and learn nothing when it does
// (https://github.com/prometheus/alertmanager/issues/4324).
func (r Routes) checkHeartbeat() error {
	if r.Heartbeat != "" && (r.Heartbeat == r.Page || r.Heartbeat == r.Ticket) {
		return fmt.Errorf("the receiver %q of the heartbeat must receive nothing else", r.Heartbeat)
	}
	return nil
}
