package main

import (
	"context"
	"errors"
	"fmt"
	"reflect"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"

	"github.com/dreamseed/platform/internal/sandbox/controller"
	"github.com/dreamseed/platform/internal/sandbox/strimzi"
)

func kind(plural string) schema.GroupVersionResource {
	return schema.GroupVersionResource{Group: strimzi.Group, Version: "v1", Resource: plural}
}

// The names by which Strimzi's three programs write.
const (
	clusterOperator = "strimzi-cluster-operator"
	topicOperator   = "strimzi-topic-operator"
	userOperator    = "strimzi-user-operator"
)

// serve brings everything into the state in which Strimzi would leave it.
func serve(ctx context.Context, client dynamic.Interface, certificate string) error {
	all, err := look(ctx, client)
	if err != nil {
		return err
	}
	var failed []error
	for _, kafka := range all.kafkas {
		writer := controller.Writer{Client: client, Manager: clusterOperator}
		failed = append(failed,
			writer.Publish(ctx, kafka, kafka.GetName()+"-cluster-ca-cert", map[string]any{"ca.crt": certificate}),
			mark(ctx, writer, kind("kafkas"), kafka, all.ofKafka(kafka)))
		first := int64(0)
		for _, pool := range all.poolsOf(kafka) {
			failed = append(failed, mark(ctx, writer, kind("kafkanodepools"), pool, ofPool(pool, first)))
			first += nodes(pool)
		}
		if !all.complete(kafka) {
			continue // the other two programs start with the first node
		}
		for _, topic := range of(kafka, all.topics) {
			writer.Manager = topicOperator
			failed = append(failed, mark(ctx, writer, kind("kafkatopics"), topic, all.ofTopic(kafka, topic)))
		}
		for _, user := range of(kafka, all.users) {
			writer.Manager = userOperator
			status, err := ofUser(ctx, client, user)
			if err == nil {
				err = mark(ctx, writer, kind("kafkausers"), user, status)
			}
			failed = append(failed, err)
		}
	}
	return errors.Join(failed...)
}

// watched are the kinds whose objects decide what is written.
func watched() []controller.Kind {
	kinds := []controller.Kind{{GroupVersionResource: secrets}}
	for _, plural := range []string{"kafkas", "kafkanodepools", "kafkatopics", "kafkausers"} {
		kinds = append(kinds, controller.Kind{GroupVersionResource: kind(plural)})
	}
	return kinds
}

// world is what there is.
type world struct{ kafkas, pools, topics, users []unstructured.Unstructured }

func look(ctx context.Context, client dynamic.Interface) (world, error) {
	var all world
	for plural, into := range map[string]*[]unstructured.Unstructured{
		"kafkas": &all.kafkas, "kafkanodepools": &all.pools, "kafkatopics": &all.topics, "kafkausers": &all.users,
	} {
		found, err := client.Resource(kind(plural)).List(ctx, metav1.ListOptions{})
		if err != nil {
			return world{}, fmt.Errorf("listing %s: %w", plural, err)
		}
		*into = found.Items
	}
	return all, nil
}

// mark writes the status where it differs from what is there.
func mark(
	ctx context.Context, writer controller.Writer, kind schema.GroupVersionResource, of unstructured.Unstructured,
	status map[string]any,
) error {
	found, _, _ := unstructured.NestedMap(of.Object, "status") // nil before the first look
	if controller.Seen(of) && contains(found, status) {
		return nil
	}
	return writer.Mark(ctx, kind, of, status)
}

func contains(all, some map[string]any) bool {
	for key, value := range some {
		if !reflect.DeepEqual(all[key], value) {
			return false
		}
	}
	return true
}
