package live

import (
	"context"
	"fmt"
)

// kafkaItem holds the fields that are read from a Kafka and from a KafkaNodePool
// (https://strimzi.io/docs/operators/1.2.0/configuring).
type kafkaItem struct {
	Metadata metadata `json:"metadata"`
	Spec     struct {
		// Replicas are set on a pool, and Kafka on a Kafka.
		Replicas int `json:"replicas"`
		Kafka    struct {
			Version string `json:"version"`
		} `json:"kafka"`
	} `json:"spec"`
	Status struct {
		ObservedGeneration generation `json:"observedGeneration"`
		Replicas           int        `json:"replicas"`
		KafkaVersion       string     `json:"kafkaVersion"`
		Conditions         conditions `json:"conditions"`
	} `json:"status"`
}

// clusterLabel names the Kafka that a pool belongs to.
const clusterLabel = "strimzi.io/cluster"

func readKafka(ctx context.Context, reader Reader) ([]Store, error) {
	kafkas, err := list[kafkaItem](ctx, reader, kafkasPath+ofThePlatform)
	if err != nil {
		return nil, fmt.Errorf("listing each Kafka: %w", err)
	}
	pools, err := list[kafkaItem](ctx, reader, poolsPath+ofThePlatform)
	if err != nil {
		return nil, fmt.Errorf("listing each KafkaNodePool: %w", err)
	}
	var all []Store
	for _, one := range kafkas {
		all = append(all, one.store(pools))
	}
	return all, nil
}

// store returns a Kafka with its pools as a store.
func (k kafkaItem) store(pools []kafkaItem) Store {
	store := Store{Name: k.Metadata.Name, Detail: k.Spec.Kafka.Version}
	for _, pool := range pools {
		if pool.Metadata.Namespace == k.Metadata.Namespace && pool.Metadata.Labels[clusterLabel] == k.Metadata.Name {
			store.Ready += pool.Status.Replicas
			store.Desired += pool.Spec.Replicas
		}
	}
	why, refused := strimziProblem(k.Metadata, k.Status.ObservedGeneration, k.Status.Conditions)
	switch {
	case why != "":
		store.Problem, store.stuck = why, refused
	case k.Status.KafkaVersion != k.Spec.Kafka.Version:
		store.Problem = "it still runs " + k.Status.KafkaVersion
	case store.Ready != store.Desired:
		store.Problem = fmt.Sprintf("%d of %d brokers are there", store.Ready, store.Desired)
	}
	store.Up = store.Problem == ""
	return store
}

// strimziProblem returns why an object of Strimzi is not ready, or "" if it is, and whether Strimzi has refused it. Of
// a Kafka and a user it says NotReady, of a topic that it is not Ready
// (https://strimzi.io/docs/operators/1.2.0/deploying#con-custom-resources-status-str).
func strimziProblem(of metadata, observed generation, all conditions) (why string, refused bool) {
	for _, bad := range []condition{{Type: "NotReady", Status: "True"}, {Type: "Ready", Status: "False"}} {
		if observed >= of.Generation && all.say(bad.Type, bad.Status) {
			return all.of(bad.Type).why(), true
		}
	}
	if observed < of.Generation || !all.say("Ready", "True") {
		return hasNotLooked, false
	}
	return "", false
}
