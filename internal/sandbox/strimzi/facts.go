// Package strimzi holds the known facts about the kinds of the operator Strimzi, and a stand-in for it. Strimzi is a
// Java program: neither it nor Kafka can be built here, and no Go module carries its definitions. The facts were read
// in public files, whose addresses are next to them.
package strimzi

import (
	_ "embed"
	"maps"

	"github.com/dreamseed/platform/internal/sandbox/definition"
)

// source is the folder of the definitions that the facts were read in.
const source = "https://github.com/strimzi/strimzi-kafka-operator/tree/1.2.0/install/cluster-operator/"

// Group is the group of the kinds.
const Group = "kafka.strimzi.io"

// Kinds returns the kinds that the platform uses.
func Kinds() []definition.Kind {
	return []definition.Kind{
		kafka(),
		{
			Group: Group, Name: "KafkaNodePool", Plural: "kafkanodepools", Source: source + "045-Crd-kafkanodepool.yaml",
			Fields: merged(map[string]definition.Type{
				"replicas":              definition.Integer,
				"roles[]":               definition.String,
				"resources":             definition.Open,
				"storage.type":          definition.String,
				"storage.size":          definition.String,
				"storage.class":         definition.String,
				"storage.deleteClaim":   definition.Boolean,
				"template.pod.affinity": definition.Open,
				"template.pod.terminationGracePeriodSeconds": definition.Integer,
				"template.kafkaContainer.env[].name":         definition.String,
				"template.kafkaContainer.env[].value":        definition.String,
			}, template("template", "kafkaContainer")),
		},
		{
			Group: Group, Name: "KafkaTopic", Plural: "kafkatopics", Source: source + "043-Crd-kafkatopic.yaml",
			Fields: map[string]definition.Type{
				"partitions": definition.Integer,
				"replicas":   definition.Integer,
				"config":     definition.Open,
			},
		},
		{
			Group: Group, Name: "KafkaUser", Plural: "kafkausers", Source: source + "044-Crd-kafkauser.yaml",
			Fields: map[string]definition.Type{
				"authentication.type": definition.String,
				"authentication.password.valueFrom.secretKeyRef.name": definition.String,
				"authentication.password.valueFrom.secretKeyRef.key":  definition.String,
				"authorization.type":                        definition.String,
				"authorization.acls[].resource.type":        definition.String,
				"authorization.acls[].resource.name":        definition.String,
				"authorization.acls[].resource.patternType": definition.String,
				"authorization.acls[].operations[]":         definition.String,
			},
		},
	}
}

// kafka is the kind of a cluster of brokers.
func kafka() definition.Kind {
	return definition.Kind{
		Group: Group, Name: "Kafka", Plural: "kafkas", Source: source + "040-Crd-kafka.yaml",
		Fields: merged(map[string]definition.Type{
			"kafka.version":                                        definition.String,
			"kafka.metadataVersion":                                definition.String,
			"kafka.listeners[].name":                               definition.String,
			"kafka.listeners[].port":                               definition.Integer,
			"kafka.listeners[].type":                               definition.String,
			"kafka.listeners[].tls":                                definition.Boolean,
			"kafka.listeners[].authentication":                     definition.Open,
			"kafka.listeners[].networkPolicyPeers[]":               definition.Open,
			"kafka.authorization.type":                             definition.String,
			"kafka.rack.type":                                      definition.String,
			"kafka.rack.envVarName":                                definition.String,
			"kafka.config":                                         definition.Open,
			"kafka.metricsConfig.type":                             definition.String,
			"kafka.metricsConfig.values.allowList[]":               definition.String,
			"kafka.template.podDisruptionBudget.maxUnavailable":    definition.Integer,
			"entityOperator.topicOperator.resources":               definition.Open,
			"entityOperator.userOperator.resources":                definition.Open,
			"entityOperator.userOperator.secretPrefix":             definition.String,
			"kafkaExporter.groupRegex":                             definition.String,
			"kafkaExporter.topicRegex":                             definition.String,
			"kafkaExporter.resources":                              definition.Open,
			"kafkaExporter.template.deployment.deploymentStrategy": definition.String,
		}, template("entityOperator.template", "topicOperatorContainer", "userOperatorContainer"),
			template("kafkaExporter.template", "container")),
	}
}

// template returns the fields of a template of pods with these containers.
func template(path string, containers ...string) map[string]definition.Type {
	fields := map[string]definition.Type{path + ".pod.priorityClassName": definition.String}
	for _, container := range containers {
		fields[path+"."+container+".securityContext"] = definition.Open
	}
	return fields
}

func merged(fields map[string]definition.Type, more ...map[string]definition.Type) map[string]definition.Type {
	for _, one := range more {
		maps.Copy(fields, one)
	}
	return fields
}

//go:embed rights.yaml
var rights []byte

// Manifests returns the definitions, and the rights of the stand-in, in YAML.
func Manifests() []byte { return definition.Manifests(Kinds(), rights) }
