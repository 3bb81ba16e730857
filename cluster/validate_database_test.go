package cluster_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/invalid"
)

const managedKey = "data.postgres.managed"

// server returns a database server that every rule allows.
func server() cluster.DatabaseSpec {
	one := cluster.DefaultDatabase()
	one.Tier = "db-custom-2-7680"
	return one
}

// withData returns a cluster with a range for data stores.
func withData() *cluster.Spec {
	spec := managed()[cluster.GKE]
	spec.Network.Data = "10.11.0.0/24"
	return spec
}

func TestAServerThatTheCloudRunsIsChecked(t *testing.T) {
	mistakes := map[string]struct {
		reason string
		change func(*cluster.DatabaseSpec, *cluster.Spec)
		want   string
	}{
		"no tier":           {"it has no default", tier(""), ".tier"},
		"shared core":       {"Google promises nothing of it", tier("db-f1-micro"), ".tier"},
		"another cloud's":   {"", tier("db.m7g.large"), ".tier"},
		"odd CPUs":          {"Google has 1 and even numbers", tier("db-custom-3-7680"), ".tier"},
		"too many CPUs":     {"96 are the most", tier("db-custom-98-196608"), ".tier"},
		"no CPU":            {"", tier("db-custom-0-3840"), ".tier"},
		"odd memory":        {"it comes in 256 MB", tier("db-custom-2-7700"), ".tier"},
		"little memory":     {"3.75 GB are the least", tier("db-custom-1-3584"), ".tier"},
		"less than 0.9 GB":  {"of each CPU", tier("db-custom-8-7168"), ".tier"},
		"more than 6.5 GB":  {"of each CPU", tier("db-custom-2-13568"), ".tier"},
		"number beyond all": {"it is not read as another one", tier("db-custom-2-99999999999999999999"), ".tier"},
		"no days": {
			"nothing could be brought back",
			func(d *cluster.DatabaseSpec, _ *cluster.Spec) { d.RetentionDays = 0 }, ".retentionDays",
		},
		"eight days": {
			"the edition Enterprise keeps its log for seven",
			func(d *cluster.DatabaseSpec, _ *cluster.Spec) { d.RetentionDays = 8 }, ".retentionDays",
		},
		"small disk": {"", func(d *cluster.DatabaseSpec, _ *cluster.Spec) { d.MaxStorageGB = 31 }, ".maxStorageGB"},
		"large disk": {"", func(d *cluster.DatabaseSpec, _ *cluster.Spec) { d.MaxStorageGB = 32768 }, ".maxStorageGB"},
		"two servers in a zone": {
			"the loss of it would take both", func(_ *cluster.DatabaseSpec, s *cluster.Spec) { s.Zones = s.Zones[:1] },
			".highAvailability",
		},
		"one server": {
			"this is production", func(d *cluster.DatabaseSpec, _ *cluster.Spec) { d.HighAvailability = false },
			".highAvailability",
		},
		"no generation": {"", func(d *cluster.DatabaseSpec, _ *cluster.Spec) { d.Generation = 0 }, ".generation"},
	}
	for name, c := range mistakes {
		t.Run(name, func(t *testing.T) {
			spec, of := withData(), server()
			c.change(&of, spec)
			var problems invalid.Problems
			spec.ValidateDatabase(managedKey, of, true, &problems)
			if assert.Len(t, problems, 1, c.reason) {
				assert.Equal(t, managedKey+c.want, problems[0].Key)
			}
		})
	}
}

func tier(name string) func(*cluster.DatabaseSpec, *cluster.Spec) {
	return func(d *cluster.DatabaseSpec, _ *cluster.Spec) { d.Tier = name }
}

func TestAServerThatFitsIsNotRefused(t *testing.T) {
	for _, name := range []string{"db-custom-1-3840", "db-custom-2-7680", "db-custom-2-13312", "db-custom-96-638976"} {
		of := server()
		of.Tier = name
		var problems invalid.Problems
		withData().ValidateDatabase(managedKey, of, true, &problems)
		assert.Empty(t, problems, name)
	}
}

func TestEveryMistakeOfAServerIsToldAtOnce(t *testing.T) {
	var problems invalid.Problems
	managed()[cluster.GKE].ValidateDatabase(managedKey, cluster.DatabaseSpec{HighAvailability: true}, false, &problems)
	var keys []string
	for _, one := range problems {
		keys = append(keys, one.Key)
	}
	assert.ElementsMatch(t, []string{
		managedKey + ".tier", managedKey + ".retentionDays", managedKey + ".maxStorageGB", managedKey + ".generation",
		"cluster.network.data",
	}, keys)
}

// A changed name means another server, and an empty one.
func TestTheNameOfAServerStaysWhatItIs(t *testing.T) {
	named := func(change func(*cluster.Spec, *cluster.DatabaseArgs)) string {
		spec, args := withData(), &cluster.DatabaseArgs{DatabaseSpec: server(), Base: "postgres"}
		change(spec, args)
		return spec.NameDatabase(args)
	}
	before := named(func(*cluster.Spec, *cluster.DatabaseArgs) {})
	assert.Regexp(t, `^dreamseed-production-postgres-[0-9a-f]{6}$`, before)
	assert.LessOrEqual(t, len(before), 60)
	for reason, change := range map[string]func(*cluster.Spec, *cluster.DatabaseArgs){
		"a generation":      func(_ *cluster.Spec, a *cluster.DatabaseArgs) { a.Generation = 2 },
		"another network":   func(s *cluster.Spec, _ *cluster.DatabaseArgs) { s.Network.Nodes = "10.8.0.0/16" },
		"another region":    func(s *cluster.Spec, _ *cluster.DatabaseArgs) { s.Region = "europe-west1" },
		"another use of it": func(_ *cluster.Spec, a *cluster.DatabaseArgs) { a.Base = "other" },
	} {
		assert.NotEqual(t, before, named(change), reason)
	}
	for reason, change := range map[string]func(*cluster.Spec, *cluster.DatabaseArgs){
		"a tier":      func(_ *cluster.Spec, a *cluster.DatabaseArgs) { a.Tier = "db-custom-4-15360" },
		"a disk":      func(_ *cluster.Spec, a *cluster.DatabaseArgs) { a.MaxStorageGB = 1000 },
		"a retention": func(_ *cluster.Spec, a *cluster.DatabaseArgs) { a.RetentionDays = 3 },
		"one server":  func(_ *cluster.Spec, a *cluster.DatabaseArgs) { a.HighAvailability = false },
		"zones":       func(s *cluster.Spec, _ *cluster.DatabaseArgs) { s.Zones = s.Zones[:2] },
	} {
		assert.Equal(t, before, named(change), reason)
	}
}

func TestOnlyGKERunsDatabasesYet(t *testing.T) {
	for _, cloud := range cluster.Clouds() {
		assert.Equal(t, cloud == cluster.GKE, cloud.CanRunDatabases(), cloud)
	}
}
