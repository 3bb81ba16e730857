package controlplane

import (
	"context"
	"encoding/base64"
	"fmt"
	"os"
	"slices"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// Aggregated is a version of an API group that the API server forwards to a program beside it
// (https://kubernetes.io/docs/concepts/extend-kubernetes/api-extension/apiserver-aggregation).
type Aggregated struct{ Group, Version string }

// name is the name of its APIService.
func (a Aggregated) name() string { return a.Version + "." + a.Group }

// aggregated are the API groups that programs may serve, by program.
func (p plan) aggregated() map[string]Aggregated {
	all := map[string]Aggregated{metricsServer: metricsAPI}
	for _, program := range p.programs {
		if program.Aggregated.Group != "" {
			all[program.Name] = program.Aggregated
		}
	}
	return all
}

// apiService returns the object that makes the API server forward an API group to a program. It finds the program by a
// Service of the program's name, of type ExternalName: Endpoints refuse loopback addresses.
func (p plan) apiService(program string, api Aggregated) (*unstructured.Unstructured, error) {
	authority, err := os.ReadFile(p.pki.cert(clusterAuthority))
	if err != nil {
		return nil, err
	}
	return &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "apiregistration.k8s.io/v1", "kind": "APIService",
		"metadata": map[string]any{"name": api.name()},
		"spec": map[string]any{
			"group": api.Group, "version": api.Version, "groupPriorityMinimum": int64(100), "versionPriority": int64(100),
			"service": map[string]any{
				"name": program, "namespace": systemNamespace, "port": int64(p.ports[program]),
			},
			"caBundle": base64.StdEncoding.EncodeToString(authority),
		},
	}}, nil
}

// unserved returns the API groups whose programs are not to run.
func (p plan) unserved() []Aggregated {
	var all []Aggregated
	for program, api := range p.aggregated() {
		if !slices.Contains(p.additional(), program) {
			all = append(all, api)
		}
	}
	return all
}

// forget deletes the APIService of an API group while nothing answers there. Otherwise no namespace could be deleted
// and no kind discovered, because the API server would wait for an answer.
func (a *administrator) forget(ctx context.Context, api Aggregated) error {
	err := a.objects.Resource(apiServices).Delete(ctx, api.name(), metav1.DeleteOptions{})
	if err != nil && !apierrors.IsNotFound(err) {
		return fmt.Errorf("deleting the APIService %s: %w", api.name(), err)
	}
	return nil
}

var apiServices = schema.GroupVersionResource{Group: "apiregistration.k8s.io", Version: "v1", Resource: "apiservices"}
