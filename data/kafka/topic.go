package kafka

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/kube"
)

var topicKind = kube.Kind{APIVersion: group, Name: "KafkaTopic"}

// partitions is the number of partitions of each topic: so many pods of a consumer share its messages at most. More
// would send the messages of a key to another partition than before, and there cannot be fewer.
const partitions = 24

// segments is the number of parts in which a partition keeps the messages of its retention. Kafka deletes whole ones.
const segments = 8

// newTopics registers the topics by their names.
func (a *Args) newTopics(
	ctx *pulumi.Context, name string, opts ...pulumi.ResourceOption,
) (map[string]pulumi.Resource, error) {
	owner := owners(a.Services)
	made := map[string]pulumi.Resource{}
	for _, topic := range slices.Sorted(maps.Keys(owner)) {
		metadata := kube.Annotate(kube.Metadata(a.Namespace, topic, belonging(owner[topic].Workload())),
			kube.WaitForCondition("Ready"))
		resource, err := kube.NewCustomResource(ctx, name+"-topic-"+topic, topicKind, metadata, a.topicSpec(),
			append(a.kept(opts), kube.Deadline(a.DeadlineSeconds))...)
		if err != nil {
			return nil, fmt.Errorf("creating the topic %s: %w", topic, err)
		}
		made[topic] = resource
	}
	return made, nil
}

// topicSpec returns the settings of every topic (https://kafka.apache.org/43/configuration/topic-configs). Without the
// second one, a partition of few messages would keep them for a week whatever its retention is.
func (a *Args) topicSpec() pulumi.Map {
	retention := time.Duration(a.Spec.RetentionHours) * time.Hour
	return pulumi.Map{
		"partitions": pulumi.Int(partitions),
		"replicas":   pulumi.Int(a.Spec.replication()),
		"config": pulumi.StringMap{
			"retention.ms": milliseconds(retention),
			"segment.ms":   milliseconds(retention / segments),
		},
	}
}

// milliseconds is a text: a large number might be written with an exponent on its way.
func milliseconds(of time.Duration) pulumi.String {
	return pulumi.String(strconv.FormatInt(of.Milliseconds(), 10))
}
