package alert

import (
	"fmt"
	"slices"

	"github.com/dreamseed/platform/monitoring/contract"
	"github.com/dreamseed/platform/monitoring/rule"
)

// Logs is what keeps the lines of the services. Without jobs there is none, and no alert on it.
type Logs struct {
	// Jobs are the scrape jobs of the collectors, and of the store if it serves metrics.
	Jobs []string
	// Pods is a regular expression of the names of the store's pods, and Replicas their number.
	Pods     string
	Replicas int
}

// ofCollectors selects the metrics of the collectors about themselves
// (https://opentelemetry.io/docs/collector/internal-telemetry), and ofVictoriaLogs those of the store
// (https://docs.victoriametrics.com/victorialogs/metrics).
var (
	ofCollectors   = ofJob(contract.JobLogCollector)
	ofVictoriaLogs = ofJob(contract.JobVictoriaLogs)
)

func (e Environment) logs() rule.Group {
	if len(e.Logs.Jobs) == 0 {
		return rule.Group{}
	}
	alerts := []definition{collectorMissing(), queueFilling(), bufferFull(), logsRefused(), e.logStoreDown()}
	if slices.Contains(e.Logs.Jobs, contract.JobVictoriaLogs) {
		alerts = append(alerts, logStoreReadOnly(), linesNotKept())
	}
	return group("logs", alerts...)
}

// collectorMissing compares the nodes with the collectors that answer. A node is new for less than the time that it
// takes to fire.
func collectorMissing() definition {
	return definition{
		name: "LogCollectorMissing", severity: rule.Ticket, lasting: "15m",
		expr: byNode + "(" + kubeState().Of("kube_node_info") + ")\nunless on (node)\n" +
			byNode + "(" + ofCollectors.Of("up") + ") == 1",
		summary: "Nobody reads the logs on {{ $labels.node }}",
		description: "No log collector answers on {{ $labels.node }}: what the services log there stays on the node, " +
			"which keeps only the latest of each container.",
	}
}

// byNode takes the largest value of each node.
const byNode = "max by (node) "

// queueFilling means that the store takes less than it is sent, or nothing: a line that is not taken is sent again, so
// that no failure is counted until it is given up.
func queueFilling() definition {
	return definition{
		name: "LogQueueFilling", severity: rule.Ticket, lasting: "10m",
		expr: byNode + "(\n  " + ofCollectors.Of("otelcol_exporter_queue_size") + "\n  / " +
			ofCollectors.Of("otelcol_exporter_queue_capacity") + "\n) > 0.3",
		summary: "The log store does not keep up with {{ $labels.node }}",
		description: "{{ $value | humanizePercentage }} of the buffer on {{ $labels.node }} holds lines that the store has " +
			"not taken yet. When it is full, further ones wait in the files.",
	}
}

// bufferFull counts lines that found no room in the queue. The receiver reads them again, as long as the kubelet keeps
// the file.
func bufferFull() definition {
	refused := ofCollectors.Of("otelcol_exporter_enqueue_failed_log_records_total")
	return definition{
		name: "LogBufferFull", severity: rule.Ticket,
		expr:    increase(contract.LabelNode, refused, "10m") + " > 0",
		summary: "The log buffer of {{ $labels.node }} is full",
		description: "Further lines wait in the files of {{ $labels.node }}, and are lost when the kubelet removes these: " +
			"it keeps the latest 50 MiB of each container.",
	}
}

// logsRefused is about lines that the store will not take, however often they are sent.
func logsRefused() definition {
	refused := ofCollectors.Of("otelcol_exporter_send_failed_log_records_total")
	return definition{
		name: "LogsRefused", severity: rule.Ticket,
		expr:        increase(contract.LabelNode, refused, "10m") + " > 0",
		summary:     "The log store refuses lines of {{ $labels.node }}",
		description: "{{ $value | humanize }} lines of {{ $labels.node }} were given up within ten minutes.",
	}
}

// logStoreDown counts the pods that are ready. Their absence is no series, which the count of none replaces.
func (e Environment) logStoreDown() definition {
	ready := kubeState(contract.Equal(contract.LabelNamespace, e.MonitoringNamespace),
		like(contract.LabelPod, e.Logs.Pods), contract.Equal("condition", "true")).Of("kube_pod_status_ready")
	return definition{
		name: "LogStoreDown", severity: rule.Ticket, lasting: "10m",
		expr:    fmt.Sprintf("(sum(%s) or vector(0)) < %d", ready, e.Logs.Replicas),
		summary: "The log store is not complete",
		description: fmt.Sprintf("{{ $value }} of %d pods of the log store are ready. The collectors hold what comes "+
			"meanwhile on the nodes' disks.", e.Logs.Replicas),
	}
}

// logStoreReadOnly fires below the last ten megabytes of the volume, which the retention should never reach.
func logStoreReadOnly() definition {
	return definition{
		name: "LogStoreReadOnly", severity: rule.Ticket, lasting: "5m",
		expr:        "max(" + ofVictoriaLogs.Of("vl_storage_is_read_only") + ") == 1",
		summary:     "The log store takes no lines",
		description: "The volume of VictoriaLogs is full: it answers queries, and refuses every line.",
	}
}

// linesNotKept counts what VictoriaLogs accepts and throws away: lines with a time out of its retention, or with too
// many fields. Its other reason, debug, is a wish of the sender.
func linesNotKept() definition {
	dropped := ofVictoriaLogs.And(`reason!="debug"`).Of("vl_rows_dropped_total")
	return definition{
		name: "LogLinesNotKept", severity: rule.Ticket,
		expr:        increase("reason", dropped, "10m") + " > 0",
		summary:     "The log store throws lines away",
		description: "VictoriaLogs did not keep {{ $value | humanize }} lines within ten minutes: {{ $labels.reason }}.",
	}
}
