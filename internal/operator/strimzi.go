package operator

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/namespace"
)

// Strimzi runs Kafka.
const Strimzi Name = "strimzi"

// StrimziArgs are the inputs of NewStrimzi.
type StrimziArgs struct {
	// Namespace is the only namespace that it serves.
	Namespace string
}

// strimziMetrics is the port of health and metrics
// (https://github.com/strimzi/strimzi-kafka-operator/tree/1.2.0/helm-charts/helm3/strimzi-kafka-operator/templates).
const strimziMetrics = 8080

// The ports of a Kafka node that Strimzi asks: those of the quorum and of the replication by Kafka's own protocol, and
// that of the agent, which tells the state of a node (KafkaCluster.java and KafkaAgentClient.java of
// https://github.com/strimzi/strimzi-kafka-operator/tree/1.2.0/cluster-operator).
const (
	KafkaQuorum      = 9090
	KafkaReplication = 9091
	KafkaAgent       = 8443
)

// NewStrimzi returns Strimzi 1.2.0 (https://strimzi.io/docs/operators/1.2.0/deploying; the chart has the version of the
// program). It watches one namespace beside its own, where it makes roles for what it runs there. Its own network
// policies are left out: they would let everybody in the cluster read the metrics, and the namespace has policies that
// do not.
func NewStrimzi(args StrimziArgs) Operator {
	return Operator{
		Name:        Strimzi,
		MetricsPort: strimziMetrics,
		chart: chart{
			repository: "https://strimzi.io/charts", name: "strimzi-kafka-operator", version: "1.2.0",
			values: pulumi.Map{
				"watchNamespaces":       pulumi.ToStringArray([]string{args.Namespace}),
				"generateNetworkPolicy": pulumi.Bool(false),
				"replicas":              pulumi.Int(replicas),
				"podDisruptionBudget":   pulumi.Map{"enabled": pulumi.Bool(true), "minAvailable": pulumi.Int(1)},
				"resources":             resources("200m", "384Mi", "768Mi"),
				"podSecurityContext":    restrictedPod(),
				"securityContext":       restrictedContainer(),
			},
		},
		policies: []namespace.Policy{{
			Name: "allow-kafka", Direction: namespace.Egress, Peers: []namespace.Peer{
				{Namespace: args.Namespace, TCP: []int{KafkaAgent, KafkaQuorum, KafkaReplication}},
			},
		}},
	}
}
