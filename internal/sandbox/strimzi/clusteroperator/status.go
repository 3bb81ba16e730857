package main

import (
	"context"
	"fmt"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
)

// clusterLabel names the Kafka that an object belongs to. What names none is nobody's: nothing is ever said of it.
const clusterLabel = "strimzi.io/cluster"

// of returns the objects of a Kafka.
func of(kafka unstructured.Unstructured, all []unstructured.Unstructured) []unstructured.Unstructured {
	var found []unstructured.Unstructured
	for _, one := range all {
		if one.GetNamespace() == kafka.GetNamespace() && one.GetLabels()[clusterLabel] == kafka.GetName() {
			found = append(found, one)
		}
	}
	return found
}

func (w world) poolsOf(kafka unstructured.Unstructured) []unstructured.Unstructured {
	return of(kafka, w.pools)
}

// complete reports whether a Kafka has nodes of both roles.
func (w world) complete(kafka unstructured.Unstructured) bool {
	roles := map[string]bool{}
	for _, pool := range w.poolsOf(kafka) {
		for _, role := range rolesOf(pool) {
			roles[role] = nodes(pool) > 0 || roles[role]
		}
	}
	return roles["controller"] && roles["broker"]
}

func (w world) ofKafka(kafka unstructured.Unstructured) map[string]any {
	if len(w.poolsOf(kafka)) == 0 {
		return refused("InvalidConfigurationException", "No KafkaNodePools found for Kafka cluster "+kafka.GetName())
	}
	if !w.complete(kafka) {
		return refused("InvalidResourceException",
			"The Kafka cluster "+kafka.GetName()+" is invalid: at least one broker and one controller are needed")
	}
	status := ready()
	status["kafkaVersion"], _, _ = unstructured.NestedString(kafka.Object, "spec", "kafka", "version") // "" for none
	return status
}

// ofPool has no condition: Strimzi says of a pool which nodes it has, and no more.
func ofPool(pool unstructured.Unstructured, first int64) map[string]any {
	ids := []any{}
	for id := range nodes(pool) {
		ids = append(ids, first+id)
	}
	roles := []any{}
	for _, role := range rolesOf(pool) {
		roles = append(roles, role)
	}
	return map[string]any{"nodeIds": ids, "replicas": nodes(pool), "roles": roles}
}

func (w world) ofTopic(kafka, topic unstructured.Unstructured) map[string]any {
	brokers := int64(0)
	for _, pool := range w.poolsOf(kafka) {
		brokers += nodes(pool)
	}
	replicas, _, _ := unstructured.NestedInt64(topic.Object, "spec", "replicas") // 0 for the default
	if replicas > brokers {
		return map[string]any{"conditions": []any{map[string]any{
			"type": "Ready", "status": "False", "reason": "KafkaError",
			"message": fmt.Sprintf("Unable to replicate the partition %d time(s): only %d broker(s) are registered.",
				replicas, brokers),
		}}}
	}
	status := ready()
	status["topicName"] = topic.GetName()
	return status
}

var secrets = schema.GroupVersionResource{Version: "v1", Resource: "secrets"}

// ofUser looks for the password that is to be the user's.
func ofUser(
	ctx context.Context, client dynamic.Interface, user unstructured.Unstructured,
) (map[string]any, error) {
	ref, found, _ := unstructured.NestedStringMap(
		user.Object, "spec", "authentication", "password", "valueFrom", "secretKeyRef") // none: Strimzi draws one
	if found {
		secret, err := client.Resource(secrets).Namespace(user.GetNamespace()).Get(ctx, ref["name"], metav1.GetOptions{})
		if apierrors.IsNotFound(err) {
			return refused("InvalidResourceException",
				"Secret "+ref["name"]+" with requested user password does not exist."), nil
		}
		if err != nil {
			return nil, fmt.Errorf("reading the password of %s: %w", user.GetName(), err)
		}
		if value, _, _ := unstructured.NestedString(secret.Object, "data", ref["key"]); value == "" {
			return refused("InvalidResourceException",
				"Secret "+ref["name"]+" does not contain the key "+ref["key"]+" with requested user password."), nil
		}
	}
	status := ready()
	status["username"] = user.GetName()
	return status, nil
}

func ready() map[string]any {
	return map[string]any{"conditions": []any{map[string]any{"type": "Ready", "status": "True"}}}
}

// refused is how Strimzi says that it cannot do what a resource asks for. A topic has another way.
func refused(reason, message string) map[string]any {
	return map[string]any{"conditions": []any{map[string]any{
		"type": "NotReady", "status": "True", "reason": reason, "message": message,
	}}}
}

func nodes(pool unstructured.Unstructured) int64 {
	replicas, _, _ := unstructured.NestedInt64(pool.Object, "spec", "replicas") // 0 for none
	return replicas
}

func rolesOf(pool unstructured.Unstructured) []string {
	roles, _, _ := unstructured.NestedStringSlice(pool.Object, "spec", "roles") // nil for none
	return roles
}
