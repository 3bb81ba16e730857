package postgres_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/data/postgres"
	"github.com/dreamseed/platform/data/store"
	"github.com/dreamseed/platform/internal/invalid"
	"github.com/dreamseed/platform/services/catalogue"
)

// Short names for tables.
type (
	spec   = postgres.Spec
	around = postgres.Surroundings
)

func external() postgres.Spec {
	spec := postgres.Default(store.External)
	spec.External.CIDR = "10.20.0.5/32"
	return spec
}

func managedSpec() postgres.Spec {
	spec := postgres.Default(store.Managed)
	spec.Managed.Tier = "db-custom-2-7680"
	return spec
}

// google returns a cluster whose cloud runs servers.
func google() *cluster.Spec {
	return &cluster.Spec{
		Cloud: cluster.GKE, Zones: []string{"a", "b", "c"}, Network: cluster.Network{Data: "10.26.0.0/20"},
	}
}

func TestTheDefaultsAreValid(t *testing.T) {
	within := postgres.Surroundings{
		Production: true, Services: []catalogue.Service{service("user", true)}, Cluster: google(),
	}
	for _, spec := range []postgres.Spec{postgres.Default(store.InCluster), managedSpec(), external()} {
		var problems invalid.Problems
		spec.Validate(within, &problems)
		assert.NoError(t, problems.Err(), spec.Mode)
	}
}

func TestMistakesAreRefusedWithTheirKey(t *testing.T) {
	small := catalogue.Pool{Name: "small", Most: 1, Offers: catalogue.Amounts{
		CPU: resource.MustParse("100m"), Memory: resource.MustParse("256Mi"),
	}}
	inCluster := postgres.Default(store.InCluster)
	for name, c := range map[string]struct {
		of     postgres.Spec
		change func(s *spec, w *around)
		keys   []string
		reason string
	}{
		"unknown mode": {inCluster, func(s *spec, _ *around) { s.Mode = "cloud" },
			[]string{"mode"}, "it is none of the three"},
		"no mode": {inCluster, func(s *spec, _ *around) { s.Mode = "" }, []string{"mode"}, "nobody would provide it"},
		"managed on a cluster that is there": {inCluster, func(s *spec, _ *around) { s.Mode = store.Managed },
			[]string{"mode"}, "nobody knows its cloud"},
		"managed without a size": {managedSpec(), func(s *spec, w *around) { w.Cluster, s.Managed.Tier = google(), "" },
			[]string{"managed.tier"}, "the cloud wants one"},
		"managed with a mistake in each key": {managedSpec(), func(s *spec, w *around) {
			w.Cluster, w.Production, s.Managed = google(), true, cluster.DatabaseSpec{}
		}, []string{
			"managed.tier", "managed.retentionDays", "managed.maxStorageGB", "managed.highAvailability", "managed.generation",
		}, "all are told at once"},
		"managed with what is for another mode": {managedSpec(), func(s *spec, w *around) {
			w.Cluster, s.Instances = google(), 3
		}, []string{"instances"}, "nothing heeds it"},
		"no instance": {inCluster, func(s *spec, _ *around) { s.Instances = 0 },
			[]string{"instances"}, "nothing would run"},
		"negative": {inCluster, func(s *spec, _ *around) { s.Instances = -1 },
			[]string{"instances"}, "less than nothing"},
		"too many": {inCluster, func(s *spec, _ *around) { s.Instances = 6 },
			[]string{"instances"}, "more copies than use"},
		"no storage": {inCluster, func(s *spec, _ *around) { s.Storage = resource.Quantity{} },
			[]string{"storage"}, "no room for data"},
		"negative storage": {inCluster, func(s *spec, _ *around) { s.Storage = resource.MustParse("-1Gi") },
			[]string{"storage"}, "less than nothing"},
		"limit below request": {inCluster, func(s *spec, _ *around) {
			s.Resources.Limits.Memory = resource.MustParse("512Mi")
		}, []string{"resources.limits.memory"}, "the API server refuses it late"},
		"no request": {inCluster, func(s *spec, _ *around) { s.Resources.Requests.CPU = resource.Quantity{} },
			[]string{"resources.requests.cpu"}, "the quota refuses it late"},
		"no node is large enough": {inCluster, func(_ *spec, w *around) { w.OnDemand = []catalogue.Pool{small} },
			[]string{"resources.requests"}, "it would stay pending"},
		"no retention in production": {inCluster, func(s *spec, w *around) {
			w.Production, s.Backup.RetentionDays = true, 0
		}, []string{"backup.retentionDays"}, "a mistake would be final"},
		"no retention elsewhere": {inCluster, func(s *spec, _ *around) { s.Backup.RetentionDays = 0 },
			nil, "local has nothing to lose"},
		"negative retention": {inCluster, func(s *spec, _ *around) { s.Backup.RetentionDays = -1 },
			[]string{"backup.retentionDays"}, "meaningless"},
		"hour": {inCluster, func(s *spec, _ *around) { s.Backup.Hour = 24 },
			[]string{"backup.hour"}, "no clock has it"},
		"an address in the cluster": {inCluster, func(s *spec, _ *around) { s.External = external().External },
			[]string{"external"}, "nobody would use it"},
		"external without an address": {external(), func(s *spec, _ *around) { s.External.CIDR = "" },
			[]string{"external.cidr"}, "the way there would stay closed"},
		"external with host bits": {external(), func(s *spec, _ *around) { s.External.CIDR = "10.20.0.5/24" },
			[]string{"external.cidr"}, "ambiguous"},
		"external everywhere": {external(), func(s *spec, _ *around) { s.External.CIDR = "0.0.0.0/0" },
			[]string{"external.cidr"}, "it opens the network"},
		"external metadata server": {external(), func(s *spec, _ *around) { s.External.CIDR = "169.254.169.254/32" },
			[]string{"external.cidr"}, "it hands out credentials"},
		"external port": {external(), func(s *spec, _ *around) { s.External.Port = 65536 },
			[]string{"external.port"}, "no such port"},
		"external with settings of the cluster": {external(), func(s *spec, _ *around) {
			s.Instances, s.Storage = 1, resource.MustParse("1Gi")
			s.Resources, s.Backup = inCluster.Resources, inCluster.Backup
		}, []string{"instances", "storage", "resources", "backup"}, "nobody would heed them"},
		"everything at once": {inCluster, func(s *spec, _ *around) { s.Instances, s.Backup.Hour = 0, -1 },
			[]string{"instances", "backup.hour"}, "one run tells all"},
	} {
		t.Run(name, func(t *testing.T) {
			spec, within := c.of, postgres.Surroundings{Closed: catalogue.CredentialServers()}
			c.change(&spec, &within)
			var problems invalid.Problems
			spec.Validate(within, &problems)
			var keys []string
			for _, problem := range problems {
				keys = append(keys, problem.Key)
			}
			var want []string
			for _, key := range c.keys {
				want = append(want, "data.postgres."+key)
			}
			assert.Equal(t, want, keys, c.reason)
		})
	}
}

func TestReservedNamesAreRefused(t *testing.T) {
	for name, refused := range map[string]bool{
		"postgres": true, "template0": true, "template1": true, "app": true, "streaming_replica": true, "pg_toast": true,
		"cnpg_pooler": true, "user": false, "pgbouncer": false, "apps": false,
	} {
		one := service("user", true)
		one.Name = name
		var problems invalid.Problems
		postgres.Default(store.InCluster).Validate(postgres.Surroundings{Services: []catalogue.Service{one}}, &problems)
		assert.Equal(t, refused, problems.Err() != nil, name)
		if refused {
			assert.Equal(t, "services."+name+".needs.postgres", problems[0].Key)
		}
		one.Needs.Postgres = false
		problems = nil
		postgres.Default(store.InCluster).Validate(postgres.Surroundings{Services: []catalogue.Service{one}}, &problems)
		assert.NoError(t, problems.Err(), "without a database, the name is free")
	}
}

func TestTheQuotaHasRoomForEveryPod(t *testing.T) {
	demand := args().Spec.Demand(args().Services)
	assert.Equal(t, 3+1+2+2, demand.Pods, "instances and one that joins, two backups, a restore and the drill")
	assert.Equal(t, "2400m", demand.Requests.CPU.String(), "4 × 500m + 4 × 100m")
	assert.Equal(t, "5Gi", demand.Requests.Memory.String())
	assert.Equal(t, "12", demand.Limits.CPU.String())
	assert.Equal(t, "6Gi", demand.Limits.Memory.String())

	without := args().Spec
	without.Backup = postgres.Backup{}
	assert.Equal(t, 4, without.Demand(args().Services).Pods)
	assert.Zero(t, args().Spec.Demand([]catalogue.Service{service("payment", false)}).Pods, "nobody declares one")
	assert.Zero(t, external().Demand(args().Services).Pods)
}

// The rendered pods request no more than the quota reserves.
func TestTheDemandIsThatOfTheRenderedPods(t *testing.T) {
	var sum resource.Quantity
	for name, one := range cronJobs(t, args()) {
		if name == "user-restore" {
			continue // one restore at a time
		}
		for _, container := range one.Spec.JobTemplate.Spec.Template.Spec.Containers {
			sum.Add(*container.Resources.Requests.Memory())
		}
	}
	instances := resource.MustParse("4Gi")
	sum.Add(instances)
	demand := args().Spec.Demand(args().Services)
	require.Zero(t, demand.Requests.Memory.Cmp(sum), sum.String())
}

func TestVolumes(t *testing.T) {
	size := resource.MustParse("10Gi")
	assert.Equal(t, []resource.Quantity{size, size, size}, args().Spec.Volumes())
	assert.Empty(t, external().Volumes())
}
