package scrape

import (
	"errors"
	"fmt"
	"net/url"
)

// Args are the inputs of Prometheus and Targets.
type Args struct {
	// Environment is the external label environment. It tells the environments apart in a central store and in alerts.
	Environment string
	// Replica is the external label replica, different for each Prometheus of the environment. A central store tells
	// replicas apart by it. Alerts do not have it: all replicas send the same ones.
	Replica string
	// ServicesNamespace is the namespace of the services, whose pods are scraped by their annotations.
	ServicesNamespace string
	// MonitoringNamespace is the namespace of Prometheus, Alertmanager, Grafana and kube-state-metrics.
	MonitoringNamespace string
	// NodeAgentsNamespace is the namespace of node-exporter.
	NodeAgentsNamespace string
	// Operators are the operators that serve metrics. Default: none.
	Operators []Operator
	// Logs are the programs of the logs that serve metrics. Default: none.
	Logs []Target
	// Stores are the data stores that serve metrics. Default: none.
	Stores []Target
	// Alertmanagers are the addresses of all Alertmanagers, host:port. One address for several of them would hand each
	// alert to one only (https://github.com/prometheus/alertmanager/tree/v0.35.0#high-availability). Default: none, and
	// alerts reach nobody.
	Alertmanagers []string
	// RemoteWrite are the central stores that get a copy of every sample. Default: none.
	RemoteWrite []RemoteWrite
	// RetentionDays is how long samples are kept, in days. At least 1.
	RetentionDays int
	// RetentionBytes is the disk space for stored samples, in bytes, without the write-ahead log. The oldest go first. At
	// least 1.
	RetentionBytes int64
	// RuleFiles are the paths of the rule files. The last part of a path may be a pattern, such as *.yml.
	RuleFiles []string
}

// Operator is an operator that serves metrics.
type Operator struct {
	// Name is the name of the operator and of its scrape job.
	Name string
	// Namespace is the namespace of its pods.
	Namespace string
	// Port is the container port of its metrics. A container of the operator without this port is not scraped.
	Port int
}

// RemoteWrite is a central store for samples
// (https://prometheus.io/docs/specs/prw/remote_write_spec).
type RemoteWrite struct {
	// URL is the address of the store. It holds no credentials: the file is no Secret.
	URL string
	// CredentialsFile is the path of a file with a bearer token. Default: no authorization.
	CredentialsFile string
}

// check returns every mistake of the arguments. Prometheus would accept most of them, and do something else.
func (args Args) check() error {
	return errors.Join(args.checkNames(), args.checkRetention(), args.checkOperators(), args.checkRemoteWrite())
}

// checkNames demands every name. The API takes an empty namespace for all of them.
func (args Args) checkNames() error {
	var mistakes []error
	for _, one := range []struct{ name, value string }{
		{"environment", args.Environment},
		{"replica", args.Replica},
		{"services' namespace", args.ServicesNamespace},
		{"monitoring namespace", args.MonitoringNamespace},
		{"node agents' namespace", args.NodeAgentsNamespace},
	} {
		if one.value == "" {
			mistakes = append(mistakes, fmt.Errorf("the %s has no name", one.name))
		}
	}
	return errors.Join(mistakes...)
}

// checkRetention demands both bounds. Prometheus takes 0 for no bound.
func (args Args) checkRetention() error {
	if args.RetentionDays < 1 || args.RetentionBytes < 1 {
		return fmt.Errorf("the retention is %d days and %d bytes: both must be at least 1",
			args.RetentionDays, args.RetentionBytes)
	}
	return nil
}

func (args Args) checkOperators() error {
	var mistakes []error
	for _, one := range args.Operators {
		if one.Name == "" || one.Namespace == "" || one.Port < 1 {
			mistakes = append(mistakes, fmt.Errorf("operator %q in namespace %q with port %d: it must have all three",
				one.Name, one.Namespace, one.Port))
		}
	}
	return errors.Join(mistakes...)
}

// checkRemoteWrite names no URL that it refuses, because credentials may be in it.
func (args Args) checkRemoteWrite() error {
	var mistakes []error
	for i, one := range args.RemoteWrite {
		parsed, err := url.Parse(one.URL)
		if err != nil || parsed.Host == "" || parsed.User != nil {
			mistakes = append(mistakes, fmt.Errorf("the URL of remote write %d must have a host and no credentials", i+1))
		}
	}
	return errors.Join(mistakes...)
}
