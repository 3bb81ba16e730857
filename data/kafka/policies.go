package kafka

import (
	"github.com/dreamseed/platform/data/store"
	"github.com/dreamseed/platform/internal/namespace"
	"github.com/dreamseed/platform/internal/operator"
	"github.com/dreamseed/platform/monitoring/contract"
	"github.com/dreamseed/platform/monitoring/scrape"
	"github.com/dreamseed/platform/services/catalogue"
)

// Values of the label app.kubernetes.io/name that Strimzi gives to its pods
// (COMPONENT_TYPE in KafkaCluster.java, EntityOperator.java and KafkaExporter.java of
// https://github.com/strimzi/strimzi-kafka-operator/tree/1.2.0/cluster-operator).
const (
	brokerPods   = "kafka"
	operatorPods = "entity-operator"
	exporterPods = "kafka-exporter"
)

// Ports of the pods. Port is the one for the services, and the only one on which Kafka asks for a password.
const (
	Port        = 9093
	MetricsPort = 9404
)

// Jobs under which Prometheus scrapes the brokers, and the exporter, which has how far behind consumers are.
const (
	Job         = contract.JobKafka
	ExporterJob = contract.JobKafkaExporter
)

// PoliciesArgs are the inputs of Policies.
type PoliciesArgs struct {
	// Services are the services of the environment.
	Services []catalogue.Service
	// Monitoring is the namespace that scrapes, and Operator that of Strimzi.
	Monitoring, Operator string
	// Closed are the ranges that no destination opens.
	Closed []catalogue.Closed
}

// Policies returns the policies of the services' namespace: the services that declare a topic reach the brokers, and
// nobody else but what runs Kafka does.
func (s Spec) Policies(args PoliciesArgs) []namespace.Policy {
	services := workloads(args.Services)
	if len(services) == 0 {
		return nil
	}
	switch s.Mode {
	case store.InCluster:
		return inCluster(namespace.Named(services...), args)
	case store.External:
		return []namespace.Policy{{
			Name: "allow-kafka-out", Pods: namespace.Named(services...), Direction: namespace.Egress,
			Peers: []namespace.Peer{s.External.Peer(args.Closed)},
		}}
	default:
		return nil
	}
}

// workloads returns the names of the pods of the services that declare a topic.
func workloads(services []catalogue.Service) []string {
	var names []string
	for _, service := range declaring(services) {
		names = append(names, service.Workload())
	}
	return names
}

func inCluster(services namespace.Pods, args PoliciesArgs) []namespace.Policy {
	brokers := namespace.Named(brokerPods)
	policies := namespace.Within("kafka", services, brokers, Port)
	policies = append(policies, namespace.Within("kafka-administration",
		namespace.Named(operatorPods, exporterPods), brokers, operator.KafkaReplication)...)
	return append(policies,
		namespace.Policy{
			Name: "allow-kafka-nodes", Pods: brokers, Direction: namespace.Both,
			Peers: []namespace.Peer{{Pods: brokers, TCP: []int{operator.KafkaQuorum, operator.KafkaReplication}}},
		},
		namespace.Policy{
			Name: "allow-kafka-operator", Pods: brokers, Direction: namespace.Ingress,
			Peers: []namespace.Peer{{
				Namespace: args.Operator,
				TCP:       []int{operator.KafkaAgent, operator.KafkaQuorum, operator.KafkaReplication},
			}},
		},
		// Brokers read their certificates from it before they start, and the operators what they are to do
		// (https://github.com/strimzi/strimzi-kafka-operator/issues/11294).
		namespace.Policy{
			Name: "allow-kafka-api-server", Pods: namespace.Named(brokerPods, operatorPods), Direction: namespace.Egress,
			Peers: []namespace.Peer{namespace.APIServer()},
		},
		namespace.Policy{
			Name: "allow-scrape-of-kafka", Pods: namespace.Named(brokerPods, exporterPods), Direction: namespace.Ingress,
			Peers: []namespace.Peer{{Namespace: args.Monitoring, TCP: []int{MetricsPort}}},
		},
	)
}

// Targets returns what is scraped of Kafka in the services' namespace.
func (s Spec) Targets(services []catalogue.Service, in string) []scrape.Target {
	if !s.runs(services) {
		return nil
	}
	return []scrape.Target{
		{Job: Job, Namespace: in, Pods: namespace.Named(brokerPods), Port: MetricsPort},
		{Job: ExporterJob, Namespace: in, Pods: namespace.Named(exporterPods), Port: MetricsPort},
	}
}
