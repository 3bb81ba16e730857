package main

import (
	"context"
	"encoding/json"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"
)

// manager is the name by which the program in a pod writes. Without it, a drift check would take what it writes for a
// stranger's.
const manager = "manager"

var (
	clusters  = kind("clusters")
	databases = kind("databases")
	roles     = kind("databaseroles")
	pods      = schema.GroupVersionResource{Version: "v1", Resource: "pods"}
	secrets   = schema.GroupVersionResource{Version: "v1", Resource: "secrets"}
)

func kind(plural string) schema.GroupVersionResource {
	return schema.GroupVersionResource{Group: "postgresql.cnpg.io", Version: "v1", Resource: plural}
}

// api is the API server.
type api struct{ dynamic.Interface }

func connect(config *rest.Config) (api, error) {
	client, err := dynamic.NewForConfig(config)
	if err != nil {
		return api{}, fmt.Errorf("connecting: %w", err)
	}
	return api{client}, nil
}

// list returns the objects of a kind in a namespace, or in all of them.
func list[T any](
	ctx context.Context, from api, of schema.GroupVersionResource, namespace string, options metav1.ListOptions,
) ([]T, error) {
	found, err := from.Resource(of).Namespace(namespace).List(ctx, options)
	if err != nil {
		return nil, fmt.Errorf("listing %s: %w", of.Resource, err)
	}
	all := make([]T, len(found.Items))
	for i, one := range found.Items {
		if err := runtime.DefaultUnstructuredConverter.FromUnstructured(one.Object, &all[i]); err != nil {
			return nil, fmt.Errorf("reading %s %s: %w", of.Resource, one.GetName(), err)
		}
	}
	return all, nil
}

// get returns an object.
func get[T any](ctx context.Context, from api, of schema.GroupVersionResource, namespace, name string) (T, error) {
	var read T
	one, err := from.Resource(of).Namespace(namespace).Get(ctx, name, metav1.GetOptions{})
	if err != nil {
		return read, fmt.Errorf("getting %s %s: %w", of.Resource, name, err)
	}
	return read, runtime.DefaultUnstructuredConverter.FromUnstructured(one.Object, &read)
}

// patch merges fields into an object or a part of it, unless somebody has changed it since it was read.
func (a api) patch(
	ctx context.Context, of schema.GroupVersionResource, read metav1.ObjectMeta, fields map[string]any, part ...string,
) error {
	metadata, is := fields["metadata"].(map[string]any)
	if !is {
		metadata = map[string]any{}
		fields["metadata"] = metadata
	}
	metadata["resourceVersion"] = read.ResourceVersion
	text, err := json.Marshal(fields)
	if err != nil {
		return err
	}
	_, err = a.Resource(of).Namespace(read.Namespace).Patch(
		ctx, read.Name, types.MergePatchType, text, metav1.PatchOptions{FieldManager: manager}, part...)
	if err != nil {
		return fmt.Errorf("writing %s %s: %w", of.Resource, read.Name, err)
	}
	return nil
}

// clusterLabel is the label of everything that belongs to a cluster, and its value is the cluster's name.
const clusterLabel = "cnpg.io/cluster"

// instanceLabels select the pods that run PostgreSQL.
const instanceLabels = "cnpg.io/podRole=instance"

// instance is the pod of an instance.
type instance = corev1.Pod

// ready reports whether the instance runs.
func ready(pod *instance) bool {
	if pod == nil || pod.DeletionTimestamp != nil {
		return false
	}
	for _, condition := range pod.Status.Conditions {
		if condition.Type == corev1.PodReady {
			return condition.Status == corev1.ConditionTrue
		}
	}
	return false
}

// named returns the instance of a name, or nil.
func named(all []instance, name string) *instance {
	for i := range all {
		if all[i].Name == name {
			return &all[i]
		}
	}
	return nil
}
