package kafka

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/kube"
	"github.com/dreamseed/platform/secrets"
	"github.com/dreamseed/platform/services/catalogue"
)

var clusterKind = kube.Kind{APIVersion: group, Name: "Kafka"}

const (
	// Version is the version of Kafka: the default of Strimzi 1.2.0. A change restarts the brokers, one after the other.
	Version = "4.3.1"
	// metadataVersion is the format of what the quorum keeps. It is raised after Version, and cannot be lowered.
	metadataVersion = "4.3-IV0"
)

// startSeconds is how long Kafka may take until it is ready: images, volumes, an election, and as a change restarts all
// brokers one after the other.
const startSeconds = 30 * 60

// newCluster registers Kafka. Strimzi makes the Services, the certificates and a disruption budget that lets one broker
// go at a time, and with one broker that one.
func (a *Args) newCluster(
	ctx *pulumi.Context, name string, opts ...pulumi.ResourceOption,
) (pulumi.Resource, error) {
	metadata := kube.Annotate(kube.Metadata(a.Namespace, Name, kube.WorkloadLabels(Name)), kube.WaitForCondition("Ready"))
	cluster, err := kube.NewCustomResource(ctx, name, clusterKind, metadata, pulumi.Map{
		"kafka":          a.nodes(),
		"entityOperator": operators(),
		"kafkaExporter":  lag(),
	}, append(a.kept(opts), kube.Deadline(startSeconds))...)
	if err != nil {
		return nil, fmt.Errorf("creating the resource of Kafka: %w", err)
	}
	return cluster, nil
}

func (a *Args) nodes() pulumi.Map {
	nodes := pulumi.Map{
		"version":         pulumi.String(Version),
		"metadataVersion": pulumi.String(metadataVersion),
		"listeners":       pulumi.Array{a.listener()},
		"authorization":   pulumi.Map{"type": pulumi.String("simple")},
		"config":          a.config(),
		"metricsConfig": pulumi.Map{
			"type":   pulumi.String("strimziMetricsReporter"),
			"values": pulumi.Map{"allowList": pulumi.ToStringArray(metrics)},
		},
		"template": pulumi.Map{"podDisruptionBudget": pulumi.Map{"maxUnavailable": pulumi.Int(1)}},
	}
	if a.zoned() {
		nodes["rack"] = pulumi.Map{
			"type": pulumi.String("environment-variable"), "envVarName": pulumi.String(zoneVariable),
		}
	}
	return nodes
}

// listener is the way in for the services: encrypted, with a password. Where a Strimzi that somebody else runs makes
// network policies of its own, it makes this one for the same pods as ours.
func (a *Args) listener() pulumi.Map {
	return pulumi.Map{
		"name": pulumi.String("tls"), "port": pulumi.Int(Port), "type": pulumi.String("internal"),
		"tls":            pulumi.Bool(true),
		"authentication": pulumi.Map{"type": pulumi.String("scram-sha-512")},
		"networkPolicyPeers": pulumi.Array{pulumi.Map{"podSelector": pulumi.Map{
			"matchExpressions": pulumi.Array{pulumi.Map{
				"key": pulumi.String(kube.NameLabel), "operator": pulumi.String("In"),
				"values": pulumi.ToStringArray(workloads(a.Services)),
			}},
		}}},
	}
}

// config returns the settings of the brokers (https://kafka.apache.org/43/configuration/broker-configs). Only what a
// service declares becomes a topic.
func (a *Args) config() pulumi.Map {
	copies, acknowledged := pulumi.Int(a.Spec.replication()), pulumi.Int(a.Spec.acknowledged())
	return pulumi.Map{
		"auto.create.topics.enable":                pulumi.Bool(false),
		"default.replication.factor":               copies,
		"min.insync.replicas":                      acknowledged,
		"offsets.topic.replication.factor":         copies,
		"transaction.state.log.replication.factor": copies,
		"transaction.state.log.min.isr":            acknowledged,
	}
}

// metrics are the metrics of the brokers that are served, as patterns of their names in Prometheus. There are thousands
// otherwise, most of them for each partition.
var metrics = []string{
	"jvm_memory_.*",
	"kafka_controller_kafkacontroller_.*",
	"kafka_server_brokertopicmetrics_.*",
	"kafka_server_kafkarequesthandlerpool_.*",
	"kafka_server_replicamanager_.*",
}

// operators are the programs that create topics and users. They share a pod.
func operators() pulumi.Map {
	return pulumi.Map{
		"topicOperator": pulumi.Map{"resources": topicOperator.resources()},
		"userOperator": pulumi.Map{
			"resources": userOperator.resources(),
			// It writes a Secret for each user, and a user has the name of its service.
			"secretPrefix": pulumi.String("kafka-user-"),
		},
		"template": pulumi.Map{
			"pod":                    helperPod(),
			"topicOperatorContainer": pulumi.Map{"securityContext": restricted()},
			"userOperatorContainer":  pulumi.Map{"securityContext": restricted()},
		},
	}
}

// lag is the exporter of how far behind each group of consumers is.
func lag() pulumi.Map {
	const all = ".*"
	return pulumi.Map{
		"groupRegex": pulumi.String(all), "topicRegex": pulumi.String(all),
		"resources": exporter.resources(),
		"template": pulumi.Map{
			"deployment": pulumi.Map{"deploymentStrategy": pulumi.String("Recreate")},
			"pod":        helperPod(),
			"container":  pulumi.Map{"securityContext": restricted()},
		},
	}
}

// helperPod is a pod without which messages still flow.
func helperPod() pulumi.Map {
	return pulumi.Map{"priorityClassName": pulumi.String(string(catalogue.Standard))}
}

func (h helper) resources() pulumi.Map {
	return pulumi.Map{"requests": quantities(h.requests), "limits": quantities(h.limits)}
}

// authority is the Secret with the certificate of the authority, under the name of the file in which services look for
// it. Strimzi has it under another one, beside what they need not see.
const authority = Name + "-authority"

// newAuthority registers that Secret. It follows when Strimzi renews the certificate, a month before it ends.
func (a *Args) newAuthority(
	ctx *pulumi.Context, name string, cluster pulumi.Resource, opts ...pulumi.ResourceOption,
) (pulumi.Resource, error) {
	secret, err := secrets.NewComposed(ctx, name, &secrets.ComposedArgs{
		Namespace: a.Namespace, Name: authority, Workload: Name,
		From:            map[string]secrets.Mounted{"certificate": {Name: Name + "-cluster-ca-cert", Key: "ca.crt"}},
		Data:            pulumi.StringMap{catalogue.KafkaCACertificate: pulumi.String("{{ .certificate }}")},
		DeadlineSeconds: a.DeadlineSeconds, After: []pulumi.Resource{cluster},
	}, opts...)
	if err != nil {
		return nil, fmt.Errorf("publishing the certificate of the authority: %w", err)
	}
	return secret, nil
}
