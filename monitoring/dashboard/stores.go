package dashboard

import (
	"fmt"
	"slices"
	"strings"

	"github.com/grafana/grafana-foundation-sdk/go/units"

	"github.com/dreamseed/platform/monitoring/contract"
)

// Stores are the data stores that run in the cluster.
type Stores struct {
	// Jobs are their scrape jobs.
	Jobs []string
	// CronJobs are the names of those that make backups, and of the one that tries them.
	CronJobs []string
}

// stores shows each store that runs in the cluster, and the backups.
func (args Args) stores() page {
	shown := page{
		uid: "platform-stores", title: "Data stores", folder: platformFolder,
		answers: "Does each data store answer, is there room in it, and could it be restored?",
	}
	for _, one := range []struct {
		job, title string
		panels     func() []panel
	}{
		{contract.JobPostgres, "PostgreSQL", postgres},
		{contract.JobRedis, "Valkey", redis},
		{contract.JobKafka, "Kafka", kafka},
		{contract.JobObjects, "Object storage", objectStorage},
	} {
		if slices.Contains(args.Stores.Jobs, one.job) {
			shown.rows = append(shown.rows, row{one.title, one.panels()})
		}
	}
	shown.rows = append(shown.rows, row{"Volumes and backups", args.kept()})
	return shown
}

// kept shows what remains when a pod ends, and when a volume is lost.
func (args Args) kept() []panel {
	in := contract.Equal(contract.LabelNamespace, args.ServicesNamespace)
	claims := job(contract.JobKubeletVolumes, in)
	panels := []panel{{
		kind: lines, title: "Volumes", unit: units.PercentUnit, colours: poorFrom(0.85),
		description: "The used share of each volume in the services' namespace. A full one stops its store.",
		queries: []query{{
			highest("persistentvolumeclaim", "1 - "+claims.Of("kubelet_volume_stats_available_bytes")+" / "+
				claims.Of("kubelet_volume_stats_capacity_bytes")), "{{persistentvolumeclaim}}",
		}},
	}}
	if len(args.Stores.CronJobs) == 0 {
		return panels
	}
	cronJobs := fmt.Sprintf("cronjob=~%q", strings.Join(args.Stores.CronJobs, "|"))
	return append(panels, panel{
		kind: lines, title: "Age of the backups", unit: units.Seconds,
		description: "The time since each CronJob last succeeded: up to a day for a backup, and a week for the drill that " +
			"restores them.",
		queries: []query{{
			"time() - " + highest("cronjob", object("kube_cronjob_status_last_successful_time", in, cronJobs)), "{{cronjob}}",
		}},
	})
}
