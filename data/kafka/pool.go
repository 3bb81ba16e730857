package kafka

import (
	"fmt"
	"slices"

	corev1 "github.com/pulumi/pulumi-kubernetes/sdk/v4/go/kubernetes/core/v1"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/kube"
	"github.com/dreamseed/platform/services/catalogue"
)

var poolKind = kube.Kind{APIVersion: group, Name: "KafkaNodePool"}

// Labels of nodes (https://kubernetes.io/docs/reference/labels-annotations-taints).
const (
	zoneLabel = "topology.kubernetes.io/zone"
	hostLabel = "kubernetes.io/hostname"
)

// zoneVariable tells a broker its zone. The names KAFKA_… are Strimzi's own.
const zoneVariable = "BROKER_ZONE"

// graceSeconds is how long a broker may take to hand over its partitions before it stops.
const graceSeconds = 120

// pool has the brokers of a zone. A pool for each zone tells a broker where it is, so that the copies of a message are
// in different zones; a broker would otherwise have to read the nodes of the cluster
// (https://strimzi.io/docs/operators/1.2.0/configuring#type-Rack-reference).
type pool struct {
	// zone is empty where the zones are unknown.
	zone    string
	brokers int
}

// anywhere is the name of the pool where the zones are unknown.
const anywhere = "nodes"

// name returns the name of the pool, and thereby of its pods and claims: the order of the zones changes none.
func (p pool) name() string {
	if p.zone == "" {
		return anywhere
	}
	return p.zone
}

// pools returns the zones that have brokers.
func (a *Args) pools() []pool {
	zones := a.Zones
	if len(zones) == 0 {
		zones = []string{""}
	}
	var all []pool
	for i := range a.Spec.Brokers {
		if i < len(zones) {
			all = append(all, pool{zone: zones[i]})
		}
		all[i%len(zones)].brokers++
	}
	return all
}

// newPools registers the pools. Nothing waits for one: Strimzi looks at it once its Kafka exists, and gives it no
// condition of its own.
func (a *Args) newPools(ctx *pulumi.Context, name string, opts ...pulumi.ResourceOption) ([]pulumi.Resource, error) {
	var all []pulumi.Resource
	for _, one := range a.pools() {
		made, err := kube.NewCustomResource(ctx, name+"-pool-"+one.name(), poolKind,
			kube.Metadata(a.Namespace, one.name(), belonging(Name)), a.poolSpec(one), a.kept(opts)...)
		if err != nil {
			return nil, fmt.Errorf("creating the pool %s: %w", one.name(), err)
		}
		all = append(all, made)
	}
	return all, nil
}

func (a *Args) poolSpec(of pool) pulumi.Map {
	container := pulumi.Map{"securityContext": restricted()}
	if of.zone != "" {
		container["env"] = pulumi.Array{pulumi.Map{
			"name": pulumi.String(zoneVariable), "value": pulumi.String(of.zone),
		}}
	}
	return pulumi.Map{
		"replicas":  pulumi.Int(of.brokers),
		"roles":     pulumi.ToStringArray([]string{"controller", "broker"}),
		"storage":   a.storage(),
		"resources": pulumi.Map{"requests": quantities(Requests()), "limits": quantities(limits())},
		"template": pulumi.Map{
			"pod": pulumi.Map{
				"priorityClassName":             pulumi.String(string(catalogue.Critical)),
				"terminationGracePeriodSeconds": pulumi.Int(graceSeconds),
				"affinity":                      of.affinity(),
			},
			"kafkaContainer": container,
		},
	}
}

// storage is a claim for each broker, which stays when the broker goes.
func (a *Args) storage() pulumi.Map {
	storage := pulumi.Map{
		"type":        pulumi.String("persistent-claim"),
		"size":        pulumi.String(a.Spec.Storage.String()),
		"deleteClaim": pulumi.Bool(false),
	}
	if a.StorageClass != "" {
		storage["class"] = pulumi.String(a.StorageClass)
	}
	return storage
}

// affinity binds the pool to its zone, and keeps brokers off each other's nodes: a node takes one copy with it. The
// pods tolerate no taint, so that they never run on a spot node.
func (p pool) affinity() pulumi.Map {
	broker := pulumi.StringMap{kube.NameLabel: pulumi.String(brokerPods)}
	affinity := pulumi.Map{"podAntiAffinity": pulumi.Map{
		"requiredDuringSchedulingIgnoredDuringExecution": pulumi.Array{pulumi.Map{
			"topologyKey":   pulumi.String(hostLabel),
			"labelSelector": pulumi.Map{"matchLabels": broker},
		}},
	}}
	if p.zone != "" {
		affinity["nodeAffinity"] = pulumi.Map{
			"requiredDuringSchedulingIgnoredDuringExecution": pulumi.Map{"nodeSelectorTerms": pulumi.Array{pulumi.Map{
				"matchExpressions": pulumi.Array{pulumi.Map{
					"key": pulumi.String(zoneLabel), "operator": pulumi.String("In"),
					"values": pulumi.ToStringArray([]string{p.zone}),
				}},
			}}},
		}
	}
	return affinity
}

// restricted returns what the Pod Security Standard "restricted" requires of a container whose pod says nothing: the
// pod's own settings are left to Strimzi, which gives the volumes to the group of its images. Its programs write to
// volumes alone (https://github.com/strimzi/strimzi-kafka-operator/pull/4162).
func restricted() *corev1.SecurityContextArgs {
	security := kube.RestrictedContainer()
	security.RunAsNonRoot = pulumi.Bool(true)
	security.SeccompProfile = &corev1.SeccompProfileArgs{Type: pulumi.String("RuntimeDefault")}
	return security
}

func quantities(of catalogue.Amounts) pulumi.StringMap {
	return pulumi.StringMap{"cpu": pulumi.String(of.CPU.String()), "memory": pulumi.String(of.Memory.String())}
}

// zoned reports whether the brokers know their zones.
func (a *Args) zoned() bool {
	return !slices.ContainsFunc(a.pools(), func(one pool) bool { return one.zone == "" })
}
