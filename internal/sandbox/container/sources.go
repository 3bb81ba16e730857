package container

import (
	"context"
	"errors"
	"fmt"
	"maps"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// files returns the content of a volume by the paths in it, or nil for a volume that the container itself fills.
func (v *volumes) files(ctx context.Context, of *corev1.Volume) (map[string][]byte, error) {
	switch {
	case of.ConfigMap != nil:
		return v.configMap(ctx, of.ConfigMap.Name, of.ConfigMap.Items, of.ConfigMap.Optional)
	case of.Secret != nil:
		return v.secret(ctx, of.Secret.SecretName, of.Secret.Items, of.Secret.Optional)
	case of.Projected != nil:
		return v.projected(ctx, of.Projected.Sources)
	case of.EmptyDir != nil, of.PersistentVolumeClaim != nil, of.HostPath != nil:
		return nil, nil
	default:
		return nil, errors.New("its kind has no equivalent on this machine")
	}
}

func (v *volumes) projected(ctx context.Context, sources []corev1.VolumeProjection) (map[string][]byte, error) {
	all := map[string][]byte{}
	for _, source := range sources {
		files, err := v.source(ctx, source)
		if err != nil {
			return nil, err
		}
		maps.Copy(all, files)
	}
	return all, nil
}

func (v *volumes) source(ctx context.Context, of corev1.VolumeProjection) (map[string][]byte, error) {
	switch {
	case of.ConfigMap != nil:
		return v.configMap(ctx, of.ConfigMap.Name, of.ConfigMap.Items, of.ConfigMap.Optional)
	case of.Secret != nil:
		return v.secret(ctx, of.Secret.Name, of.Secret.Items, of.Secret.Optional)
	case of.ServiceAccountToken != nil:
		token, err := v.token(ctx, of.ServiceAccountToken)
		return map[string][]byte{of.ServiceAccountToken.Path: token}, err
	case of.DownwardAPI != nil:
		return v.downward(of.DownwardAPI.Items)
	default:
		return nil, errors.New("one of its sources has no equivalent on this machine")
	}
}

func (v *volumes) downward(items []corev1.DownwardAPIVolumeFile) (map[string][]byte, error) {
	files := map[string][]byte{}
	for _, item := range items {
		if item.FieldRef == nil {
			return nil, fmt.Errorf("%s is no field of the pod", item.Path)
		}
		value, err := field(v.spec.Pod, item.FieldRef.FieldPath)
		if err != nil {
			return nil, err
		}
		files[item.Path] = []byte(value)
	}
	return files, nil
}

var (
	configMaps      = schema.GroupVersionResource{Version: "v1", Resource: "configmaps"}
	secrets         = schema.GroupVersionResource{Version: "v1", Resource: "secrets"}
	serviceAccounts = schema.GroupVersionResource{Version: "v1", Resource: "serviceaccounts"}
)

func (v *volumes) configMap(
	ctx context.Context, name string, items []corev1.KeyToPath, optional *bool,
) (map[string][]byte, error) {
	var found corev1.ConfigMap
	if err := v.read(ctx, configMaps, name, &found); err != nil {
		return map[string][]byte{}, excused(err, optional)
	}
	all := map[string][]byte{}
	maps.Copy(all, found.BinaryData)
	for key, value := range found.Data {
		all[key] = []byte(value)
	}
	return chosen(all, items)
}

func (v *volumes) secret(
	ctx context.Context, name string, items []corev1.KeyToPath, optional *bool,
) (map[string][]byte, error) {
	var found corev1.Secret
	if err := v.read(ctx, secrets, name, &found); err != nil {
		return map[string][]byte{}, excused(err, optional)
	}
	return chosen(found.Data, items)
}

// excused returns no error where an optional object does not exist.
func excused(err error, optional *bool) error {
	if optional != nil && *optional && apierrors.IsNotFound(err) {
		return nil
	}
	return err
}

// chosen returns the items of an object by their paths, or everything without items.
func chosen(all map[string][]byte, items []corev1.KeyToPath) (map[string][]byte, error) {
	files := map[string][]byte{}
	if len(items) == 0 {
		maps.Copy(files, all)
		return files, nil
	}
	for _, item := range items {
		value, found := all[item.Key]
		if !found {
			return nil, fmt.Errorf("there is no key %s", item.Key)
		}
		files[item.Path] = value
	}
	return files, nil
}

// read reads an object in the pod's namespace.
func (v *volumes) read(ctx context.Context, kind schema.GroupVersionResource, name string, into any) error {
	found, err := v.client.Resource(kind).Namespace(v.spec.Pod.Namespace).Get(ctx, name, metav1.GetOptions{})
	if err != nil {
		return err
	}
	return runtime.DefaultUnstructuredConverter.FromUnstructured(found.Object, into)
}
