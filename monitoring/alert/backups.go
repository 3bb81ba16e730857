package alert

import (
	"fmt"
	"strings"

	"github.com/dreamseed/platform/monitoring/contract"
	"github.com/dreamseed/platform/monitoring/rule"
)

const (
	// backupHours is a day, and the time by which the backups of two days may differ.
	backupHours = 26
	// drillHours is a week, and a day to look at what failed.
	drillHours = 8 * 24
)

// labelCronJob is the label of kube-state-metrics with the name of a CronJob.
const labelCronJob = "cronjob"

func (e Environment) backups() rule.Group {
	var alerts []definition
	if len(e.Stores.Backups) > 0 {
		alerts = append(alerts, e.backupTooOld())
	}
	if e.Stores.Drill != "" {
		alerts = append(alerts, e.restoreDrillFailed())
	}
	return group("backups", alerts...)
}

func (e Environment) backupTooOld() definition {
	return definition{
		name: "BackupTooOld", severity: rule.Ticket, lasting: "15m",
		expr:    e.notSucceeded(backupHours, e.Stores.Backups...),
		summary: "The last backup of {{ $labels.cronjob }} is too old",
		description: fmt.Sprintf("CronJob {{ $labels.cronjob }} has not succeeded for %d hours, or is not there: "+
			"what was written since is in no backup.", backupHours),
	}
}

// restoreDrillFailed does not wait for a failure to become old. A Job that failed stays until the next one does, so it
// counts only if it started after the last success.
func (e Environment) restoreDrillFailed() definition {
	of := kubeState(e.namespace(), like("job_name", e.Stores.Drill+"-[0-9]+"))
	failed := of.Of("kube_job_status_start_time") + "\n    and on (namespace, job_name) " +
		of.Of("kube_job_status_failed") + " > 0"
	return definition{
		name: "RestoreDrillFailed", severity: rule.Ticket, lasting: "15m",
		expr: e.notSucceeded(drillHours, e.Stores.Drill) + "\nor\n" +
			fmt.Sprintf("%s(label_replace(\n    %s,\n    %q, %q, \"\", \"\"))\n  > %s",
				byCronJob, failed, labelCronJob, e.Stores.Drill, e.succeeded(e.Stores.Drill)),
		summary: "The backups were not restored on trial",
		description: fmt.Sprintf("CronJob {{ $labels.cronjob }} failed, or has not succeeded for %d days: "+
			"nobody knows whether the backups can be restored.", drillHours/24),
	}
}

// byCronJob takes the largest value of each CronJob.
const byCronJob = "max by (namespace, cronjob) "

// succeeded returns when CronJobs last succeeded. One that never did has no such series: it counts from when it was
// made (https://github.com/kubernetes/kube-state-metrics/blob/v2.15.0/docs/metrics/workload/cronjob-metrics.md).
func (e Environment) succeeded(cronJobs ...string) string {
	of := kubeState(e.namespace(), oneOf(labelCronJob, cronJobs...))
	return "(" + byCronJob + "(" + of.Of("kube_cronjob_status_last_successful_time") + ")\n    or " +
		byCronJob + "(" + of.Of("kube_cronjob_created") + "))"
}

// notSucceeded finds CronJobs without a success for so many hours, and those that somebody deleted.
func (e Environment) notSucceeded(hours int, cronJobs ...string) string {
	each := []string{fmt.Sprintf("time() - %s > %d * 3600", e.succeeded(cronJobs...), hours)}
	for _, one := range cronJobs {
		of := kubeState(e.namespace(), contract.Equal(labelCronJob, one))
		each = append(each, byCronJob+"("+absent(of, "kube_cronjob_created")+")")
	}
	return strings.Join(each, "\nor ")
}
