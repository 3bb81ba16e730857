package data

import (
	"strings"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/data/kafka"
	"github.com/dreamseed/platform/data/objects"
	"github.com/dreamseed/platform/data/postgres"
	"github.com/dreamseed/platform/internal/invalid"
	"github.com/dreamseed/platform/services/catalogue"
)

// Surroundings describes the rest of the environment, against which the stores are checked.
type Surroundings struct {
	// Production reports whether the data is that of real users.
	Production bool
	// Services are those of the environment.
	Services []catalogue.Service
	// Cluster is the cluster's section, with or without mistakes of its own.
	Cluster *cluster.Spec
	// OnDemand are the pools of nodes that are not taken back.
	OnDemand []catalogue.Pool
	// Closed are the ranges that no destination opens.
	Closed []catalogue.Closed
}

// Validate adds the mistakes of the stores, and of what the services declare, to the problems. A store that no service
// needs may have no section, and a store without a section must be needed by none.
func (s Spec) Validate(within Surroundings, problems *invalid.Problems) {
	for _, one := range s.needs() {
		if needing := one.needing(within.Services); one.mode == "" && len(needing) > 0 {
			problems.Add("data."+one.key+".mode", nil, "must be given: the store is needed by %s (services.<name>.needs)",
				strings.Join(needing, ", "))
		}
	}
	rules := map[string]func(){
		postgresKey: func() {
			s.Postgres.Validate(postgres.Surroundings{
				Production: within.Production, Services: within.Services, Cluster: within.Cluster,
				OnDemand: within.OnDemand, Closed: within.Closed,
			}, problems)
		},
		"redis": func() { s.Redis.Validate(within.OnDemand, within.Closed, problems) },
		"kafka": func() {
			s.Kafka.Validate(kafka.Surroundings{
				Services: within.Services, OnDemand: within.OnDemand, Closed: within.Closed,
			}, problems)
		},
		objectsKey: func() {
			s.Objects.Validate(objects.Surroundings{
				Services: within.Services, Cluster: within.Cluster, Closed: within.Closed,
			}, problems)
		},
	}
	for _, one := range s.needs() {
		if one.mode != "" {
			rules[one.key]()
		}
	}
	s.validateBackups(within, problems)
	s.validateLetGo(within.Services, problems)
}

// needing returns the names of the services that declare the store.
func (n need) needing(services []catalogue.Service) []string {
	var names []string
	for _, service := range services {
		if n.of(service.Needs) {
			names = append(names, service.Name)
		}
	}
	return names
}

// validateBackups refuses backups that have no place to go.
func (s Spec) validateBackups(within Surroundings, problems *invalid.Problems) {
	if s.backsUp(within.Services) && !s.keepsBackups() {
		problems.Add("data.postgres.backup.retentionDays", s.Postgres.Backup.RetentionDays,
			"must be 0 without an object store in the cluster (data.objects.mode): the backups would have no place to go")
	}
}
