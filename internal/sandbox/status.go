package sandbox

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/dreamseed/platform/internal/operator"
	"github.com/dreamseed/platform/internal/sandbox/controlplane"
	"github.com/dreamseed/platform/services/catalogue"
)

// Status is what runs in a sandbox at one moment.
type Status struct {
	Components []controlplane.ComponentStatus
	// Services is empty while the API server does not answer.
	Services []ServiceStatus
	// Shortfalls are what of the secrets and the migrations is not as it has to be.
	Shortfalls []Shortfall

	facts *facts
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
	return len(s.Services) > 0 && !slices.ContainsFunc(s.Services, func(service ServiceStatus) bool {
		return !service.RolledOut
	})
}

// Status asks every component, and the API server for the services.
func (s *Sandbox) Status(ctx context.Context) (Status, error) {
	components, err := s.plane.Status(ctx)
	status := Status{Components: components}
	if err != nil || !status.Running() {
		return status, err
	}
	listed, err := s.plane.Kubectl(ctx, nil, "get", workloadKinds(components), "--all-namespaces",
		"--selector", "app.kubernetes.io/name in ("+strings.Join(workloads(), ",")+")", "--output", "json")
	if err != nil {
		return status, fmt.Errorf("listing the services: %w", err)
	}
	if status.Services, err = readServices(listed); err != nil {
		return status, err
	}
	if status.facts, err = s.look(ctx, components); err != nil {
		return status, err
	}
	status.Shortfalls = status.facts.shortfalls()
	return status, nil
}

// workloadKinds are the kinds that services are made of, and those that say how many pods are promised. Only where
// their operator runs does the API server know Rollouts.
func workloadKinds(components []controlplane.ComponentStatus) string {
	kinds := "deployments,pods,horizontalpodautoscalers,poddisruptionbudgets"
	for _, component := range components {
		if component.Name == string(operator.ArgoRollouts) {
			kinds += ",rollouts.argoproj.io"
		}
	}
	return kinds
}

func workloads() []string {
	var names []string
	for _, name := range catalogue.Names() {
		service, _ := catalogue.Lookup(name)
		names = append(names, service.Workload())
	}
	return names
}
