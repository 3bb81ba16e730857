// Package config is the typed configuration of one environment: load, default, validate. Load returns a complete and
// valid configuration, so that the code after it needs no checks.
package config

import (
	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/data"
	"github.com/dreamseed/platform/internal/ingress"
	"github.com/dreamseed/platform/monitoring"
	"github.com/dreamseed/platform/monitoring/logging"
	"github.com/dreamseed/platform/services/catalogue"
)

// Config is the configuration of one environment. The tags are the keys below dreamseed: in Pulumi.<stack>.yaml;
// Pulumi.yaml describes them to users.
type Config struct {
	// Environment is required. Changing it on a running stack moves every workload to other namespaces.
	Environment Environment `json:"environment"`
	// Cluster is required.
	Cluster cluster.Spec `json:"cluster"`
	// LogLevel is the lowest level that services log, unless a service overrides it. Default INFO. A change rolls the
	// services.
	LogLevel catalogue.LogLevel `json:"logLevel"`
	// Data describes the data stores that the services need. Each one that any service needs has a mode.
	Data data.Spec `json:"data"`
	// Egress lists the destinations outside the cluster that every service may reach. Default none.
	Egress []catalogue.Egress `json:"egress"`
	// Ingress describes how user requests reach the services.
	Ingress ingress.Spec `json:"ingress"`
	// Operators is the source of the operators that the stack uses: helm (default), or present if they are already
	// installed. Changing it from helm to present removes the installed ones.
	Operators OperatorSource `json:"operators"`
	// Secrets is the source of the values of the services' secrets.
	Secrets Secrets `json:"secrets"`
	// Monitoring describes how the environment is watched.
	Monitoring monitoring.Spec `json:"monitoring"`
	// Logs describes how the lines that the services log are kept.
	Logs logging.Spec `json:"logs"`
	// Quotas bound the namespaces.
	Quotas Quotas `json:"quotas"`
	// Cost states what the environment may cost.
	Cost Cost `json:"cost"`
	// RolloutDeadlineSeconds is how long the release of a service may take before it fails. Default 240: a release is
	// promised in under five minutes, its failure included.
	RolloutDeadlineSeconds int `json:"rolloutDeadlineSeconds"`
	// Services are the seven services in alphabetical order, defaults and configuration merged.
	Services []catalogue.Service `json:"-"`
}

// Quotas are the hard limits of the two namespaces. A change applies at once to new objects.
type Quotas struct {
	// Services bounds the namespace of the seven services. Each figure defaults to their peak demand; a smaller one is
	// refused.
	Services Quota `json:"services"`
	// Monitoring bounds the monitoring namespace.
	Monitoring Quota `json:"monitoring"`
}

// Quota bounds one namespace: the number of pods, and the sum of their requests and limits.
type Quota = catalogue.Demand
