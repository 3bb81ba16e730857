package kafka

import (
	"slices"

	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/data/store"
	"github.com/dreamseed/platform/services/catalogue"
)

// Requests returns what a broker requests. It takes half of its memory for its heap, and the rest keeps in memory what
// was written last
// (https://strimzi.io/docs/operators/1.2.0/configuring#type-JvmOptions-reference).
func Requests() catalogue.Amounts {
	return catalogue.Amounts{CPU: resource.MustParse("500m"), Memory: resource.MustParse("2Gi")}
}

// helper is a container beside the brokers. There is one of each.
type helper struct{ requests, limits catalogue.Amounts }

// The containers. The first two share a pod.
var (
	topicOperator = helper{amounts("100m", "384Mi"), amounts("500m", "512Mi")}
	userOperator  = helper{amounts("100m", "384Mi"), amounts("500m", "512Mi")}
	exporter      = helper{amounts("50m", "64Mi"), amounts("500m", "256Mi")}
)

// helperPods is the number of the pods of the helpers.
const helperPods = 2

func amounts(cpu, memory string) catalogue.Amounts {
	return catalogue.Amounts{CPU: resource.MustParse(cpu), Memory: resource.MustParse(memory)}
}

// limits returns a broker's limits: more CPU, for starts and for consumers that catch up. The memory is the same, of
// which it takes its share when it starts.
func limits() catalogue.Amounts {
	return catalogue.Amounts{CPU: resource.MustParse("2"), Memory: Requests().Memory}
}

// Demand returns the most that Kafka requests from the services' namespace at one moment. A changed pod goes before its
// successor comes.
func (s Spec) Demand(services []catalogue.Service) catalogue.Demand {
	var demand catalogue.Demand
	if !s.runs(services) {
		return demand
	}
	demand.Pods = s.Brokers + helperPods
	demand.Requests.Add(Requests(), s.Brokers)
	demand.Limits.Add(limits(), s.Brokers)
	for _, one := range []helper{topicOperator, userOperator, exporter} {
		demand.Requests.Add(one.requests, 1)
		demand.Limits.Add(one.limits, 1)
	}
	return demand
}

// Volumes returns the sizes of the volumes that Kafka claims: one for each broker.
func (s Spec) Volumes(services []catalogue.Service) []resource.Quantity {
	if !s.runs(services) {
		return nil
	}
	return slices.Repeat([]resource.Quantity{s.Storage}, s.Brokers)
}

// runs reports whether the environment runs a Kafka itself.
func (s Spec) runs(services []catalogue.Service) bool {
	return s.Mode == store.InCluster && Needed(services)
}
