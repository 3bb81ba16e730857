package kafka

import (
	"fmt"
	"maps"
	"slices"

	"k8s.io/apimachinery/pkg/util/validation"

	"github.com/dreamseed/platform/internal/invalid"
	"github.com/dreamseed/platform/services/catalogue"
)

// longestTopic is the length of the longest name of a topic
// (https://github.com/apache/kafka/blob/4.3.1/clients/src/main/java/org/apache/kafka/common/internals/Topic.java).
const longestTopic = 249

// owners returns the service that produces each topic: the first one that says so.
func owners(services []catalogue.Service) map[string]catalogue.Service {
	found := map[string]catalogue.Service{}
	for _, service := range services {
		for _, topic := range service.Needs.Produces {
			if _, taken := found[topic]; !taken {
				found[topic] = service
			}
		}
	}
	return found
}

// validateTopics checks the declarations of all services against each other.
func validateTopics(services []catalogue.Service, problems *invalid.Problems) {
	owner := owners(services)
	for _, service := range services {
		eachTopic(service, "produces", service.Needs.Produces, problems, func(at, topic string) {
			validateName(at, topic, problems)
			if first := owner[topic].Name; first != service.Name {
				problems.Add(at, topic, "must be produced by one service: %s produces it, too", first)
			}
		})
		eachTopic(service, "consumes", service.Needs.Consumes, problems, func(at, topic string) {
			if _, produced := owner[topic]; !produced {
				problems.Add(at, topic, "must be a topic that a service produces: %s",
					invalid.Listed(slices.Sorted(maps.Keys(owner))))
			}
		})
	}
}

// eachTopic calls check with the key of each topic, and refuses those that were listed before.
func eachTopic(
	service catalogue.Service, list string, topics []string, problems *invalid.Problems, check func(at, topic string),
) {
	for i, topic := range topics {
		at := fmt.Sprintf("services.%s.needs.%s[%d]", service.Name, list, i)
		if slices.Contains(topics[:i], topic) {
			problems.Add(at, topic, "must be listed once")
			continue
		}
		check(at, topic)
	}
}

// validateName takes names that Kafka and Kubernetes both have: a KafkaTopic has the name of its topic.
func validateName(at, topic string, problems *invalid.Problems) {
	if len(topic) > longestTopic || len(validation.IsDNS1123Subdomain(topic)) > 0 {
		problems.Add(at, topic, "must be a name of lower-case letters, digits, - and ., which begins and ends with a letter "+
			"or digit, of at most %d characters", longestTopic)
	}
}
