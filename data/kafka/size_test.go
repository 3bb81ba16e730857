package kafka_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/data/kafka"
	"github.com/dreamseed/platform/data/store"
	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/services/catalogue"
)

// The demand is what the rendered containers ask for, all of them together.
func TestTheDemandIsWhatIsRendered(t *testing.T) {
	for _, of := range each() {
		recording := recorded(t, of)
		var rendered catalogue.Demand
		add := func(resources any, times int) {
			rendered.Requests.Add(read(resources, "requests"), times)
			rendered.Limits.Add(read(resources, "limits"), times)
		}
		for _, pool := range recording.Each(t, poolType) {
			brokers := pool.At("spec", "replicas").(int)
			rendered.Pods += brokers
			add(pool.At("spec", "resources"), brokers)
		}
		spec := recording.Get(t, clusterType, "kafka-cluster").At("spec")
		add(mocktest.At(spec, "entityOperator", "topicOperator", "resources"), 1)
		add(mocktest.At(spec, "entityOperator", "userOperator", "resources"), 1)
		add(mocktest.At(spec, "kafkaExporter", "resources"), 1)
		rendered.Pods += 2
		demand := of.Spec.Demand(of.Services)
		assert.Equal(t, rendered.Pods, demand.Pods)
		for _, pair := range [][2]resource.Quantity{
			{rendered.Requests.CPU, demand.Requests.CPU}, {rendered.Requests.Memory, demand.Requests.Memory},
			{rendered.Limits.CPU, demand.Limits.CPU}, {rendered.Limits.Memory, demand.Limits.Memory},
		} {
			assert.Zero(t, pair[0].Cmp(pair[1]), "%s and %s", pair[0].String(), pair[1].String())
			assert.Positive(t, pair[0].Sign())
		}
		assert.Equal(t, "Recreate", mocktest.At(spec, "kafkaExporter", "template", "deployment", "deploymentStrategy"),
			"another pod beside it would not be counted")
	}
}

func read(resources any, kind string) catalogue.Amounts {
	return catalogue.Amounts{
		CPU:    resource.MustParse(mocktest.At(resources, kind, "cpu").(string)),
		Memory: resource.MustParse(mocktest.At(resources, kind, "memory").(string)),
	}
}

func TestEachBrokerClaimsAVolume(t *testing.T) {
	volumes := kafka.Default(store.InCluster).Volumes(shop())
	assert.Len(t, volumes, 3)
	for _, size := range volumes {
		assert.Equal(t, "50Gi", size.String())
	}
	assert.Len(t, single().Volumes(shop()), 1)
}

// A broker takes its heap from its limit: a request below it would be a promise that the node cannot keep.
func TestABrokerHasTheMemoryThatItMayTake(t *testing.T) {
	for _, pool := range recorded(t, args()).Each(t, poolType) {
		assert.Equal(t, pool.At("spec", "resources", "requests", "memory"), pool.At("spec", "resources", "limits", "memory"))
	}
}
