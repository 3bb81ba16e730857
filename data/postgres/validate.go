package postgres

import (
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/data/store"
	"github.com/dreamseed/platform/internal/invalid"
	"github.com/dreamseed/platform/services/catalogue"
)

// Surroundings describes the rest of the environment, against which the spec is checked.
type Surroundings struct {
	// Production reports whether the data is that of real users.
	Production bool
	// Services are those of the environment.
	Services []catalogue.Service
	// Cluster is the cluster's section, with or without mistakes of its own.
	Cluster *cluster.Spec
	// OnDemand are the pools of nodes that are not taken away. Empty if nothing is known of them.
	OnDemand []catalogue.Pool
	// Closed are the ranges that no destination opens.
	Closed []catalogue.Closed
}

// Key is the key of the section.
const Key = "data.postgres"

// maxInstances is more than three zones have use for; each further instance is another copy of everything.
const maxInstances = 5

// Validate adds the mistakes of the spec to the problems.
func (s Spec) Validate(within Surroundings, problems *invalid.Problems) {
	if !s.Mode.Validate(Key, within.modes(), s.settings(), problems) {
		return
	}
	switch s.Mode {
	case store.External:
		s.External.Validate(Key+".external", within.Closed, problems)
		return
	case store.Managed:
		within.Cluster.ValidateDatabase(Key+".managed", s.Managed, within.Production, problems)
	case store.InCluster:
		s.validateInCluster(within, problems)
	}
	for _, service := range declaring(within.Services) {
		if reserved(service.Name) {
			problems.Add("services."+service.Name+".needs.postgres", true,
				"must be false: PostgreSQL, CloudNativePG or Cloud SQL keeps the name %s for itself", service.Name)
		}
	}
}

// modes returns the modes that the cluster can have.
func (w Surroundings) modes() []store.Mode {
	if w.Cluster != nil && w.Cluster.Cloud.CanRunDatabases() {
		return store.Modes()
	}
	return store.Unmanaged()
}

// settings lists what only one mode heeds.
func (s Spec) settings() []store.Setting {
	return []store.Setting{
		{Key: "instances", Value: s.Instances, Given: s.Instances != 0, Of: store.InCluster},
		{Key: "storage", Value: s.Storage.String(), Given: !s.Storage.IsZero(), Of: store.InCluster},
		{
			Key: "resources", Value: s.Resources.Requests.String(), Given: s.Resources != catalogue.Resources{},
			Of: store.InCluster,
		},
		{Key: "backup", Value: s.Backup.RetentionDays, Given: s.Backup != Backup{}, Of: store.InCluster},
		{Key: "managed", Value: s.Managed.Tier, Given: s.Managed != cluster.DatabaseSpec{}, Of: store.Managed},
		{Key: "external", Value: s.External.CIDR, Given: s.External != store.Address{}, Of: store.External},
	}
}

func (s Spec) validateInCluster(within Surroundings, problems *invalid.Problems) {
	if s.Instances < 1 || s.Instances > maxInstances {
		problems.Add(Key+".instances", s.Instances, "must be 1 to %d", maxInstances)
	}
	if s.Storage.Sign() <= 0 {
		problems.Add(Key+".storage", s.Storage.String(), "must be more than 0")
	}
	s.validateResources(within.OnDemand, problems)
	s.validateBackup(within.Production, problems)
}

func (s Spec) validateResources(onDemand []catalogue.Pool, problems *invalid.Problems) {
	before := len(*problems)
	for _, one := range []struct {
		name           string
		request, limit resource.Quantity
	}{
		{"cpu", s.Resources.Requests.CPU, s.Resources.Limits.CPU},
		{"memory", s.Resources.Requests.Memory, s.Resources.Limits.Memory},
	} {
		if one.request.Sign() <= 0 {
			problems.Add(Key+".resources.requests."+one.name, one.request.String(), "must be above 0")
		}
		if one.limit.Cmp(one.request) < 0 {
			problems.Add(Key+".resources.limits."+one.name, one.limit.String(), "must not be below the request (%s)",
				one.request.String())
		}
	}
	if len(*problems) == before && len(onDemand) > 0 && !slices.ContainsFunc(onDemand, s.Resources.Requests.Fits) {
		problems.Add(Key+".resources.requests", s.Resources.Requests.String(),
			"must fit a node on demand: an instance never runs on spot capacity")
	}
}

func (s Spec) validateBackup(production bool, problems *invalid.Problems) {
	switch days := s.Backup.RetentionDays; {
	case days < 0:
		problems.Add(Key+".backup.retentionDays", days, "must be 0 or more")
	case days == 0 && production:
		problems.Add(Key+".backup.retentionDays", days, "must be 1 or more in production: with 0 nothing is backed up")
	}
	if s.Backup.Hour < 0 || s.Backup.Hour > 23 {
		problems.Add(Key+".backup.hour", s.Backup.Hour, "must be an hour of the day in UTC, 0 to 23")
	}
}

// reserved reports whether no service may have a database and a role of this name. The first three names are databases
// of PostgreSQL, the next those that CloudNativePG makes in each cluster, and the prefixes are kept by the two and by
// Cloud SQL (https://cloudnative-pg.io/docs/1.30/declarative_role_management,
// https://cloud.google.com/sql/docs/postgres/users#default-postgresql-users).
func reserved(name string) bool {
	return slices.Contains([]string{"postgres", "template0", "template1", "app", "streaming_replica"}, name) ||
		slices.ContainsFunc([]string{"pg_", "cnpg_", "cloudsql"}, func(kept string) bool {
			return strings.HasPrefix(name, kept)
		})
}
