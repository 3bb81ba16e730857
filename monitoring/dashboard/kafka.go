package dashboard

import (
	"github.com/grafana/grafana-foundation-sdk/go/units"

	"github.com/dreamseed/platform/monitoring/contract"
)

// kafka reads the metrics of the brokers
// (https://github.com/strimzi/strimzi-kafka-operator/tree/1.2.0/packaging/examples/metrics/strimzi-metrics-reporter)
// and those of the exporter (https://github.com/danielqsj/kafka_exporter#consumer-groups).
func kafka() []panel {
	of := func(name string, matchers ...string) string {
		return job(contract.JobKafka, matchers...).Of("kafka_" + name)
	}
	lag := job(contract.JobKafkaExporter).Of("kafka_consumergroup_lag")
	// Kafka counts every message once without a topic, and once with it.
	const all = `topic=""`
	return []panel{
		{
			kind: lines, title: "Partitions", unit: units.Short, colours: poorFrom(1),
			description: "Partitions without a leader, which nobody can use, and those with fewer copies than they should have.",
			queries: []query{
				{"max(" + of("controller_kafkacontroller_offlinepartitionscount") + ")", "offline"},
				{total(of("server_replicamanager_underreplicatedpartitions")), "under-replicated"},
			},
		},
		{
			kind: lines, title: "Messages", unit: units.CountsPerSecond,
			description: "Messages that are written, of all topics.",
			queries:     []query{{total(rate(of("server_brokertopicmetrics_messagesinpersec_total", all))), "written"}},
		},
		{
			kind: lines, title: "Traffic", unit: units.BytesPerSecondIEC,
			description: "What is written and read, without the copies between brokers.",
			queries: []query{
				{total(rate(of("server_brokertopicmetrics_bytesinpersec_total", all))), "written"},
				{total(rate(of("server_brokertopicmetrics_bytesoutpersec_total", all))), "read"},
			},
		},
		{
			kind: lines, title: "Messages that wait", unit: units.Short,
			description: "Messages that a group of consumers has not read yet. A line that only rises is one that does not " +
				"keep up, or stands still.",
			queries: []query{{sum("consumergroup, topic", lag), "{{consumergroup}} {{topic}}"}},
		},
	}
}
