package sandbox

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/dreamseed/platform/internal/sandbox/controlplane"
	"github.com/dreamseed/platform/services/catalogue"
)

// Status is what runs in a sandbox at one moment.
type Status struct {
	Components []controlplane.ComponentStatus
	// Services is empty while the API server does not answer.
	Services []ServiceStatus
}

// Running says whether every component of the control plane runs.
func (s Status) Running() bool { return allRun(s.Components) }

func allRun(components []controlplane.ComponentStatus) bool {
	return !slices.ContainsFunc(components, func(component controlplane.ComponentStatus) bool {
		return component.State != controlplane.Running
	})
}

// RolledOut says whether there are services, and every one of them runs its newest release on every pod.
func (s Status) RolledOut() bool {
	for _, service := range s.Services {
		if !service.RolledOut {
			return false
		}
	}
	return len(s.Services) > 0
}

// ServiceStatus is one service as the API server sees it.
type ServiceStatus struct {
	Name      string
	Image     string
	Ready     int
	Desired   int
	RolledOut bool
}

// Status asks every component, and the API server for the services.
func (s *Sandbox) Status(ctx context.Context) (Status, error) {
	components, err := s.plane.Status(ctx)
	status := Status{Components: components}
	if err != nil || !status.Running() {
		return status, err
	}
	listed, err := s.plane.Kubectl(ctx, nil, "get", "deployments", "--all-namespaces",
		"--selector", "app.kubernetes.io/part-of="+catalogue.PartOf, "--output", "json")
	if err != nil {
		return status, fmt.Errorf("listing the services: %w", err)
	}
	status.Services, err = readDeployments(listed)
	return status, err
}

// deploymentList is the part of apps/v1 DeploymentList that is looked at here.
type deploymentList struct {
	Items []struct {
		Metadata struct {
			Name       string `json:"name"`
			Generation int    `json:"generation"`
		} `json:"metadata"`
		Spec struct {
			Replicas int `json:"replicas"`
			Template struct {
				Spec struct {
					Containers []struct {
						Image string `json:"image"`
					} `json:"containers"`
				} `json:"spec"`
			} `json:"template"`
		} `json:"spec"`
		Status struct {
			ObservedGeneration int `json:"observedGeneration"`
			Replicas           int `json:"replicas"`
			UpdatedReplicas    int `json:"updatedReplicas"`
			ReadyReplicas      int `json:"readyReplicas"`
		} `json:"status"`
	} `json:"items"`
}

func readDeployments(listed []byte) ([]ServiceStatus, error) {
	var list deploymentList
	if err := json.Unmarshal(listed, &list); err != nil {
		return nil, fmt.Errorf("reading the list of deployments: %w", err)
	}
	var services []ServiceStatus
	for _, item := range list.Items {
		service := ServiceStatus{
			Name: item.Metadata.Name, Ready: item.Status.ReadyReplicas, Desired: item.Spec.Replicas,
		}
		// The conditions of `kubectl rollout status`, and no old pod left.
		service.RolledOut = item.Status.ObservedGeneration >= item.Metadata.Generation &&
			item.Status.UpdatedReplicas == item.Spec.Replicas &&
			item.Status.Replicas == item.Spec.Replicas &&
			item.Status.ReadyReplicas == item.Spec.Replicas
		for _, container := range item.Spec.Template.Spec.Containers {
			service.Image = container.Image
		}
		services = append(services, service)
	}
	return services, nil
}
