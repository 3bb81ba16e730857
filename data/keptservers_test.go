package data_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/data"
	"github.com/dreamseed/platform/data/postgres"
	"github.com/dreamseed/platform/data/store"
	"github.com/dreamseed/platform/internal/invalid"
)

// served returns a spec whose PostgreSQL is a server of the cloud of a generation.
func served(generation int) data.Spec {
	spec := running()
	spec.Postgres = postgres.Default(store.Managed)
	spec.Postgres.Managed.Tier, spec.Postgres.Managed.Generation = "db-custom-2-7680", generation
	return spec
}

// after returns what a run leaves, as the next one reads it.
func after(t *testing.T, spec data.Spec, before data.Kept) data.Kept {
	t.Helper()
	text, err := json.Marshal(spec.Kept(before, holding()))
	require.NoError(t, err)
	var kept data.Kept
	require.NoError(t, json.Unmarshal(text, &kept))
	return kept
}

func generations(servers []cluster.DatabaseSpec) []int {
	var all []int
	for _, one := range servers {
		all = append(all, one.Generation)
	}
	return all
}

func TestAServerThatWasReplacedStays(t *testing.T) {
	first := after(t, served(1), nil)
	assert.Empty(t, served(1).FormerServers(first), "it serves")
	second := after(t, served(2), first)
	assert.Equal(t, []int{1}, generations(served(2).FormerServers(first)))
	assert.Equal(t, []int{1, 2}, generations(second["postgres"].Servers))
	assert.Equal(t, []int{2}, generations(served(1).FormerServers(second)), "and back")
	assert.Equal(t, "db-custom-2-7680", second["postgres"].Servers[0].Tier, "as it was")
}

func TestAServerStaysWhoeverProvidesTheStoreNow(t *testing.T) {
	left := after(t, served(1), nil)
	outside := running()
	outside.Postgres = postgres.Default(store.External)
	var problems invalid.Problems
	outside.ValidateChange(left, holding(), &problems)
	assert.Empty(t, problems, "no data is lost")
	assert.Equal(t, []int{1}, generations(outside.FormerServers(left)))
	again := after(t, outside, left)
	served(1).ValidateChange(again, holding(), &problems)
	assert.Empty(t, problems)
	assert.Empty(t, served(1).FormerServers(again), "the same server serves again")
}

func TestAServerGoesWhenItIsLetGo(t *testing.T) {
	left := after(t, served(2), after(t, served(1), nil))
	spec := served(2)
	spec.LetGo = []string{"postgres/server-1"}
	assert.Empty(t, spec.FormerServers(left))
	assert.Equal(t, []int{2}, generations(after(t, spec, left)["postgres"].Servers))
	spec.LetGo = []string{"postgres/server-2"}
	var problems invalid.Problems
	spec.Validate(data.Surroundings{Services: holding(), Cluster: &cluster.Spec{
		Cloud: cluster.GKE, Zones: []string{"a", "b"}, Network: cluster.Network{Data: "10.26.0.0/20"},
	}}, &problems)
	assert.EqualError(t, problems.Err(), `dreamseed:data.letGo[0] is "postgres/server-2": it must not be listed while `+
		"data.postgres.managed.generation names it")
}

func TestADatabaseOfTheCloudStaysDeclared(t *testing.T) {
	services := holding()
	services[0].Needs.Postgres = false
	var problems invalid.Problems
	served(1).ValidateChange(after(t, served(1), nil), services, &problems)
	require.Len(t, problems, 1)
	assert.Equal(t, "services.auth.needs.postgres", problems[0].Key)
}
