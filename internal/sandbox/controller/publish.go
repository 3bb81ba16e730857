package controller

import (
	"context"
	"encoding/json"
	"fmt"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/dynamic"
)

// Writer writes in the name of an operator.
type Writer struct {
	Client dynamic.Interface
	// Manager is the name by which the operator writes. Without it, a drift check would take what it writes for a
	// stranger's.
	Manager string
}

var secrets = schema.GroupVersionResource{Version: "v1", Resource: "secrets"}

// Publish creates a Secret of a resource, with which it goes, unless there is one.
func (w Writer) Publish(ctx context.Context, of unstructured.Unstructured, name string, data map[string]any) error {
	secret := &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "v1", "kind": "Secret", "metadata": map[string]any{"name": name}, "stringData": data,
	}}
	secret.SetOwnerReferences([]metav1.OwnerReference{{
		APIVersion: of.GetAPIVersion(), Kind: of.GetKind(), Name: of.GetName(), UID: of.GetUID(),
	}})
	_, err := w.Client.Resource(secrets).Namespace(of.GetNamespace()).Create(ctx, secret,
		metav1.CreateOptions{FieldManager: w.Manager})
	if err != nil && !apierrors.IsAlreadyExists(err) {
		return fmt.Errorf("publishing %s of %s: %w", name, of.GetName(), err)
	}
	return nil
}

// Mark writes the status of a resource, with the generation that it is about.
func (w Writer) Mark(
	ctx context.Context, kind schema.GroupVersionResource, of unstructured.Unstructured, status map[string]any,
) error {
	status["observedGeneration"] = of.GetGeneration()
	patch, err := json.Marshal(map[string]any{"status": status})
	if err != nil {
		return fmt.Errorf("writing the status of %s: %w", of.GetName(), err)
	}
	_, err = w.Client.Resource(kind).Namespace(of.GetNamespace()).Patch(
		ctx, of.GetName(), types.MergePatchType, patch, metav1.PatchOptions{FieldManager: w.Manager}, "status")
	if err != nil {
		return fmt.Errorf("marking %s: %w", of.GetName(), err)
	}
	return nil
}

// Seen reports whether the status of a resource is about its current generation.
func Seen(of unstructured.Unstructured) bool {
	seen, _, _ := unstructured.NestedInt64(of.Object, "status", "observedGeneration") // 0 before the first look
	return seen == of.GetGeneration()
}
