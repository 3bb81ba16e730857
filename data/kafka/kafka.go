// Package kafka gives services their topics. In the cluster the operator Strimzi (https://strimzi.io) runs Kafka from
// its custom resources: a user for each service, who may do with topics what the service declares and nothing else.
// Strimzi and Kafka were never run by this repository's tests: docs/decisions/kafka-by-strimzi.md says what was checked
// instead.
package kafka

import (
	"fmt"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/data/store"
	"github.com/dreamseed/platform/internal/kube"
	"github.com/dreamseed/platform/services/catalogue"
)

// Name is the name of the Kafka. Strimzi derives the names of what it makes from it: kafka-kafka-bootstrap is the
// Service of all brokers.
const Name = "kafka"

// Bootstrap returns the address under which the services' pods find the brokers. The brokers' certificates are for this
// name (https://strimzi.io/docs/operators/1.2.0/deploying).
func Bootstrap(namespace string) string {
	return fmt.Sprintf("%s-kafka-bootstrap.%s.svc:%d", Name, namespace, Port)
}

// Args describes the Kafka of an environment that runs it in the cluster.
type Args struct {
	Spec Spec
	store.Environment
	// Zones are the zones of the nodes. Each that has a broker has a pool of its own, so the brokers stay with their
	// volumes. A zone that goes is refused while Protect is on. Empty means that the zones are unknown.
	Zones []string
}

// Kafka is a running Kafka.
type Kafka struct {
	pulumi.ResourceState

	// Connections has the services that declare a topic.
	Connections store.Connections
}

// New registers Kafka, its topics and its users.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Kafka, error) {
	made := &Kafka{Connections: store.Connections{}}
	// The type is part of every resource's name in the state: it outlives moves of the code.
	if err := ctx.RegisterComponentResource("dreamseed:data:Kafka", name, made, opts...); err != nil {
		return nil, fmt.Errorf("registering Kafka: %w", err)
	}
	if err := made.build(ctx, name, args); err != nil {
		return nil, fmt.Errorf("building Kafka: %w", err)
	}
	err := ctx.RegisterResourceOutputs(made, pulumi.Map{"bootstrap": pulumi.String(Bootstrap(args.Namespace))})
	if err != nil {
		return nil, fmt.Errorf("registering the outputs of Kafka: %w", err)
	}
	return made, nil
}

func (k *Kafka) build(ctx *pulumi.Context, name string, args *Args) error {
	child := []pulumi.ResourceOption{pulumi.Parent(k), pulumi.DependsOn(args.After)}
	pools, err := args.newPools(ctx, name, child...)
	if err != nil {
		return err
	}
	cluster, err := args.newCluster(ctx, name+"-cluster", append(child, pulumi.DependsOn(pools))...)
	if err != nil {
		return err
	}
	running := append(slices.Clone(child), pulumi.DependsOn([]pulumi.Resource{cluster}))
	authority, err := args.newAuthority(ctx, name+"-authority", cluster, child...)
	if err != nil {
		return err
	}
	topics, err := args.newTopics(ctx, name, running...)
	if err != nil {
		return err
	}
	for _, service := range declaring(args.Services) {
		user, err := args.newUser(ctx, name+"-"+service.Name, service, cluster, child...)
		if err != nil {
			return fmt.Errorf("creating the user of %s: %w", service.Name, err)
		}
		ready := []pulumi.Resource{authority, user}
		for _, topic := range of(service) {
			ready = append(ready, topics[topic])
		}
		k.Connections[service.Name] = store.Connection{Files: files(service), Ready: ready}
	}
	return nil
}

// of returns the topics that a service writes or reads, each once, sorted.
func of(service catalogue.Service) []string {
	return slices.Compact(slices.Sorted(slices.Values(slices.Concat(service.Needs.Produces, service.Needs.Consumes))))
}

// group is the API of Strimzi's kinds.
const group = "kafka.strimzi.io/v1"

// belonging returns the labels of what belongs to a workload and to the Kafka.
func belonging(workload string) pulumi.StringMap {
	return kube.With(kube.WorkloadLabels(workload), pulumi.StringMap{"strimzi.io/cluster": pulumi.String(Name)})
}

// kept protects what holds messages. Deleting a topic deletes its messages, and deleting a pool its pods.
func (a *Args) kept(opts []pulumi.ResourceOption) []pulumi.ResourceOption {
	return append(slices.Clone(opts), pulumi.Protect(a.Protect), pulumi.RetainOnDelete(a.Protect))
}
