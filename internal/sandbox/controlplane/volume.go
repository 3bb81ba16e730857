package controlplane

import (
	"context"
	"fmt"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
)

// DefaultStorageClass is the class of the claims that name none.
const DefaultStorageClass = "standard"

// readyVolumes is the number of volumes of each class that a claim finds. No pod of the simulation mounts one.
const readyVolumes = 12

var (
	volumes        = schema.GroupVersionResource{Version: "v1", Resource: "persistentvolumes"}
	storageClasses = schema.GroupVersionResource{Group: "storage.k8s.io", Version: "v1", Resource: "storageclasses"}
)

// applyVolumes keeps volumes ready for claims, as an administrator does where nothing provisions them
// (https://kubernetes.io/docs/concepts/storage/persistent-volumes/#static): no cloud's driver runs here. Volumes whose
// claim is gone are free for another one.
func (a *administrator) applyVolumes(ctx context.Context, classes []string) error {
	if len(classes) == 0 {
		return nil
	}
	class := storageClass()
	if _, err := a.objects.Resource(storageClasses).Apply(ctx, DefaultStorageClass, class,
		metav1.ApplyOptions{FieldManager: fieldManager, Force: true}); err != nil {
		return fmt.Errorf("creating the storage class %s: %w", DefaultStorageClass, err)
	}
	there, err := a.freeVolumes(ctx)
	if err != nil {
		return err
	}
	for _, class := range classes {
		for i := range readyVolumes {
			name := fmt.Sprintf("%s-%d", class, i+1)
			if there[name] {
				continue
			}
			if _, err := a.objects.Resource(volumes).Apply(ctx, name, volume(name, class),
				metav1.ApplyOptions{FieldManager: fieldManager, Force: true}); err != nil {
				return fmt.Errorf("creating the volume %s: %w", name, err)
			}
		}
	}
	return nil
}

// freeVolumes frees the volumes whose claim is gone, and returns the names of all volumes.
func (a *administrator) freeVolumes(ctx context.Context) (map[string]bool, error) {
	list, err := a.objects.Resource(volumes).List(ctx, metav1.ListOptions{LabelSelector: sandboxLabel})
	if err != nil {
		return nil, fmt.Errorf("listing the volumes: %w", err)
	}
	there := map[string]bool{}
	for _, one := range list.Items {
		there[one.GetName()] = true
		if phase, _, _ := unstructured.NestedString(one.Object, "status", "phase"); phase != "Released" {
			continue
		}
		if _, err := a.objects.Resource(volumes).Patch(ctx, one.GetName(), types.MergePatchType,
			[]byte(`{"spec":{"claimRef":null}}`), metav1.PatchOptions{FieldManager: fieldManager}); err != nil {
			return nil, fmt.Errorf("freeing the volume %s: %w", one.GetName(), err)
		}
	}
	return there, nil
}

func storageClass() *unstructured.Unstructured {
	return &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "storage.k8s.io/v1", "kind": "StorageClass",
		"metadata": map[string]any{
			"name":        DefaultStorageClass,
			"annotations": map[string]any{"storageclass.kubernetes.io/is-default-class": "true"},
		},
		"provisioner":          "kubernetes.io/no-provisioner",
		"volumeBindingMode":    "WaitForFirstConsumer",
		"allowVolumeExpansion": true,
	}}
}

func volume(name, class string) *unstructured.Unstructured {
	return &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "v1", "kind": "PersistentVolume",
		"metadata": map[string]any{"name": name, "labels": map[string]any{sandboxLabel: "true"}},
		"spec": map[string]any{
			"capacity":                      map[string]any{"storage": "1Ti"},
			"accessModes":                   []any{"ReadWriteOnce"},
			"persistentVolumeReclaimPolicy": "Retain",
			"storageClassName":              class,
			"hostPath":                      map[string]any{"path": "/nonexistent"},
		},
	}}
}
