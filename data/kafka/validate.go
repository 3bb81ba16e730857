package kafka

import (
	"slices"

	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/data/store"
	"github.com/dreamseed/platform/internal/invalid"
	"github.com/dreamseed/platform/services/catalogue"
)

// Surroundings describes the rest of the environment, against which Kafka is checked.
type Surroundings struct {
	// Services are the services of the environment.
	Services []catalogue.Service
	// OnDemand are the pools of nodes that are not taken away.
	OnDemand []catalogue.Pool
	// Closed are the ranges that no destination opens.
	Closed []catalogue.Closed
}

// key is the section of the configuration.
const key = "data.kafka"

// leastStorage holds the segments that each partition writes to.
var leastStorage = resource.MustParse("1Gi")

// Validate adds the mistakes of the section, and of the topics of all services, to the problems.
func (s Spec) Validate(within Surroundings, problems *invalid.Problems) {
	validateTopics(within.Services, problems)
	switch s.Mode {
	case store.InCluster:
		s.validateInCluster(within, problems)
	case store.External:
		s.validateExternal(within.Closed, problems)
	case store.Managed:
		problems.Add(key+".mode", string(s.Mode), "must be %s or %s: a Kafka that the cloud runs is not built yet",
			store.InCluster, store.External)
	default:
		problems.Add(key+".mode", invalid.Given(string(s.Mode)), "%s", invalid.OneOf(store.Modes()))
	}
}

func (s Spec) validateInCluster(within Surroundings, problems *invalid.Problems) {
	if s.Brokers != 1 && (s.Brokers < 3 || s.Brokers%2 == 0) {
		problems.Add(key+".brokers", s.Brokers, "must be 1, or an odd number from 3 on: a majority of them has to agree")
	}
	if s.Storage.Cmp(leastStorage) < 0 {
		problems.Add(key+".storage", s.Storage.String(), "must be %s or more", leastStorage.String())
	}
	if s.RetentionHours < 1 {
		problems.Add(key+".retentionHours", s.RetentionHours,
			"must be 1 or more: a message would be gone before it is read")
	}
	if s.External != (store.Address{}) {
		problems.Add(key+".external", s.External.CIDR, "must not be given: %s.mode is %s", key, s.Mode)
	}
	needs := Requests()
	if len(within.OnDemand) > 0 && !slices.ContainsFunc(within.OnDemand, needs.Fits) {
		problems.Add(key+".mode", string(s.Mode),
			"must not be given without a pool on demand whose nodes have %s for a broker", needs)
	}
}

func (s Spec) validateExternal(closed []catalogue.Closed, problems *invalid.Problems) {
	for _, one := range []struct {
		key   string
		value any
		unset bool
	}{
		{"brokers", s.Brokers, s.Brokers == 0},
		{"storage", s.Storage.String(), s.Storage.IsZero()},
		{"retentionHours", s.RetentionHours, s.RetentionHours == 0},
	} {
		if !one.unset {
			problems.Add(key+"."+one.key, one.value, "must not be given: %s.mode is %s", key, s.Mode)
		}
	}
	s.External.Validate(key+".external", closed, problems)
}
