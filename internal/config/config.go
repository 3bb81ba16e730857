// Package config is the typed configuration of one environment: load, default, validate. What comes out of Load is
// complete and valid, so that nothing behind it asks again.
package config

import (
	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/ingress"
	"github.com/dreamseed/platform/services/catalogue"
)

// Config is the configuration of one environment. The tags are the keys below dreamseed: in Pulumi.<stack>.yaml;
// Pulumi.yaml describes them to people.
type Config struct {
	// Environment is required. Changing it on a running stack moves every workload to other namespaces.
	Environment Environment `json:"environment"`
	// Cluster is required.
	Cluster cluster.Spec `json:"cluster"`
	// LogLevel is what services log from, unless one says otherwise. Default INFO. A change rolls the services.
	LogLevel catalogue.LogLevel `json:"logLevel"`
	// RedisURL and KafkaBootstrapServers say where the data stores are. A change rolls the services.
	RedisURL              string `json:"redisUrl"`
	KafkaBootstrapServers string `json:"kafkaBootstrapServers"`
	// Egress lists what every service may reach outside the cluster, such as data stores. Default nothing.
	Egress []catalogue.Egress `json:"egress"`
	// Ingress is how requests of users come to the services.
	Ingress ingress.Spec `json:"ingress"`
	// Operators says where the operators come from that the stack uses: helm (default), or present, where somebody else
	// has installed them. Changing it from helm to present removes what was installed.
	Operators OperatorSource `json:"operators"`
	// Secrets says where the values of the services' secrets come from.
	Secrets Secrets `json:"secrets"`
	// Metrics says what there is to ask about requests.
	Metrics Metrics `json:"metrics"`
	// Quotas bound the namespaces.
	Quotas Quotas `json:"quotas"`
	// RolloutDeadlineSeconds is how long the release of a service may take before it fails. Default 240: a release is
	// promised in under five minutes, its failure included.
	RolloutDeadlineSeconds int `json:"rolloutDeadlineSeconds"`
	// Services are the seven services in alphabetical order, defaults and configuration merged.
	Services []catalogue.Service `json:"-"`
}

// Quotas are the hard limits of the two namespaces. A change applies at once to whatever is created next.
type Quotas struct {
	// Services bounds the namespace of the seven services. Each figure defaults to what they may ask for at their
	// peak; a smaller one is refused.
	Services Quota `json:"services"`
	// Monitoring bounds the monitoring namespace.
	Monitoring Quota `json:"monitoring"`
}

// Quota bounds one namespace: how many pods, and what they request and may use together.
type Quota = catalogue.Demand
