package redis_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/dreamseed/platform/data/redis"
	"github.com/dreamseed/platform/data/store"
	"github.com/dreamseed/platform/internal/namespace"
	"github.com/dreamseed/platform/monitoring/scrape"
	"github.com/dreamseed/platform/services/catalogue"
)

func TestOnlyDeclaringServicesReachTheCache(t *testing.T) {
	clients := namespace.Named("ai-tutor-service", "auth-service")
	pods := namespace.Named("redis")
	assert.Equal(t, []namespace.Policy{
		{
			Name: "allow-redis-out", Pods: clients, Direction: namespace.Egress,
			Peers: []namespace.Peer{{Pods: pods, TCP: []int{6379}}},
		},
		{
			Name: "allow-redis", Pods: pods, Direction: namespace.Ingress,
			Peers: []namespace.Peer{{Pods: clients, TCP: []int{6379}}},
		},
		{
			Name: "allow-scrape-of-redis", Pods: pods, Direction: namespace.Ingress,
			Peers: []namespace.Peer{{Namespace: "watching", Pods: namespace.Named("prometheus"), TCP: []int{9121}}},
		},
	}, redis.Default(store.InCluster).Policies(args().Services, "watching", nil))
}

func TestACacheOutsideIsReachedAtItsAddress(t *testing.T) {
	spec := redis.Spec{Mode: store.External, External: store.Address{CIDR: "10.20.0.0/28", Port: 6380}}
	assert.Equal(t, []namespace.Policy{{
		Name: "allow-redis-out", Pods: namespace.Named("ai-tutor-service", "auth-service"), Direction: namespace.Egress,
		Peers: []namespace.Peer{{CIDR: "10.20.0.0/28", TCP: []int{6380}}},
	}}, spec.Policies(args().Services, "watching", nil))
}

// A selector without names would select every pod.
func TestWithoutADeclaringServiceNothingOpens(t *testing.T) {
	none := []catalogue.Service{service("report", false)}
	assert.Empty(t, redis.Default(store.InCluster).Policies(none, "watching", nil))
	assert.Empty(t, redis.Spec{Mode: store.External}.Policies(none, "watching", nil))
}

func TestTheExporterIsScraped(t *testing.T) {
	assert.Equal(t, []scrape.Target{{
		Job: "redis", Namespace: "dreamseed-test", Pods: namespace.Named("redis"), Port: 9121,
	}}, redis.Default(store.InCluster).Targets("dreamseed-test"))
	assert.Empty(t, redis.Default(store.External).Targets("dreamseed-test"))
}
