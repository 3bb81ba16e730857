package data

import (
	"github.com/dreamseed/platform/data/kafka"
	"github.com/dreamseed/platform/data/objects"
	"github.com/dreamseed/platform/data/postgres"
	"github.com/dreamseed/platform/internal/namespace"
	"github.com/dreamseed/platform/internal/operator"
	"github.com/dreamseed/platform/monitoring/scrape"
	"github.com/dreamseed/platform/services/catalogue"
)

// PolicyArgs are the peers of the stores.
type PolicyArgs struct {
	// Services are those of the environment. Each reaches the stores that it declares, and no other.
	Services []catalogue.Service
	// Monitoring is the namespace of Prometheus.
	Monitoring string
	// Closed are the ranges that no destination opens.
	Closed []catalogue.Closed
	// Range is the network of the stores that the cloud runs.
	Range string
	// Identity are the endpoints at which a pod gets the credential of its identity.
	Identity []namespace.Peer
}

// Policies returns the policies of the services' namespace, for both sides of each connection.
func (s Spec) Policies(args PolicyArgs) []namespace.Policy {
	var all []namespace.Policy
	backups := namespace.Pods{}
	if s.backsUp(args.Services) {
		backups = postgres.BackupPods()
	}
	if s.Postgres.Mode != "" {
		all = append(all, s.Postgres.Policies(postgres.PolicyArgs{
			Services: args.Services, Operator: string(operator.CloudNativePG), Monitoring: args.Monitoring,
			Closed: args.Closed, Range: args.Range, Identity: args.Identity,
		})...)
	}
	if s.Redis.Mode != "" {
		all = append(all, s.Redis.Policies(args.Services, args.Monitoring, args.Closed)...)
	}
	if s.Kafka.Mode != "" {
		all = append(all, s.Kafka.Policies(kafka.PoliciesArgs{
			Services: args.Services, Operator: string(operator.Strimzi), Monitoring: args.Monitoring, Closed: args.Closed,
		})...)
	}
	if s.Objects.Mode != "" {
		all = append(all, s.Objects.Policies(objects.Around{
			Services: args.Services, Backups: backups, Monitoring: args.Monitoring, Closed: args.Closed,
		})...)
	}
	return all
}

// Targets returns what Prometheus scrapes of the stores in the services' namespace.
func (s Spec) Targets(services []catalogue.Service, in string) []scrape.Target {
	var all []scrape.Target
	all = append(all, s.Postgres.Targets(in)...)
	all = append(all, s.Redis.Targets(in)...)
	all = append(all, s.Kafka.Targets(services, in)...)
	return append(all, s.Objects.Targets(in)...)
}
