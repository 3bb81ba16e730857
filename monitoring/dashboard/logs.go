package dashboard

import (
	"fmt"
	"slices"

	"github.com/grafana/grafana-foundation-sdk/go/units"

	"github.com/dreamseed/platform/monitoring/contract"
)

// Logs is what keeps the lines of the services.
type Logs struct {
	// Jobs are the scrape jobs of the collectors, and of the store if it serves metrics.
	Jobs []string
	// Claims is a regular expression of the names of the store's volume claims.
	Claims string
}

// logs shows the way of a line, from the file to the volume.
func (args Args) logs() page {
	rows := []row{{"Collectors", collectors()}, {"Store", args.store()}}
	if slices.Contains(args.Logs.Jobs, contract.JobVictoriaLogs) {
		rows = append(rows, row{"VictoriaLogs", victoriaLogs()})
	}
	return page{
		uid: "platform-logs", title: "Logs", folder: platformFolder,
		answers: "Is every line read, does it arrive, and how full is the store?",
		rows:    rows,
	}
}

// ofCollectors returns a metric of the collectors about themselves
// (https://opentelemetry.io/docs/collector/internal-telemetry).
func ofCollectors(name string) string { return job(contract.JobLogCollector).Of(name) }

func collectors() []panel {
	return []panel{
		{
			kind: lines, title: "Lines", unit: units.CountsPerSecond,
			description: "Lines that are read, and lines that the store took, of all nodes. In the long run they are the same.",
			queries: []query{
				{total(rate(ofCollectors("otelcol_receiver_accepted_log_records_total"))), "read"},
				{total(rate(ofCollectors("otelcol_exporter_sent_log_records_total"))), "taken"},
			},
		},
		{
			kind: lines, title: "Lines that do not get through", unit: units.CountsPerSecond,
			description: "Lines without room in the buffer, which wait, and those that the store will not take, which are lost.",
			queries: []query{
				{total(rate(ofCollectors("otelcol_exporter_enqueue_failed_log_records_total"))), "no room"},
				{total(rate(ofCollectors("otelcol_exporter_send_failed_log_records_total"))), "refused"},
			},
		},
		{
			kind: lines, title: "Buffer", unit: units.PercentUnit, colours: poorFrom(0.3),
			description: "The share of each node's buffer that holds lines which the store has not taken yet.",
			queries: []query{{
				highest(contract.LabelNode, ofCollectors("otelcol_exporter_queue_size")+" / "+
					ofCollectors("otelcol_exporter_queue_capacity")), byNode,
			}},
		},
		{
			kind: lines, title: "Lines by node", unit: units.CountsPerSecond,
			description: "Lines that are read on each node: one that stands out runs a service that logs too much.",
			queries: []query{{
				sum(contract.LabelNode, rate(ofCollectors("otelcol_receiver_accepted_log_records_total"))), byNode,
			}},
		},
	}
}

// store reads what the kubelet knows of the volumes
// (https://kubernetes.io/docs/reference/instrumentation/metrics).
func (args Args) store() []panel {
	selected := job(contract.JobKubeletVolumes, contract.Equal(contract.LabelNamespace, args.MonitoringNamespace),
		fmt.Sprintf("persistentvolumeclaim=~%q", args.Logs.Claims))
	return []panel{{
		kind: lines, title: "Volumes", unit: units.PercentUnit, colours: poorFrom(0.85),
		description: "The used share of each volume of the store. Elasticsearch puts nothing new on a node above 85 %.",
		queries: []query{{
			highest("persistentvolumeclaim", "1 - "+selected.Of("kubelet_volume_stats_available_bytes")+" / "+
				selected.Of("kubelet_volume_stats_capacity_bytes")), "{{persistentvolumeclaim}}",
		}},
	}}
}

// victoriaLogs reads the metrics of the store (https://docs.victoriametrics.com/victorialogs/metrics).
func victoriaLogs() []panel {
	of := func(name string) string { return job(contract.JobVictoriaLogs).Of(name) }
	return []panel{
		{
			kind: lines, title: "Kept lines", unit: units.CountsPerSecond,
			description: "Lines that the store took, and those that it threw away, by the reason.",
			queries: []query{
				{total(rate(of("vl_rows_ingested_total"))), "taken"},
				{sum("reason", rate(of("vl_rows_dropped_total"))), "{{reason}}"},
			},
		},
		{
			kind: lines, title: "Size of the data", unit: units.BytesIEC,
			description: "What the lines and their index take on the volume.",
			queries:     []query{{sum("type", of("vl_data_size_bytes")), "{{type}}"}},
		},
		{
			kind: lines, title: "Free space", unit: units.BytesIEC,
			description: "What is free on the volume. At 10 MB the store takes no more lines.",
			queries:     []query{{total(of("vl_free_disk_space_bytes")), "free"}},
		},
	}
}
