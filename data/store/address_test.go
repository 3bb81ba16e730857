package store_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/data/store"
	"github.com/dreamseed/platform/internal/invalid"
	"github.com/dreamseed/platform/internal/namespace"
	"github.com/dreamseed/platform/services/catalogue"
)

func TestAnAddressIsANetworkAndAPort(t *testing.T) {
	for reason, c := range map[string]struct {
		address store.Address
		want    string
	}{
		"complete":         {store.Address{CIDR: "10.20.0.0/28", Port: 6379}, ""},
		"a single address": {store.Address{CIDR: "10.20.0.7/32", Port: 65535}, ""},
		"no network": {
			store.Address{Port: 6379}, "dreamseed:data.redis.external.cidr is missing: it must be the network of the store, " +
				"such as 10.20.0.0/28, without host bits",
		},
		"no port": {
			store.Address{CIDR: "10.20.0.0/28"},
			"dreamseed:data.redis.external.port is 0: it must be a TCP port from 1 to 65535",
		},
		"a port that no TCP has": {
			store.Address{CIDR: "10.20.0.0/28", Port: 65536},
			"dreamseed:data.redis.external.port is 65536: it must be a TCP port from 1 to 65535",
		},
		"a host within a network": {
			store.Address{CIDR: "10.20.0.7/28", Port: 6379}, `dreamseed:data.redis.external.cidr is "10.20.0.7/28": it ` +
				"must be a network such as 10.20.0.0/24, without host bits",
		},
		"a name": {
			store.Address{CIDR: "redis.example.com", Port: 6379}, `dreamseed:data.redis.external.cidr is ` +
				`"redis.example.com": it ` + "must be a network such as 10.20.0.0/24, without host bits",
		},
	} {
		t.Run(reason, func(t *testing.T) {
			var problems invalid.Problems
			c.address.Validate("data.redis.external", catalogue.CredentialServers(), &problems)
			if c.want == "" {
				assert.Empty(t, problems)
				return
			}
			assert.EqualError(t, problems.Err(), c.want)
		})
	}
}

func TestAnAddressIsReachedAtItsPortAlone(t *testing.T) {
	assert.Equal(t, namespace.Peer{CIDR: "10.20.0.0/28", TCP: []int{6379}},
		store.Address{CIDR: "10.20.0.0/28", Port: 6379}.Peer(catalogue.CredentialServers()))
}

func TestAModeIsBuiltAndHeedsWhatIsSet(t *testing.T) {
	storage := store.Setting{Key: "storage", Value: "4Gi", Given: true, Of: store.InCluster}
	unset := store.Setting{Key: "storage", Value: "0", Of: store.InCluster}
	for reason, c := range map[string]struct {
		mode    store.Mode
		setting store.Setting
		usable  bool
		want    string
	}{
		"its own setting":         {store.InCluster, storage, true, ""},
		"a setting without value": {store.External, unset, true, ""},
		"another mode's setting": {
			store.External, storage, true,
			"dreamseed:data.redis.storage is \"4Gi\": it must not be given: data.redis.mode is external, which does not heed it",
		},
		"no mode": {
			"", unset, false, "dreamseed:data.redis.mode is missing: it must be one of inCluster, managed, external",
		},
		"an unknown mode": {
			"sentinel", unset, false,
			`dreamseed:data.redis.mode is "sentinel": it must be one of inCluster, managed, external`,
		},
		"a mode that the cluster cannot have": {
			store.Managed, storage, false, `dreamseed:data.redis.mode is "managed": it must be one of inCluster, external: ` +
				"the platform does not have the cloud run it (cluster.cloud)",
		},
	} {
		t.Run(reason, func(t *testing.T) {
			var problems invalid.Problems
			assert.Equal(t, c.usable, c.mode.Validate("data.redis", store.Unmanaged(), []store.Setting{c.setting}, &problems))
			if c.want == "" {
				assert.Empty(t, problems)
				return
			}
			require.Len(t, problems, 1)
			assert.EqualError(t, problems.Err(), c.want)
		})
	}
}
