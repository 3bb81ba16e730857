package dashboard

import (
	"github.com/grafana/grafana-foundation-sdk/go/units"

	"github.com/dreamseed/platform/monitoring/contract"
)

// byJob is the legend of series by scrape job.
const byJob = "{{" + contract.LabelJob + "}}"

// monitoring shows the programs that everything else is seen with.
func (args Args) monitoring() page {
	return page{
		uid: "platform-monitoring", title: "Monitoring", folder: platformFolder,
		answers: "Is everything scraped, do rules and notifications work, and how much does it cost?",
		rows: []row{
			{"Scraping", scraping()},
			{"Rules and notifications", alerting()},
			{"Cost", args.cost()},
		},
	}
}

// own returns a metric of Prometheus itself.
func own(metric string) string { return job(contract.JobPrometheus).Of(metric) }

func scraping() []panel {
	return []panel{
		{
			kind: lines, title: "Targets that answer", unit: units.PercentUnit,
			description: "The share of each job's targets that answered the last scrape. Below 100 % something is not seen.",
			queries:     []query{{"avg by (" + contract.LabelJob + ") (up)", byJob}},
		},
		{
			kind: lines, title: "Targets", unit: units.Short,
			description: "The targets of each job. A job that lost all of them has no line.",
			queries:     []query{{"count by (" + contract.LabelJob + ") (up)", byJob}},
		},
		{
			kind: lines, title: "Duration of scrapes", unit: units.Seconds,
			description: "The longest scrape of each job. One that takes longer than the scrape timeout has no samples.",
			queries:     []query{{highest(contract.LabelJob, "scrape_duration_seconds"), byJob}},
		},
	}
}

func alerting() []panel {
	failed := "alertmanager_notifications_failed_total"
	return []panel{
		{
			kind: lines, title: "Evaluation of rules", unit: units.Seconds,
			description: "The time that the slowest group of rules takes. It has to stay far below the group's interval.",
			queries:     []query{{highest(contract.LabelPod, own("prometheus_rule_group_last_duration_seconds")), byPod}},
		},
		{
			kind: lines, title: "Failures", unit: units.OpsPerSecond,
			description: "What went wrong on the way from a rule to a person. Everything but 0 is a fault.",
			queries: []query{
				{total(rate(own("prometheus_rule_evaluation_failures_total"))), "rules that were not evaluated"},
				{total(rate(own("prometheus_notifications_dropped_total"))), "alerts that reached no Alertmanager"},
				{total(rate(job(contract.JobAlertmanager).Of(failed))), "notifications that reached nobody"},
			},
		},
		{
			kind: lines, title: "Alerts in Alertmanager", unit: units.Short,
			description: "Alerts that each Alertmanager knows, by state: active, or suppressed by another or by a silence.",
			queries: []query{{
				sum(contract.LabelPod+", state", job(contract.JobAlertmanager).Of("alertmanager_alerts")), byPod + " {{state}}",
			}},
		},
		{
			kind: lines, title: "Configuration", unit: units.Short, colours: goodFrom(1),
			description: "1 if the last change of the configuration was taken over, 0 if the former one still holds.",
			queries: []query{
				{own("prometheus_config_last_reload_successful"), byPod},
				{job(contract.JobAlertmanager).Of("alertmanager_config_last_reload_successful"), byPod},
			},
		},
	}
}

func (args Args) cost() []panel {
	pods := contract.Equal(contract.LabelNamespace, args.MonitoringNamespace)
	return []panel{
		{
			kind: lines, title: "Series", unit: units.Short,
			description: "Series that each Prometheus holds in memory. Each costs a few kilobytes.",
			queries:     []query{{own("prometheus_tsdb_head_series"), byPod}},
		},
		{
			kind: lines, title: "Samples", unit: units.CountsPerSecond,
			description: "Samples that each Prometheus stores.",
			queries:     []query{{rate(own("prometheus_tsdb_head_samples_appended_total")), byPod}},
		},
		{
			kind: lines, title: "Disk", unit: units.BytesIEC,
			description: "What the stored blocks and the log of the latest samples occupy on the volume.",
			queries: []query{
				{own("prometheus_tsdb_storage_blocks_bytes"), byPod + " blocks"},
				{own("prometheus_tsdb_wal_storage_size_bytes"), byPod + " log"},
			},
		},
		{
			kind: lines, title: "Memory", unit: units.BytesIEC,
			description: "What each pod of the monitoring uses.",
			queries: []query{{
				sum(contract.LabelPod, used("container_memory_working_set_bytes", pods)), byPod,
			}},
		},
	}
}
