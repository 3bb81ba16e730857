package objects_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/dreamseed/platform/data/objects"
	"github.com/dreamseed/platform/data/store"
	"github.com/dreamseed/platform/internal/namespace"
	"github.com/dreamseed/platform/monitoring/scrape"
)

// around is the environment of the tests, whose backups are made by pods of a label of their own.
func around() objects.Around {
	return objects.Around{
		Services: args().Services, Backups: namespace.Pods{Labels: map[string]string{"component": "backup"}},
		Monitoring: "watching",
	}
}

func TestOnlyDeclaringServicesAndBackupsReachTheStore(t *testing.T) {
	clients := namespace.Named("content-service", "user-service", "objects-buckets")
	pods, backups := namespace.Named("objects"), around().Backups
	assert.Equal(t, []namespace.Policy{
		{
			Name: "allow-objects-out", Pods: clients, Direction: namespace.Egress,
			Peers: []namespace.Peer{{Pods: pods, TCP: []int{8333}}},
		},
		{
			Name: "allow-objects", Pods: pods, Direction: namespace.Ingress,
			Peers: []namespace.Peer{{Pods: clients, TCP: []int{8333}}},
		},
		{
			Name: "allow-backups-to-objects-out", Pods: backups, Direction: namespace.Egress,
			Peers: []namespace.Peer{{Pods: pods, TCP: []int{8333}}},
		},
		{
			Name: "allow-backups-to-objects", Pods: pods, Direction: namespace.Ingress,
			Peers: []namespace.Peer{{Pods: backups, TCP: []int{8333}}},
		},
		{
			Name: "allow-scrape-of-objects", Pods: pods, Direction: namespace.Ingress,
			Peers: []namespace.Peer{{Namespace: "watching", Pods: namespace.Named("prometheus"), TCP: []int{9327}}},
		},
	}, objects.Default(store.InCluster).Policies(around()))
}

func TestBucketsOfACloudAreSomewhereOnTheInternet(t *testing.T) {
	of := around()
	of.Backups = namespace.Pods{}
	assert.Equal(t, []namespace.Policy{{
		Name: "allow-objects-out", Pods: namespace.Named("content-service", "user-service"), Direction: namespace.Egress,
		Peers: []namespace.Peer{namespace.Internet()},
	}}, objects.Default(store.Managed).Policies(of))
}

func TestAStoreOutsideIsReachedAtItsAddress(t *testing.T) {
	spec := objects.Spec{Mode: store.External, External: store.Address{CIDR: "10.20.0.0/28", Port: 9000}}
	there := []namespace.Peer{{CIDR: "10.20.0.0/28", TCP: []int{9000}}}
	assert.Equal(t, []namespace.Policy{
		{
			Name: "allow-objects-out", Pods: namespace.Named("content-service", "user-service"), Direction: namespace.Egress,
			Peers: there,
		},
		{Name: "allow-backups-to-objects-out", Pods: around().Backups, Direction: namespace.Egress, Peers: there},
	}, spec.Policies(around()))
}

// A selector without labels would select every pod.
func TestNoPolicySelectsEveryPod(t *testing.T) {
	for _, mode := range []store.Mode{store.InCluster, store.External} {
		for _, policy := range objects.Default(mode).Policies(objects.Around{Monitoring: "watching"}) {
			assert.NotEmpty(t, policy.Pods.Names, policy.Name)
			for _, peer := range policy.Peers {
				assert.NotEmpty(t, peer.Pods.Names, policy.Name)
			}
		}
	}
}

func TestTheStoreIsScraped(t *testing.T) {
	assert.Equal(t, []scrape.Target{{
		Job: "objects", Namespace: "dreamseed-test", Pods: namespace.Named("objects"), Port: 9327,
	}}, objects.Default(store.InCluster).Targets("dreamseed-test"))
}
