package alert

import (
	"github.com/dreamseed/platform/monitoring/contract"
	"github.com/dreamseed/platform/monitoring/rule"
)

// ofKafka selects the metrics of the brokers, whose names Strimzi makes of Kafka's own in small letters
// (https://kafka.apache.org/43/operations/monitoring,
// https://github.com/strimzi/strimzi-kafka-operator/tree/1.2.0/packaging/examples/metrics/strimzi-metrics-reporter).
// ofConsumers selects those of the groups of consumers (https://github.com/danielqsj/kafka_exporter#consumer-groups).
var (
	ofKafka     = ofJob(contract.JobKafka)
	ofConsumers = ofJob(contract.JobKafkaExporter)
)

// kafkaFailing finds brokers of which none leads the quorum: no topic can be made, and no lost leader replaced.
func kafkaFailing() []string {
	return []string{byJob + "(" + ofKafka.Of("kafka_controller_kafkacontroller_activecontrollercount") + ") == 0"}
}

func kafkaAlerts() []definition {
	return []definition{kafkaPartitionsOffline(), kafkaPartitionsUnderReplicated(), kafkaConsumersBehind()}
}

// kafkaPartitionsOffline reads what the leader of the quorum knows. The others report 0.
func kafkaPartitionsOffline() definition {
	return definition{
		name: "KafkaPartitionsOffline", severity: rule.Page, lasting: "5m",
		expr:        byJob + "(" + ofKafka.Of("kafka_controller_kafkacontroller_offlinepartitionscount") + ") > 0",
		summary:     "Partitions of Kafka are offline",
		description: "{{ $value }} partitions have no leader: nobody can write to them or read from them.",
	}
}

// kafkaPartitionsUnderReplicated adds what each broker knows of the partitions that it leads.
func kafkaPartitionsUnderReplicated() definition {
	return definition{
		name: "KafkaPartitionsUnderReplicated", severity: rule.Ticket, lasting: "15m",
		expr:    "sum by (job) (" + ofKafka.Of("kafka_server_replicamanager_underreplicatedpartitions") + ") > 0",
		summary: "Partitions of Kafka lack copies",
		description: "{{ $value }} partitions have fewer copies in step than they should. With one more broker away, " +
			"writes may be refused.",
	}
}

// kafkaConsumersBehind fires when a group falls back without a break, and when it has messages and reads none. A group
// that catches up is let alone.
func kafkaConsumersBehind() definition {
	lag, read := ofConsumers.Of("kafka_consumergroup_lag"), ofConsumers.Of("kafka_consumergroup_current_offset")
	return definition{
		name: "KafkaConsumersBehind", severity: rule.Ticket, lasting: "30m",
		expr: byGroup + "(" + lag + ") > 1000\n  and " + byGroup + "(deriv(" + lag + "[30m])) > 0\nor\n" +
			byGroup + "(min_over_time(" + lag + "[30m])) > 0\n  and " + byGroup + "(changes(" + read + "[30m])) == 0",
		summary: "{{ $labels.consumergroup }} falls behind on {{ $labels.topic }}",
		description: "The group {{ $labels.consumergroup }} has {{ $value | humanize }} messages of {{ $labels.topic }} " +
			"before it, and they do not become fewer. Messages are deleted unread when their time is over.",
	}
}

// byGroup adds the values of the partitions.
const byGroup = "sum by (consumergroup, topic) "
