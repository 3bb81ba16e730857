package data_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/dreamseed/platform/data"
	"github.com/dreamseed/platform/data/store"
	"github.com/dreamseed/platform/monitoring/contract"
	"github.com/dreamseed/platform/services/catalogue"
)

// services returns one that keeps its data in a database and reads a topic, and one that needs no store.
func services() []catalogue.Service {
	return []catalogue.Service{
		{Name: "auth", Needs: catalogue.Needs{Postgres: true, Consumes: []string{"progress"}}}, {Name: "web"},
	}
}

// running has every store in the cluster.
func running() data.Spec {
	return data.Default(data.Modes{
		Postgres: store.InCluster, Redis: store.InCluster, Kafka: store.InCluster, Objects: store.InCluster,
	})
}

// Alerts and dashboards know the stores by these names.
func TestTheJobsOfTheStoresAreThoseOfTheContract(t *testing.T) {
	var jobs []string
	for _, one := range running().Targets(services(), "dreamseed-production") {
		jobs = append(jobs, one.Job)
		assert.Equal(t, "dreamseed-production", one.Namespace, one.Job)
	}
	assert.ElementsMatch(t, []string{
		contract.JobPostgres, contract.JobRedis, contract.JobKafka, contract.JobKafkaExporter, contract.JobObjects,
	}, jobs)
}

func TestAStoreOfSomebodyElseIsNotWatched(t *testing.T) {
	outside := data.Default(data.Modes{
		Postgres: store.External, Redis: store.External, Kafka: store.External, Objects: store.External,
	})
	assert.Empty(t, outside.Targets(services(), "dreamseed-production"))
	assert.Empty(t, outside.Backups(services()))
	assert.Empty(t, outside.Drill(services()))
}

func TestTheBackupsAreThoseOfTheServicesWithADatabase(t *testing.T) {
	spec := running()
	assert.Equal(t, []string{"auth-backup"}, spec.Backups(services()))
	assert.Equal(t, "postgres-restore-drill", spec.Drill(services()))
	without := spec
	without.Postgres.Backup.RetentionDays = 0
	assert.Empty(t, without.Backups(services()), "nothing is dumped")
	assert.Empty(t, without.Drill(services()), "nothing is dumped")
	assert.Empty(t, spec.Drill(services()[1:]), "no service has a database")
}
