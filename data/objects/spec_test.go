package objects_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/data/objects"
	"github.com/dreamseed/platform/data/store"
	"github.com/dreamseed/platform/internal/invalid"
	"github.com/dreamseed/platform/services/catalogue"
)

func TestTheDefaultsAreValid(t *testing.T) {
	var problems invalid.Problems
	var all []catalogue.Service
	for _, name := range catalogue.Names() {
		one, _ := catalogue.Lookup(name)
		all = append(all, one)
	}
	for _, mode := range []store.Mode{store.InCluster, store.Managed} {
		objects.Default(mode).Validate(objects.Surroundings{Services: all, Cluster: ofGoogle("dreamseed-test")}, &problems)
	}
	assert.Empty(t, problems)
}

// ofGoogle returns a cluster whose cloud keeps buckets.
func ofGoogle(name string) *cluster.Spec {
	return &cluster.Spec{Cloud: cluster.GKE, Name: name, Account: "dreamseed-project", Region: "europe-west4"}
}

func TestAMistakeInACloudNamesItsKey(t *testing.T) {
	managed := objects.Default(store.Managed)
	for reason, c := range map[string]struct {
		spec    objects.Spec
		cluster *cluster.Spec
		want    string
	}{
		"an existing cluster": {
			managed, &cluster.Spec{Cloud: cluster.Existing}, `dreamseed:data.objects.mode is "managed": it must be one of ` +
				"inCluster, external: the platform does not have the cloud run it (cluster.cloud)",
		},
		"nothing to bring back": {
			objects.Spec{Mode: store.Managed}, ofGoogle("dreamseed-test"),
			"dreamseed:data.objects.managed.retentionDays is 0: it must be 1 to 365",
		},
		"more than a year": {
			objects.Spec{Mode: store.Managed, Managed: cluster.BucketSpec{RetentionDays: 366}}, ofGoogle("dreamseed-test"),
			"dreamseed:data.objects.managed.retentionDays is 366: it must be 1 to 365",
		},
		"a volume": {
			objects.Spec{Mode: store.Managed, Managed: managed.Managed, Storage: resource.MustParse("20Gi")},
			ofGoogle("dreamseed-test"), `dreamseed:data.objects.storage is "20Gi": it must not be given: data.objects.mode ` +
				"is managed, which does not heed it",
		},
		"buckets of a cloud in the cluster": {
			objects.Spec{
				Mode: store.InCluster, Storage: resource.MustParse("20Gi"), Managed: managed.Managed,
			},
			ofGoogle("dreamseed-test"), "dreamseed:data.objects.managed is 30: it must not be given: data.objects.mode is " +
				"inCluster, which does not heed it",
		},
	} {
		t.Run(reason, func(t *testing.T) {
			var problems invalid.Problems
			c.spec.Validate(objects.Surroundings{Cluster: c.cluster}, &problems)
			assert.EqualError(t, problems.Err(), c.want)
		})
	}
}

// The name in the cloud begins with the environment's, which nothing else holds against Google's rules.
func TestANameThatTheCloudTakesForItselfIsRefused(t *testing.T) {
	var problems invalid.Problems
	objects.Default(store.Managed).Validate(objects.Surroundings{
		Services: []catalogue.Service{service("user", "avatars")}, Cluster: ofGoogle("goog-test"),
	}, &problems)
	require.Len(t, problems, 1)
	assert.Equal(t, "services.user.needs.buckets[0]", problems[0].Key)
	assert.Contains(t, problems.Err().Error(), `"goog-test-user-avatars-`)
	assert.Contains(t, problems.Err().Error(), "must not begin with xn--, sthree-, amzn-s3-demo-, goog")
}

func TestAMistakeNamesItsKey(t *testing.T) {
	address := store.Address{CIDR: "10.20.0.0/28", Port: 9000}
	inCluster := objects.Default(store.InCluster)
	for reason, c := range map[string]struct {
		spec     objects.Spec
		services []catalogue.Service
		want     string
	}{
		"an unknown mode": {
			objects.Spec{Mode: "minio"}, nil,
			`dreamseed:data.objects.mode is "minio": it must be one of inCluster, managed, external`,
		},
		"a mode that no cloud has": {
			objects.Spec{Mode: store.Managed}, nil,
			`dreamseed:data.objects.mode is "managed": it must be one of inCluster, external: the platform does not have ` +
				"the cloud run it (cluster.cloud)",
		},
		"external without an address": {
			objects.Spec{Mode: store.External}, nil,
			"dreamseed:data.objects.external.cidr is missing: it must be the network of the store, such as 10.20.0.0/28, " +
				"without host bits\ndreamseed:data.objects.external.port is 0: it must be a TCP port from 1 to 65535",
		},
		"external with a volume": {
			objects.Spec{Mode: store.External, External: address, Storage: resource.MustParse("20Gi")}, nil,
			`dreamseed:data.objects.storage is "20Gi": it must not be given: data.objects.mode is external, which does not ` +
				"heed it",
		},
		"no room": {
			objects.Spec{Mode: store.InCluster, Storage: resource.MustParse("1023Mi")}, nil,
			`dreamseed:data.objects.storage is "1023Mi": it must be 1Gi or more`,
		},
		"a bucket that no store takes": {
			inCluster, []catalogue.Service{service("user", "avatars", "Old_Avatars")},
			`dreamseed:services.user.needs.buckets[1] is "Old_Avatars": it must be a name of which the store takes ` +
				`"user-Old_Avatars": that must consist of small letters, digits and hyphens, with a letter or digit at both ends`,
		},
		"one bucket twice": {
			inCluster, []catalogue.Service{service("user", "avatars", "avatars")},
			`dreamseed:services.user.needs.buckets[1] is "avatars": it must be listed once`,
		},
		"one bucket of two services": {
			inCluster, []catalogue.Service{service("ai", "tutor-files"), service("ai-tutor", "files")},
			`dreamseed:services.ai-tutor.needs.buckets[0] is "files": it must be another name: those of service ai have the ` +
				"bucket ai-tutor-files",
		},
		"a wrong bucket of a store outside": {
			objects.Spec{Mode: store.External, External: address}, []catalogue.Service{service("user", "a.b")},
			`dreamseed:services.user.needs.buckets[0] is "a.b": it must be a name of which the store takes "user-a.b": that ` +
				"must consist of small letters, digits and hyphens, with a letter or digit at both ends",
		},
	} {
		t.Run(reason, func(t *testing.T) {
			var problems invalid.Problems
			c.spec.Validate(objects.Surroundings{Services: c.services}, &problems)
			assert.EqualError(t, problems.Err(), c.want)
		})
	}
}

func TestAModeOutsideTheClusterTakesNothingOfIt(t *testing.T) {
	external := objects.Default(store.External)
	assert.Equal(t, objects.Spec{Mode: store.External}, external)
	assert.Zero(t, external.Demand().Pods)
	assert.Empty(t, external.Volumes())
	assert.Empty(t, external.Targets("dreamseed-test"))
}
