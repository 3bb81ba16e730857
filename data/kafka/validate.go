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

// Key is the key of the section.
const Key = "data.kafka"

// leastStorage holds the segments that each partition writes to.
var leastStorage = resource.MustParse("1Gi")

// Validate adds the mistakes of the section, and of the topics of all services, to the problems.
func (s Spec) Validate(within Surroundings, problems *invalid.Problems) {
	validateTopics(within.Services, problems)
	if !s.Mode.Validate(Key, store.Unmanaged(), s.settings(), problems) {
		return
	}
	if s.Mode == store.External {
		s.External.Validate(Key+".external", within.Closed, problems)
		return
	}
	s.validateInCluster(within, problems)
}

// settings lists what only one mode heeds.
func (s Spec) settings() []store.Setting {
	return []store.Setting{
		{Key: "brokers", Value: s.Brokers, Given: s.Brokers != 0, Of: store.InCluster},
		{Key: "storage", Value: s.Storage.String(), Given: !s.Storage.IsZero(), Of: store.InCluster},
		{Key: "retentionHours", Value: s.RetentionHours, Given: s.RetentionHours != 0, Of: store.InCluster},
		{Key: "external", Value: s.External.CIDR, Given: s.External != store.Address{}, Of: store.External},
	}
}

func (s Spec) validateInCluster(within Surroundings, problems *invalid.Problems) {
	if s.Brokers != 1 && (s.Brokers < 3 || s.Brokers%2 == 0) {
		problems.Add(Key+".brokers", s.Brokers, "must be 1, or an odd number from 3 on: a majority of them has to agree")
	}
	if s.Storage.Cmp(leastStorage) < 0 {
		problems.Add(Key+".storage", s.Storage.String(), "must be %s or more", leastStorage.String())
	}
	if s.RetentionHours < 1 {
		problems.Add(Key+".retentionHours", s.RetentionHours,
			"must be 1 or more: a message would be gone before it is read")
	}
	needs := Requests()
	if len(within.OnDemand) > 0 && !slices.ContainsFunc(within.OnDemand, needs.Fits) {
		problems.Add(Key+".mode", string(s.Mode),
			"must not be given without a pool on demand whose nodes have %s for a broker", needs)
	}
}
