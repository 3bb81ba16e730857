package container

import (
	"context"
	"fmt"
	"strings"

	corev1 "k8s.io/api/core/v1"
)

// variable is an environment variable.
type variable struct{ name, value string }

// variables are those of a container, in its order.
type variables []variable

// variables returns the container's environment variables. The address of the API server is not among them: a process
// finds it in its kubeconfig.
func (v *volumes) variables(ctx context.Context, container *corev1.Container) (variables, error) {
	var all variables
	for _, one := range container.Env {
		value, err := v.value(ctx, one)
		if err != nil {
			return nil, fmt.Errorf("finding the value of variable %s: %w", one.Name, err)
		}
		all = append(all, variable{one.Name, v.place(all.expand([]string{value})[0])})
	}
	return all, nil
}

func (v *volumes) value(ctx context.Context, of corev1.EnvVar) (string, error) {
	from := of.ValueFrom
	switch {
	case from == nil:
		return of.Value, nil
	case from.FieldRef != nil:
		return field(v.spec.Pod, from.FieldRef.FieldPath)
	case from.ConfigMapKeyRef != nil:
		files, err := v.configMap(ctx, from.ConfigMapKeyRef.Name, nil, nil)
		return keyOf(files, from.ConfigMapKeyRef.Key, err)
	case from.SecretKeyRef != nil:
		files, err := v.secret(ctx, from.SecretKeyRef.Name, nil, nil)
		return keyOf(files, from.SecretKeyRef.Key, err)
	default:
		return "", fmt.Errorf("its source has no equivalent on this machine")
	}
}

func keyOf(files map[string][]byte, key string, err error) (string, error) {
	value, found := files[key]
	if err == nil && !found {
		err = fmt.Errorf("there is no key %s", key)
	}
	return string(value), err
}

// fields are the fields of a pod that a variable may hold
// (https://kubernetes.io/docs/concepts/workloads/pods/downward-api/#downwardapi-fieldRef).
var fields = map[string]func(*corev1.Pod) string{
	"metadata.name":           func(p *corev1.Pod) string { return p.Name },
	"metadata.namespace":      func(p *corev1.Pod) string { return p.Namespace },
	"metadata.uid":            func(p *corev1.Pod) string { return string(p.UID) },
	"spec.nodeName":           func(p *corev1.Pod) string { return p.Spec.NodeName },
	"spec.serviceAccountName": func(p *corev1.Pod) string { return p.Spec.ServiceAccountName },
	"status.hostIP":           func(p *corev1.Pod) string { return p.Status.HostIP },
	"status.podIP":            func(p *corev1.Pod) string { return p.Status.PodIP },
}

func field(pod *corev1.Pod, path string) (string, error) {
	read, known := fields[path]
	if !known {
		return "", fmt.Errorf("field %s is not supported", path)
	}
	return read(pod), nil
}

// expand replaces references to variables, $(NAME), as a kubelet does
// (https://kubernetes.io/docs/tasks/inject-data-application/define-interdependent-environment-variables/).
func (all variables) expand(texts []string) []string {
	pairs := []string{"$$", "$"}
	for _, one := range all {
		pairs = append(pairs, "$("+one.name+")", one.value)
	}
	replacer := strings.NewReplacer(pairs...)
	var expanded []string
	for _, text := range texts {
		expanded = append(expanded, replacer.Replace(text))
	}
	return expanded
}

// list returns the variables in the form name=value.
func (all variables) list() []string {
	var list []string
	for _, one := range all {
		list = append(list, one.name+"="+one.value)
	}
	return list
}
