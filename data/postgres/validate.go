package postgres

import (
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/api/resource"

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
	// OnDemand are the pools of nodes that are not taken away. Empty if nothing is known of them.
	OnDemand []catalogue.Pool
	// Closed are the ranges that no destination opens.
	Closed []catalogue.Closed
}

// key is the key of the spec.
const key = "data.postgres."

// maxInstances is more than three zones have use for; each further instance is another copy of everything.
const maxInstances = 5

// Validate adds the mistakes of the spec to the problems.
func (s Spec) Validate(within Surroundings, problems *invalid.Problems) {
	switch s.Mode {
	case store.InCluster:
		s.validateInCluster(within, problems)
	case store.External:
		s.validateExternal(within.Closed, problems)
	case store.Managed:
		problems.Add(key+"mode", string(s.Mode), "must be %s or %s until managed stores are built",
			store.InCluster, store.External)
	default:
		problems.Add(key+"mode", string(s.Mode), "%s", invalid.OneOf(store.Modes()))
	}
}

func (s Spec) validateInCluster(within Surroundings, problems *invalid.Problems) {
	if s.Instances < 1 || s.Instances > maxInstances {
		problems.Add(key+"instances", s.Instances, "must be 1 to %d", maxInstances)
	}
	if s.Storage.Sign() <= 0 {
		problems.Add(key+"storage", s.Storage.String(), "must be more than 0")
	}
	s.validateResources(within.OnDemand, problems)
	s.validateBackup(within.Production, problems)
	if s.External != (store.Address{}) {
		problems.Add(key+"external", s.External.CIDR, "must not be given: %smode is %s", key, s.Mode)
	}
	for _, service := range declaring(within.Services) {
		if reserved(service.Name) {
			problems.Add("services."+service.Name+".needs.postgres", true,
				"must be false: PostgreSQL or CloudNativePG keeps the name %s for itself", service.Name)
		}
	}
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
			problems.Add(key+"resources.requests."+one.name, one.request.String(), "must be above 0")
		}
		if one.limit.Cmp(one.request) < 0 {
			problems.Add(key+"resources.limits."+one.name, one.limit.String(), "must not be below the request (%s)",
				one.request.String())
		}
	}
	if len(*problems) == before && len(onDemand) > 0 && !slices.ContainsFunc(onDemand, s.Resources.Requests.Fits) {
		problems.Add(key+"resources.requests", s.Resources.Requests.String(),
			"must fit a node on demand: an instance never runs on spot capacity")
	}
}

func (s Spec) validateBackup(production bool, problems *invalid.Problems) {
	switch days := s.Backup.RetentionDays; {
	case days < 0:
		problems.Add(key+"backup.retentionDays", days, "must be 0 or more")
	case days == 0 && production:
		problems.Add(key+"backup.retentionDays", days, "must be 1 or more in production: with 0 nothing is backed up")
	}
	if s.Backup.Hour < 0 || s.Backup.Hour > 23 {
		problems.Add(key+"backup.hour", s.Backup.Hour, "must be an hour of the day in UTC, 0 to 23")
	}
}

func (s Spec) validateExternal(closed []catalogue.Closed, problems *invalid.Problems) {
	for _, one := range []struct {
		name  string
		value any
		unset bool
	}{
		{"instances", s.Instances, s.Instances == 0},
		{"storage", s.Storage.String(), s.Storage.IsZero()},
		{"resources", s.Resources.Requests.String(), s.Resources == catalogue.Resources{}},
		{"backup", s.Backup.RetentionDays, s.Backup == Backup{}},
	} {
		if !one.unset {
			problems.Add(key+one.name, one.value, "must not be given: %smode is %s, and somebody else's server", key, s.Mode)
		}
	}
	s.External.Validate(key+"external", closed, problems)
}

// reserved reports whether no service may have a database and a role of this name. The first three names are databases
// of PostgreSQL, the next those that CloudNativePG makes in each cluster, and the prefixes are kept by the two
// (https://cloudnative-pg.io/docs/1.30/declarative_role_management).
func reserved(name string) bool {
	return slices.Contains([]string{"postgres", "template0", "template1", "app", "streaming_replica"}, name) ||
		strings.HasPrefix(name, "pg_") || strings.HasPrefix(name, "cnpg_")
}
