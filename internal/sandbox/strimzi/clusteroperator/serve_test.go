package main

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic/fake"
)

type object = map[string]any

// made returns an object of a generation, in the namespace shop.
func made(kind, name string, labels, spec object) *unstructured.Unstructured {
	return &unstructured.Unstructured{Object: object{
		"apiVersion": "kafka.strimzi.io/v1", "kind": kind, "spec": spec,
		"metadata": object{"name": name, "namespace": "shop", "labels": labels, "generation": int64(3)},
	}}
}

func ofEvents() object { return object{"strimzi.io/cluster": "events"} }

func kafka() *unstructured.Unstructured {
	return made("Kafka", "events", nil, object{"kafka": object{"version": "4.3.1"}})
}

func pool(name string, replicas int64, roles ...any) *unstructured.Unstructured {
	return made("KafkaNodePool", name, ofEvents(), object{"replicas": replicas, "roles": roles})
}

func topic(replicas int64) *unstructured.Unstructured {
	return made("KafkaTopic", "orders", ofEvents(), object{"replicas": replicas})
}

func user() *unstructured.Unstructured {
	return made("KafkaUser", "billing", ofEvents(), object{"authentication": object{
		"type": "scram-sha-512", "password": object{"valueFrom": object{
			"secretKeyRef": object{"name": "billing-kafka", "key": "password"},
		}},
	}})
}

func secret(key string) *unstructured.Unstructured {
	return &unstructured.Unstructured{Object: object{
		"apiVersion": "v1", "kind": "Secret", "metadata": object{"name": "billing-kafka", "namespace": "shop"},
		"data": object{key: "c2VjcmV0"},
	}}
}

// served runs the stand-in among these objects and returns what there is after two looks.
func served(t *testing.T, objects ...*unstructured.Unstructured) *fake.FakeDynamicClient {
	t.Helper()
	var all []runtime.Object
	for _, one := range objects {
		all = append(all, one)
	}
	client := fake.NewSimpleDynamicClientWithCustomListKinds(runtime.NewScheme(), map[schema.GroupVersionResource]string{
		kind("kafkas"): "KafkaList", kind("kafkanodepools"): "KafkaNodePoolList", kind("kafkatopics"): "KafkaTopicList",
		kind("kafkausers"): "KafkaUserList", secrets: "SecretList",
	}, all...)
	require.NoError(t, serve(t.Context(), client, "certificate"))
	require.NoError(t, serve(t.Context(), client, "certificate"))
	return client
}

// statusOf returns the status of an object, with the only condition in place of the list of them.
func statusOf(t *testing.T, client *fake.FakeDynamicClient, plural, name string) object {
	t.Helper()
	found, err := client.Resource(kind(plural)).Namespace("shop").Get(t.Context(), name, metav1.GetOptions{})
	require.NoError(t, err)
	status, _, _ := unstructured.NestedMap(found.Object, "status") // nil for none
	if conditions, is := status["conditions"].([]any); is {
		require.Len(t, conditions, 1)
		delete(status, "conditions")
		for key, value := range conditions[0].(object) {
			status[key] = value
		}
	}
	return status
}

func TestWhatIsCompleteIsReadyInItsGeneration(t *testing.T) {
	client := served(t, kafka(), pool("a", 2, "controller", "broker"), pool("b", 1, "controller", "broker"), topic(3),
		user(), secret("password"))
	assert.Equal(t, object{
		"type": "Ready", "status": "True", "kafkaVersion": "4.3.1", "observedGeneration": int64(3),
	}, statusOf(t, client, "kafkas", "events"))
	assert.Equal(t, object{
		"type": "Ready", "status": "True", "topicName": "orders", "observedGeneration": int64(3),
	}, statusOf(t, client, "kafkatopics", "orders"))
	assert.Equal(t, object{
		"type": "Ready", "status": "True", "username": "billing", "observedGeneration": int64(3),
	}, statusOf(t, client, "kafkausers", "billing"))
}

// Strimzi 1.2.0 gives a pool no condition (KafkaPool.generateNodePoolStatus): whoever waits for one waits for ever.
func TestAPoolHasNoCondition(t *testing.T) {
	client := served(t, kafka(), pool("a", 2, "controller", "broker"), pool("b", 1, "broker"))
	assert.Equal(t, object{
		"nodeIds": []any{int64(2)}, "replicas": int64(1), "roles": []any{"broker"}, "observedGeneration": int64(3),
	}, statusOf(t, client, "kafkanodepools", "b"))
}

func TestTheCertificateOfTheAuthorityIsPublished(t *testing.T) {
	client := served(t, kafka())
	const name = "events-cluster-ca-cert"
	found, err := client.Resource(secrets).Namespace("shop").Get(t.Context(), name, metav1.GetOptions{})
	require.NoError(t, err)
	assert.Equal(t, object{"ca.crt": "certificate"}, found.Object["stringData"])
	assert.Equal(t, "Kafka", found.GetOwnerReferences()[0].Kind, "it goes with its Kafka")
}

func TestWhatIsWrongIsSaid(t *testing.T) {
	both := pool("a", 1, "controller", "broker")
	for name, test := range map[string]struct {
		objects      []*unstructured.Unstructured
		plural, of   string
		kind, status string
		message      string
	}{
		"no pool": {
			[]*unstructured.Unstructured{kafka()}, "kafkas", "events", "NotReady", "True", "No KafkaNodePools found",
		},
		"a pool of another Kafka": {
			[]*unstructured.Unstructured{kafka(), made("KafkaNodePool", "a", nil, object{"replicas": int64(1)})},
			"kafkas", "events", "NotReady", "True", "No KafkaNodePools found",
		},
		"no controller": {
			[]*unstructured.Unstructured{kafka(), pool("a", 1, "broker")}, "kafkas", "events", "NotReady", "True",
			"one controller are needed",
		},
		"more copies than brokers": {
			[]*unstructured.Unstructured{kafka(), both, topic(3)}, "kafkatopics", "orders", "Ready", "False",
			"only 1 broker(s)",
		},
		"no password": {
			[]*unstructured.Unstructured{kafka(), both, user()}, "kafkausers", "billing", "NotReady", "True",
			"Secret billing-kafka with requested user password does not exist.",
		},
		"a password under another key": {
			[]*unstructured.Unstructured{kafka(), both, user(), secret("token")}, "kafkausers", "billing", "NotReady", "True",
			"does not contain the key password",
		},
	} {
		t.Run(name, func(t *testing.T) {
			status := statusOf(t, served(t, test.objects...), test.plural, test.of)
			assert.Equal(t, test.kind, status["type"])
			assert.Equal(t, test.status, status["status"])
			assert.Contains(t, status["message"], test.message)
			assert.Equal(t, int64(3), status["observedGeneration"])
		})
	}
}

// Strimzi's operators of topics and users start with the first node, and look at what names their Kafka.
func TestNothingIsSaidOfWhatIsNobodys(t *testing.T) {
	stray := made("KafkaTopic", "orders", object{"strimzi.io/cluster": "evnets"}, object{})
	assert.Nil(t, statusOf(t, served(t, kafka(), pool("a", 1, "controller", "broker"), stray), "kafkatopics", "orders"))
	assert.Nil(t, statusOf(t, served(t, topic(1)), "kafkatopics", "orders"), "there is no Kafka")
	assert.Nil(t, statusOf(t, served(t, kafka(), user(), secret("password")), "kafkausers", "billing"), "it has no node")
}

func TestAPasswordThatComesLaterIsFound(t *testing.T) {
	client := served(t, kafka(), pool("a", 1, "controller", "broker"), user())
	require.Equal(t, "NotReady", statusOf(t, client, "kafkausers", "billing")["type"])
	_, err := client.Resource(secrets).Namespace("shop").Create(t.Context(), secret("password"), metav1.CreateOptions{})
	require.NoError(t, err)
	require.NoError(t, serve(t.Context(), client, "certificate"))
	assert.Equal(t, "Ready", statusOf(t, client, "kafkausers", "billing")["type"])
}

// A status that is written again and again would keep everybody busy who watches.
func TestAStatusIsWrittenOnce(t *testing.T) {
	client := served(t, kafka(), pool("a", 1, "controller", "broker"), topic(3), user())
	written := 0
	for _, action := range client.Actions() {
		if action.GetVerb() == "patch" {
			written++
		}
	}
	assert.Equal(t, 4, written, "once for each object, in two looks")
}
