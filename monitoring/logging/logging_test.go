package logging_test

import (
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/internal/invalid"
	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/monitoring/logging"
	"github.com/dreamseed/platform/services/catalogue"
)

// surroundings have room for everything.
func surroundings() logging.Surroundings {
	return logging.Surroundings{Disk: resource.MustParse("100G"), OnDemand: []catalogue.Pool{{
		Name: "on-demand", Most: 3,
		Offers: catalogue.Amounts{CPU: resource.MustParse("4"), Memory: resource.MustParse("16Gi")},
	}}}
}

func problems(of logging.Spec) invalid.Problems {
	var found invalid.Problems
	of.Validate(surroundings(), &found)
	return found
}

func TestTheDefaultsOfEveryStoreAreValid(t *testing.T) {
	require.Len(t, logging.Stores(), 3)
	for _, store := range logging.Stores() {
		assert.Empty(t, problems(logging.Default(store)), store)
	}
}

// The arithmetic by hand. Elasticsearch: 15 days of 5 GB, twice, a tenth more, on 3 disks of which 85 % are used, are
// 64.706 GB each (5 * 15 * 2.2 / 0.85 / 3). VictoriaLogs: 31 days of 5 GB, a quarter, on a disk of which 80 % are used,
// are 48.4375 GB (5 * 31 / 4 / 0.8).
func TestAVolumeHasToHoldTheRetention(t *testing.T) {
	cases := map[logging.Store]struct {
		days         int
		fits, misses string
	}{
		logging.Elastic:      {14, "64706M", "64705M"},
		logging.VictoriaLogs: {30, "48439M", "48437M"},
	}
	for store, c := range cases {
		t.Run(string(store), func(t *testing.T) {
			of := logging.Default(store)
			of.DailyGB, of.RetentionDays = 5, c.days
			of.Storage = resource.MustParse(c.misses)
			found := problems(of)
			require.Len(t, found, 1)
			assert.Equal(t, "logs.storage", found[0].Key)
			assert.Contains(t, found[0].Rule, "and a day that is not over")
			of.Storage = resource.MustParse(c.fits)
			of.Storage.Add(resource.MustParse("1Mi")) // the need is stated in whole MiB
			assert.Empty(t, problems(of))
		})
	}
}

func TestTheBillCountsWhatAStoreClaims(t *testing.T) {
	counts := map[logging.Store]int{logging.Elastic: 3, logging.VictoriaLogs: 1, logging.None: 0}
	for store, count := range counts {
		assert.Len(t, logging.Default(store).Volumes(), count, store)
	}
}

func build(t *testing.T, of logging.Spec) *mocktest.Recording {
	t.Helper()
	return mocktest.Run(t, func(ctx *pulumi.Context) error {
		_, err := logging.New(ctx, "logs", &logging.Args{
			Spec: of, Environment: "staging", Cluster: "shop", Namespace: "monitoring", NodeAgents: "node-agents",
			ServicesNamespace: "shop", Zones: []string{"a", "b", "c"}, DeadlineSeconds: 60,
		})
		return err
	})
}

// What the first collector sends would otherwise meet no store, or an index that nobody deletes.
func TestTheStoreComesBeforeTheCollectors(t *testing.T) {
	const daemonSet = "kubernetes:apps/v1:DaemonSet"
	light := build(t, logging.Default(logging.VictoriaLogs))
	light.Get(t, daemonSet, "logs-collector-daemonset").AssertDependsOn(t,
		mocktest.Ref("kubernetes:apps/v1:Deployment", "logs-victoria-logs-a-deployment"))
	heavy := build(t, logging.Default(logging.Elastic))
	jobs := heavy.OfType("kubernetes:batch/v1:Job")
	require.Len(t, jobs, 1)
	heavy.Get(t, daemonSet, "logs-collector-daemonset").AssertDependsOn(t, jobs[0].Ref(),
		mocktest.Ref("kubernetes:external-secrets.io/v1:ExternalSecret", "logs-elastic-carrier-secret"))
	heavy.AssertParents(t, "logs")
}

func TestWithoutAStoreNothingIsOpenAndNothingIsScraped(t *testing.T) {
	none := logging.Default(logging.None)
	assert.Empty(t, none.Policies("node-agents", "eck"))
	assert.Empty(t, none.CollectorPolicies("monitoring"))
	assert.Empty(t, none.Targets("monitoring", "node-agents"))
	_, err := mocktest.Try(func(ctx *pulumi.Context) error {
		_, err := logging.New(ctx, "logs", &logging.Args{Spec: none})
		return err
	})
	require.ErrorContains(t, err, `the store "none" keeps no lines`)
}

func TestEveryTargetIsScraped(t *testing.T) {
	jobs := map[logging.Store][]string{
		logging.Elastic: {"log-collector"}, logging.VictoriaLogs: {"log-collector", "victoria-logs"},
	}
	for store, want := range jobs {
		var found []string
		for _, one := range logging.Default(store).Targets("monitoring", "node-agents") {
			found = append(found, one.Job)
		}
		assert.Equal(t, want, found, store)
	}
}
