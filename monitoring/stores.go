package monitoring

import (
	"slices"

	"github.com/dreamseed/platform/monitoring/alert"
	"github.com/dreamseed/platform/monitoring/dashboard"
	"github.com/dreamseed/platform/monitoring/scrape"
)

// Stores are the data stores that run in the cluster. Those of somebody else are not watched.
type Stores struct {
	// Targets are the ports of their metrics. Without any there is neither an alert nor a dashboard.
	Targets []scrape.Target
	// Backups are the names of the CronJobs that back up a database each, every day.
	Backups []string
	// Drill is the name of the CronJob that restores the backups every week. Empty if there is none.
	Drill string
}

// jobs returns the scrape jobs of the stores.
func (s Stores) jobs() []string {
	var jobs []string
	for _, one := range s.Targets {
		jobs = append(jobs, one.Job)
	}
	return jobs
}

// dashboard returns the stores as their dashboard sees them.
func (s Stores) dashboard() dashboard.Stores {
	stores := dashboard.Stores{Jobs: s.jobs(), CronJobs: slices.Clone(s.Backups)}
	if s.Drill != "" {
		stores.CronJobs = append(stores.CronJobs, s.Drill)
	}
	return stores
}

// alerts returns the stores as alerts see them.
func (s Stores) alerts() alert.Stores {
	return alert.Stores{Jobs: s.jobs(), Backups: s.Backups, Drill: s.Drill}
}
