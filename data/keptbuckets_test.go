package data_test

import (
	"maps"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/data"
	"github.com/dreamseed/platform/data/objects"
	"github.com/dreamseed/platform/data/store"
	"github.com/dreamseed/platform/internal/invalid"
)

// inTheCloud returns a spec whose buckets are in the cloud.
func inTheCloud() data.Spec {
	spec := running()
	spec.Objects = objects.Default(store.Managed)
	return spec
}

// elsewhere returns a spec whose buckets somebody else keeps.
func elsewhere() data.Spec {
	spec := running()
	spec.Objects = objects.Default(store.External)
	return spec
}

func names(of map[string]cluster.BucketSpec) []string { return slices.Sorted(maps.Keys(of)) }

func TestBucketsStayWhoeverKeepsTheObjectsNow(t *testing.T) {
	left := after(t, inTheCloud(), nil)
	assert.Empty(t, inTheCloud().FormerBuckets(left, holding()), "they serve")
	var problems invalid.Problems
	elsewhere().ValidateChange(left, holding(), &problems)
	assert.Empty(t, problems, "no object is lost")
	assert.Equal(t, []string{"user-avatars", "user-exports"}, names(elsewhere().FormerBuckets(left, holding())))
	again := after(t, elsewhere(), left)
	assert.Equal(t, 30, elsewhere().FormerBuckets(again, holding())["user-avatars"].RetentionDays, "as they were")
	inTheCloud().ValidateChange(again, holding(), &problems)
	assert.Empty(t, problems)
	assert.Empty(t, inTheCloud().FormerBuckets(again, holding()), "the same buckets serve again")
}

// On AKS they share an account, which keeps what was deleted for all of them.
func TestAFormerBucketHasTheConfigurationOfTheOthers(t *testing.T) {
	services := holding()
	left := after(t, elsewhere(), after(t, inTheCloud(), nil))
	services[1].Needs.Buckets = []string{"avatars"}
	again := inTheCloud()
	again.Objects.Managed.RetentionDays = 10
	assert.Equal(t, map[string]cluster.BucketSpec{"user-exports": {RetentionDays: 10}},
		again.FormerBuckets(left, services))
}

func TestABucketOfTheCloudStaysDeclared(t *testing.T) {
	services := holding()
	services[1].Needs.Buckets = []string{"avatars"}
	var problems invalid.Problems
	inTheCloud().ValidateChange(after(t, inTheCloud(), nil), services, &problems)
	require.Len(t, problems, 1)
	assert.EqualError(t, problems.Err(), `dreamseed:services.user.needs.buckets is "avatars": it must declare `+
		`user-exports, as long as its data is there; once it is empty, list "objects/user-exports" in data.letGo, and `+
		"take its protection away (docs/data.md)")
}

func TestABucketGoesWhenItIsLetGo(t *testing.T) {
	left, services := after(t, inTheCloud(), nil), holding()
	services[1].Needs.Buckets = []string{"avatars"}
	spec := inTheCloud()
	spec.LetGo = []string{"objects/user-exports"}
	var problems invalid.Problems
	spec.ValidateChange(left, services, &problems)
	assert.Empty(t, problems)
	assert.Empty(t, spec.FormerBuckets(left, services))
	assert.Equal(t, []string{"user-avatars"}, names(spec.Kept(left, services)["objects"].Buckets))
	outside := elsewhere()
	outside.LetGo = []string{"objects"}
	assert.Empty(t, outside.FormerBuckets(left, holding()), "and all of them with the store")
}
