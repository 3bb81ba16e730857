package kafka_test

import (
	"bytes"
	"encoding/json"
	"testing"

	strimziv1 "github.com/scholzj/strimzi-go/pkg/apis/kafka.strimzi.io/v1"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"

	"github.com/dreamseed/platform/data/kafka"
	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/internal/operator/charttest"
	"github.com/dreamseed/platform/internal/sandbox/definition"
	"github.com/dreamseed/platform/internal/sandbox/definition/definitiontest"
	"github.com/dreamseed/platform/internal/sandbox/strimzi"
)

// decode decodes a resource into Strimzi's type, which must have each of its fields.
func decode(t *testing.T, resource *mocktest.Resource, into any) error {
	t.Helper()
	text, err := json.Marshal(resource.Inputs)
	require.NoError(t, err)
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	return decoder.Decode(into)
}

// strimzis returns an empty object of Strimzi's type for each kind.
func strimzis() map[string]func() any {
	return map[string]func() any{
		clusterType: func() any { return &strimziv1.Kafka{} },
		poolType:    func() any { return &strimziv1.KafkaNodePool{} },
		topicType:   func() any { return &strimziv1.KafkaTopic{} },
		userType:    func() any { return &strimziv1.KafkaUser{} },
	}
}

// each returns the arguments whose resources differ in the fields that they have.
func each() map[string]*kafka.Args {
	alone := args()
	alone.Spec, alone.Zones, alone.StorageClass = single(), nil, ""
	return map[string]*kafka.Args{"the shop": args(), "the platform": platform(), "a single broker": alone}
}

// The types are generated from Strimzi's own, by somebody else.
func TestEveryFieldIsOneOfStrimzis(t *testing.T) {
	for name, of := range each() {
		recording := recorded(t, of)
		for kind, empty := range strimzis() {
			for _, one := range recording.Each(t, kind) {
				require.NoError(t, decode(t, one, empty()), "%s of %s", one.Name, name)
			}
		}
	}
}

// The control.
func TestAFieldThatStrimziDoesNotHaveIsRefused(t *testing.T) {
	recording := recorded(t, args())
	for kind, empty := range strimzis() {
		one := recording.Each(t, kind)[0]
		one.Inputs["spec"].(map[string]any)["replica"] = 1
		assert.ErrorContains(t, decode(t, one, empty()), `unknown field "replica"`)
	}
}

func TestTheAPIIsTheOneThatStrimziServes(t *testing.T) {
	for kind := range strimzis() {
		for _, one := range recorded(t, args()).Each(t, kind) {
			assert.Equal(t, strimziv1.SchemeGroupVersion.String(), one.At("apiVersion"))
		}
	}
}

// eachKind calls the test with the specs of the resources of each kind that the sandbox serves.
func eachKind(t *testing.T, of *kafka.Args, test func(t *testing.T, kind definition.Kind, specs []any)) {
	t.Helper()
	recording := recorded(t, of)
	for _, kind := range strimzi.Kinds() {
		t.Run(kind.Name, func(t *testing.T) {
			var specs []any
			for _, one := range recording.Each(t, "kubernetes:"+kind.Group+"/v1:"+kind.Name) {
				specs = append(specs, one.At("spec"))
			}
			test(t, kind, specs)
		})
	}
}

func TestTheSandboxKnowsEveryFieldAndNoOther(t *testing.T) {
	for _, of := range each() {
		eachKind(t, of, func(t *testing.T, kind definition.Kind, specs []any) {
			for _, spec := range specs {
				assert.Empty(t, definitiontest.Mistakes(kind, spec))
			}
		})
	}
	eachKind(t, args(), func(t *testing.T, kind definition.Kind, specs []any) {
		assert.Empty(t, definitiontest.Unused(kind, specs[0]), "a fact that nothing is checked with")
	})
}

// containers are the security contexts of all containers.
func containers(t *testing.T, of *kafka.Args) map[string]any {
	t.Helper()
	recording := recorded(t, of)
	found := map[string]any{}
	for _, one := range recording.Each(t, poolType) {
		found[one.Name] = one.At("spec", "template", "kafkaContainer", "securityContext")
	}
	spec := recording.Get(t, clusterType, "kafka-cluster").At("spec")
	found["topic operator"] = mocktest.At(spec, "entityOperator", "template", "topicOperatorContainer", "securityContext")
	found["user operator"] = mocktest.At(spec, "entityOperator", "template", "userOperatorContainer", "securityContext")
	found["exporter"] = mocktest.At(spec, "kafkaExporter", "template", "container", "securityContext")
	return found
}

// The namespace admits no other pods. The judge is the admission's own code.
func TestEveryContainerIsRestrictedWhateverItsPodSays(t *testing.T) {
	for name, security := range containers(t, args()) {
		text, err := json.Marshal(security)
		require.NoError(t, err)
		var decoded corev1.SecurityContext
		require.NoError(t, json.Unmarshal(text, &decoded))
		pod := corev1.PodTemplateSpec{Spec: corev1.PodSpec{Containers: []corev1.Container{{
			Name: "container", Image: "image", SecurityContext: &decoded,
		}}}}
		assert.Empty(t, charttest.Forbidden(t, pod), name)
		assert.True(t, *decoded.ReadOnlyRootFilesystem, name)
	}
}
