package alert

import (
	"slices"
	"strings"

	"github.com/dreamseed/platform/monitoring/contract"
	"github.com/dreamseed/platform/monitoring/rule"
)

// Stores are the data stores that run in the cluster. Without jobs there is none, and no alert on any.
type Stores struct {
	// Jobs are their scrape jobs.
	Jobs []string
	// Backups are the names of the CronJobs that back up a database each, every day.
	Backups []string
	// Drill is the name of the CronJob that restores the backups every week. Empty if there is none.
	Drill string
}

// aStore is a store that has alerts.
type aStore struct {
	job string
	// failing are expressions that have a series with the label job while the store does not do its work, although it
	// serves metrics.
	failing []string
	// alerts are those of this store alone.
	alerts func() []definition
}

// allStores lists the stores that the platform knows.
func allStores() []aStore {
	return []aStore{
		{job: contract.JobPostgres, failing: postgresFailing(), alerts: postgresAlerts},
		{job: contract.JobRedis, failing: redisFailing(), alerts: redisAlerts},
		{job: contract.JobKafka, failing: kafkaFailing(), alerts: kafkaAlerts},
		{job: contract.JobObjects, alerts: objectsAlerts},
	}
}

// running returns those of the known stores that run in the cluster.
func (s Stores) running() []aStore {
	return slices.DeleteFunc(allStores(), func(one aStore) bool { return !slices.Contains(s.Jobs, one.job) })
}

// exporters returns the jobs that are no store: what they serve is about one.
func (s Stores) exporters() []string {
	isStore := func(job string) bool {
		return slices.ContainsFunc(allStores(), func(one aStore) bool { return one.job == job })
	}
	return slices.DeleteFunc(slices.Clone(s.Jobs), isStore)
}

func (e Environment) stores() rule.Group {
	running := e.Stores.running()
	if len(running) == 0 {
		return rule.Group{}
	}
	alerts := []definition{storeDown(running)}
	for _, one := range running {
		alerts = append(alerts, one.alerts()...)
	}
	return group("stores", alerts...)
}

// storeDown fires when no pod of a store answers, when there is none, and when those that answer do not do their work.
// A single pod of several is a matter of TargetDown.
func storeDown(running []aStore) definition {
	var each []string
	for _, one := range running {
		each = append(each, byJob+"("+ofJob(one.job).Of("up")+") == 0", absent(ofJob(one.job), "up"))
		each = append(each, one.failing...)
	}
	return definition{
		name: "StoreDown", severity: rule.Page, lasting: "5m",
		expr:    strings.Join(each, "\nor "),
		summary: "The data store {{ $labels.job }} is down",
		description: "No pod of {{ $labels.job }} answers, or none that could take a write: " +
			"the services that need it answer with errors.",
	}
}

// byJob takes the largest value of each job, and byPod that of each pod.
const (
	byJob = "max by (job) "
	byPod = "max by (namespace, pod) "
)
