package redis_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/data/redis"
	"github.com/dreamseed/platform/data/store"
	"github.com/dreamseed/platform/internal/invalid"
	"github.com/dreamseed/platform/services/catalogue"
)

// node is a pool of nodes with two processors and some memory.
func node(memory string) []catalogue.Pool {
	return []catalogue.Pool{{Offers: catalogue.Amounts{
		CPU: resource.MustParse("2"), Memory: resource.MustParse(memory),
	}}}
}

func TestTheDefaultsAreValid(t *testing.T) {
	var problems invalid.Problems
	redis.Default(store.InCluster).Validate(node("4Gi"), nil, &problems)
	assert.Empty(t, problems)
}

func TestAMistakeNamesItsKey(t *testing.T) {
	address := store.Address{CIDR: "10.20.0.0/28", Port: 6379}
	for reason, c := range map[string]struct {
		spec func(s *redis.Spec)
		want string
	}{
		"an unknown mode": {
			func(s *redis.Spec) { s.Mode = "sentinel" },
			`dreamseed:data.redis.mode is "sentinel": it must be one of inCluster, managed, external`,
		},
		"a mode that no cloud has": {
			func(s *redis.Spec) { s.Mode = store.Managed }, `dreamseed:data.redis.mode is "managed": it must be one of ` +
				"inCluster, external: the platform does not have the cloud run it (cluster.cloud)",
		},
		"external without an address": {
			func(s *redis.Spec) { *s = redis.Spec{Mode: store.External} },
			"dreamseed:data.redis.external.cidr is missing: it must be the network of the store, such as 10.20.0.0/28, " +
				"without host bits\ndreamseed:data.redis.external.port is 0: it must be a TCP port from 1 to 65535",
		},
		"external with a volume": {
			func(s *redis.Spec) {
				*s = redis.Spec{Mode: store.External, Storage: resource.MustParse("1Gi"), External: address}
			},
			`dreamseed:data.redis.storage is "1Gi": it must not be given: data.redis.mode is external, which does not heed it`,
		},
		"in the cluster with an address": {
			func(s *redis.Spec) { s.External = address }, `dreamseed:data.redis.external is "10.20.0.0/28": it must not be ` +
				"given: data.redis.mode is inCluster, which does not heed it",
		},
		"an unknown eviction": {
			func(s *redis.Spec) { s.Eviction = "volatile-ttl" },
			`dreamseed:data.redis.eviction is "volatile-ttl": it must be one of noeviction, allkeys-lru`,
		},
		"no room for keys": {
			func(s *redis.Spec) { s.Memory = resource.MustParse("63Mi") },
			`dreamseed:data.redis.memory is "63Mi": it must be 64Mi or more`,
		},
		"no node for it": {
			func(s *redis.Spec) { s.Memory, s.Storage = resource.MustParse("4Gi"), resource.MustParse("40Gi") },
			`dreamseed:data.redis.memory is "4Gi": it must fit a node on demand, together with the exporter: ` +
				"cpu 110m, memory 4128Mi",
		},
		"a volume that the file outgrows": {
			func(s *redis.Spec) { s.Storage = resource.MustParse("1Gi") },
			`dreamseed:data.redis.storage is "1Gi": it must be 1229Mi or more for data.redis.memory of 512Mi: the file of ` +
				"the keys may double before it is rewritten, and the new one stands beside it",
		},
	} {
		t.Run(reason, func(t *testing.T) {
			spec := redis.Default(store.InCluster)
			c.spec(&spec)
			var problems invalid.Problems
			spec.Validate(node("4Gi"), nil, &problems)
			require.Error(t, problems.Err())
			assert.EqualError(t, problems.Err(), c.want)
		})
	}
}

func TestAModeOutsideTheClusterHasNothingToSet(t *testing.T) {
	assert.Equal(t, redis.Spec{Mode: store.External}, redis.Default(store.External))
	valid := redis.Default(store.External)
	valid.External = store.Address{CIDR: "10.20.0.0/28", Port: 6379}
	var problems invalid.Problems
	valid.Validate(nil, nil, &problems)
	assert.Empty(t, problems)
}
