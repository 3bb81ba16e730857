package logging

import (
	"slices"

	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/internal/invalid"
	"github.com/dreamseed/platform/monitoring/logging/elastic"
	"github.com/dreamseed/platform/services/catalogue"
)

// Surroundings describes the rest of the environment, against which the logs are checked.
type Surroundings struct {
	// Disk is the size of the smallest node's disk.
	Disk resource.Quantity
	// OnDemand are the pools of nodes that are not taken away.
	OnDemand []catalogue.Pool
}

// leastBuffer holds some minutes of a node that logs a megabyte a second.
var leastBuffer = resource.MustParse("64Mi")

// Validate adds the mistakes of the spec to the problems.
func (s Spec) Validate(within Surroundings, problems *invalid.Problems) {
	switch {
	case !slices.Contains(Stores(), s.Store):
		problems.Add("logs.store", string(s.Store), "%s", invalid.OneOf(Stores()))
	case s.Store == None:
		s.validateNone(problems)
	default:
		s.validateRetention(problems)
		s.validateBuffer(within.Disk, problems)
		if s.Store == Elastic {
			validateElastic(within.OnDemand, problems)
		}
	}
}

// validateNone refuses what only a store would heed.
func (s Spec) validateNone(problems *invalid.Problems) {
	for _, one := range []struct {
		key   string
		value any
		unset bool
	}{
		{"retentionDays", s.RetentionDays, s.RetentionDays == 0},
		{"storage", s.Storage.String(), s.Storage.IsZero()},
		{"dailyGB", s.DailyGB, s.DailyGB == 0},
		{"buffer", s.Buffer.String(), s.Buffer.IsZero()},
	} {
		if !one.unset {
			problems.Add("logs."+one.key, one.value, "must not be given: logs.store is %s, which keeps nothing", None)
		}
	}
}

func (s Spec) validateRetention(problems *invalid.Problems) {
	before := len(*problems)
	if s.RetentionDays < 1 {
		problems.Add("logs.retentionDays", s.RetentionDays, "must be 1 or more")
	}
	if s.DailyGB < 1 {
		problems.Add("logs.dailyGB", s.DailyGB, "must be 1 or more: the storage is checked by it")
	}
	if s.Storage.Sign() <= 0 {
		problems.Add("logs.storage", s.Storage.String(), "must be more than 0")
	}
	if len(*problems) > before {
		return // nothing can be computed from these
	}
	if need := s.need(s.RetentionDays); s.Storage.Cmp(need) < 0 {
		problems.Add("logs.storage", s.Storage.String(),
			"must be %s or more for %d days (logs.retentionDays) of %d GB (logs.dailyGB): %s, and a day that is not over",
			need.String(), s.RetentionDays, s.DailyGB, sizes[s.Store].because)
	}
}

// validateBuffer leaves the node most of its disk: below a tenth of free space, the kubelet evicts pods
// (https://kubernetes.io/docs/concepts/scheduling-eviction/node-pressure-eviction/#hard-eviction-thresholds).
func (s Spec) validateBuffer(disk resource.Quantity, problems *invalid.Problems) {
	most := *resource.NewQuantity(disk.Value()/10, resource.BinarySI)
	switch {
	case s.Buffer.Cmp(leastBuffer) < 0:
		problems.Add("logs.buffer", s.Buffer.String(), "must be %s or more", leastBuffer.String())
	case s.Buffer.Cmp(most) > 0:
		problems.Add("logs.buffer", s.Buffer.String(),
			"must be a tenth of the smallest node's disk (%s) or less: a node with a full disk evicts its pods", disk.String())
	}
}

// validateElastic checks that a node takes one of Elasticsearch's.
func validateElastic(onDemand []catalogue.Pool, problems *invalid.Problems) {
	needs := elastic.Requests()
	if len(onDemand) > 0 && !slices.ContainsFunc(onDemand, needs.Fits) {
		problems.Add("logs.store", string(Elastic),
			"must not be given without a pool on demand whose nodes have %s for a node of Elasticsearch", needs)
	}
}
