package kafka

import (
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/data/store"
	"github.com/dreamseed/platform/services/catalogue"
)

// Spec describes the Kafka of an environment: the section data.kafka.
type Spec struct {
	// Mode is who provides it. Default inCluster. Another mode starts without the messages of the former one, which stay
	// where they are.
	Mode store.Mode `json:"mode"`
	// Brokers is the number of nodes, each of which is a broker and has a vote in the quorum: 1, or 3 and more of odd
	// number. Default 1 in local and 3 elsewhere. It is decided once: Strimzi does not change the members of a quorum
	// (https://github.com/strimzi/strimzi-kafka-operator/issues/9429). Only in the cluster.
	Brokers int `json:"brokers"`
	// Storage is the size of the volume of each broker. Default 1Gi in local and 50Gi elsewhere. A larger one grows the
	// volumes in place; Strimzi ignores a smaller one. Only in the cluster.
	Storage resource.Quantity `json:"storage"`
	// RetentionHours is how long a message is kept at least, whether it was read or not, and at most an eighth longer.
	// Default 168, which is a week. A shorter one deletes what is older within minutes. Only in the cluster.
	RetentionHours int `json:"retentionHours"`
	// External is where a Kafka is that somebody else provides.
	External store.Address `json:"external"`
}

// Default returns the defaults of a mode. A Kafka of somebody else has none.
func Default(mode store.Mode) Spec {
	if mode != store.InCluster {
		return Spec{Mode: mode}
	}
	return Spec{Mode: mode, Brokers: 3, Storage: resource.MustParse("50Gi"), RetentionHours: 7 * 24}
}

// ExternalKeys returns the keys that a service with topics reads from the secret manager where somebody else provides
// Kafka.
func ExternalKeys() []string {
	return []string{catalogue.KafkaBootstrapServers, catalogue.KafkaPassword, catalogue.KafkaUsername}
}

// replication returns the number of copies of each message.
func (s Spec) replication() int { return min(s.Brokers, 3) }

// acknowledged returns the number of copies that a message needs before its producer is told that it is written. A
// broker may be missing without anybody noticing.
func (s Spec) acknowledged() int { return max(1, s.replication()-1) }

// declaring returns the services that write or read a topic.
func declaring(services []catalogue.Service) []catalogue.Service {
	var found []catalogue.Service
	for _, service := range services {
		if service.Needs.Kafka() {
			found = append(found, service)
		}
	}
	return found
}

// Needed reports whether a service writes or reads a topic. Without one, an environment has no Kafka.
func Needed(services []catalogue.Service) bool { return len(declaring(services)) > 0 }
