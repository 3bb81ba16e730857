package redis

import (
	"slices"

	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/data/store"
	"github.com/dreamseed/platform/internal/invalid"
	"github.com/dreamseed/platform/services/catalogue"
)

// Key is the key of the section.
const Key = "data.redis"

// leastMemory leaves room for keys beside the program and the buffers of some clients.
var leastMemory = resource.MustParse("64Mi")

// filesPerKeys is how many times the volume must hold the keys: the append-only file is rewritten when it has doubled
// (auto-aof-rewrite-percentage, https://valkey.io/topics/persistence), and the new one stands beside it meanwhile.
const filesPerKeys = 4

// Validate adds the mistakes of the spec to the problems. onDemand are the pools of nodes that are not taken away, and
// closed the ranges that no destination opens.
func (s Spec) Validate(onDemand []catalogue.Pool, closed []catalogue.Closed, problems *invalid.Problems) {
	if !s.Mode.Validate(Key, store.Unmanaged(), s.settings(), problems) {
		return
	}
	if s.Mode == store.External {
		s.External.Validate(Key+".external", closed, problems)
		return
	}
	if !slices.Contains(Evictions(), s.Eviction) {
		problems.Add(Key+".eviction", string(s.Eviction), "%s", invalid.OneOf(Evictions()))
	}
	s.validateSizes(onDemand, problems)
}

// settings lists what only one mode heeds.
func (s Spec) settings() []store.Setting {
	return []store.Setting{
		{Key: "storage", Value: s.Storage.String(), Given: !s.Storage.IsZero(), Of: store.InCluster},
		{Key: "memory", Value: s.Memory.String(), Given: !s.Memory.IsZero(), Of: store.InCluster},
		{Key: "eviction", Value: string(s.Eviction), Given: s.Eviction != "", Of: store.InCluster},
		{Key: "external", Value: s.External.CIDR, Given: s.External != store.Address{}, Of: store.External},
	}
}

func (s Spec) validateSizes(onDemand []catalogue.Pool, problems *invalid.Problems) {
	if s.Memory.Cmp(leastMemory) < 0 {
		problems.Add(Key+".memory", s.Memory.String(), "must be %s or more", leastMemory.String())
		return
	}
	if needs := s.requests(); len(onDemand) > 0 && !slices.ContainsFunc(onDemand, needs.Fits) {
		problems.Add(Key+".memory", s.Memory.String(), "must fit a node on demand, together with the exporter: %s", needs)
	}
	if least := s.leastStorage(); s.Storage.Cmp(least) < 0 {
		problems.Add(Key+".storage", s.Storage.String(), "must be %s or more for data.redis.memory of %s: "+
			"the file of the keys may double before it is rewritten, and the new one stands beside it",
			least.String(), s.Memory.String())
	}
}

// leastStorage returns the least size of the volume, in whole mebibytes.
func (s Spec) leastStorage() resource.Quantity {
	const mebibyte = 1 << 20
	return *resource.NewQuantity((filesPerKeys*s.keysBytes()/mebibyte+1)*mebibyte, resource.BinarySI)
}
