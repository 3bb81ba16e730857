package sandbox

import (
	"encoding/json"
	"fmt"
)

// ServiceStatus is one service as the API server sees it.
type ServiceStatus struct {
	Name    string
	Image   string
	Ready   int
	Desired int
	// RolledOut says that every pod runs the newest release and is ready.
	RolledOut bool
	// Problem is why it is not rolled out, as far as the API server knows. Empty where it is.
	Problem string
}

// list is the part of a List of Deployments and Pods that is looked at here.
type list struct {
	Items []struct {
		Kind     string `json:"kind"`
		Metadata struct {
			Name       string            `json:"name"`
			Generation int               `json:"generation"`
			Labels     map[string]string `json:"labels"`
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
		Status objectStatus `json:"status"`
	} `json:"items"`
}

type objectStatus struct {
	ObservedGeneration int         `json:"observedGeneration"`
	Replicas           int         `json:"replicas"`
	UpdatedReplicas    int         `json:"updatedReplicas"`
	ReadyReplicas      int         `json:"readyReplicas"`
	Conditions         []condition `json:"conditions"`
	ContainerStatuses  []struct {
		State struct {
			Waiting struct {
				Reason  string `json:"reason"`
				Message string `json:"message"`
			} `json:"waiting"`
		} `json:"state"`
	} `json:"containerStatuses"`
}

type condition struct {
	Type    string `json:"type"`
	Status  string `json:"status"`
	Reason  string `json:"reason"`
	Message string `json:"message"`
}

// readServices reads the Deployments as services, and what holds them up from their conditions and their pods.
func readServices(listed []byte) ([]ServiceStatus, error) {
	var all list
	if err := json.Unmarshal(listed, &all); err != nil {
		return nil, fmt.Errorf("reading the list of services: %w", err)
	}
	problems := map[string]string{}
	for _, item := range all.Items {
		if problem := item.Status.problem(); problem != "" {
			problems[item.Metadata.Labels["app.kubernetes.io/name"]] = problem
		}
	}
	var services []ServiceStatus
	for _, item := range all.Items {
		if item.Kind != "Deployment" {
			continue
		}
		service := ServiceStatus{
			Name: item.Metadata.Name, Ready: item.Status.ReadyReplicas, Desired: item.Spec.Replicas,
			RolledOut: item.Status.rolledOut(item.Metadata.Generation, item.Spec.Replicas),
		}
		if !service.RolledOut {
			service.Problem = problems[service.Name]
		}
		for _, container := range item.Spec.Template.Spec.Containers {
			service.Image = container.Image
		}
		services = append(services, service)
	}
	return services, nil
}

// rolledOut asks what `kubectl rollout status` asks.
func (s objectStatus) rolledOut(generation, replicas int) bool {
	return s.ObservedGeneration >= generation &&
		s.UpdatedReplicas == replicas && s.Replicas == replicas && s.ReadyReplicas == replicas
}

// problems are the conditions that say why something does not go on: no room for a pod, a quota or an admission
// plugin that refuses it.
var problems = []condition{
	{Type: "PodScheduled", Status: "False"},
	{Type: "ReplicaFailure", Status: "True"},
}

func (s objectStatus) problem() string {
	for _, status := range s.ContainerStatuses {
		if waiting := status.State.Waiting; waiting.Reason != "" {
			return waiting.Reason + ": " + waiting.Message
		}
	}
	for _, found := range s.Conditions {
		for _, bad := range problems {
			if found.Type == bad.Type && found.Status == bad.Status {
				return found.Reason + ": " + found.Message
			}
		}
	}
	return ""
}
