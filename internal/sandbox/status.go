package sandbox

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/dreamseed/platform/internal/operator"
	"github.com/dreamseed/platform/internal/sandbox/controlplane"
	"github.com/dreamseed/platform/services/catalogue"
)

// Status describes what runs in a sandbox at one moment.
type Status struct {
	Components []controlplane.ComponentStatus
	// Services is empty while the API server does not answer.
	Services []ServiceStatus
	// Shortfalls are the problems of the secrets and the migrations.
	Shortfalls []Shortfall

	facts *facts
}

// Running reports whether every component of the control plane is running.
func (s Status) Running() bool { return allRun(s.Components) }

func allRun(components []controlplane.ComponentStatus) bool {
	return !slices.ContainsFunc(components, func(component controlplane.ComponentStatus) bool {
		return component.State != controlplane.Running
	})
}

// RolledOut reports whether there are services and all of them run their newest release on every pod.
func (s Status) RolledOut() bool {
	return len(s.Services) > 0 && !slices.ContainsFunc(s.Services, func(service ServiceStatus) bool {
		return !service.RolledOut
	})
}

// Status asks every component for its state, and the API server for the services.
func (s *Sandbox) Status(ctx context.Context) (Status, error) {
	components, err := s.plane.Status(ctx)
	status := Status{Components: components}
	if err != nil || !status.Running() {
		return status, err
	}
	items, err := s.listWorkloads(ctx, components)
	if err != nil {
		return status, err
	}
	status.Services = readServices(items)
	if status.facts, err = s.look(ctx, components); err != nil {
		return status, err
	}
	status.Shortfalls = status.facts.shortfalls()
	return status, nil
}

// workloadKind is a kind of workload, or a kind that sets a minimum for its pods. If the kind belongs to an operator,
// the API server serves it only while that operator runs.
type workloadKind struct {
	name, path string
	operator   operator.Name
}

const rolloutsPath = "/apis/argoproj.io/v1alpha1/rollouts"

var workloadKinds = []workloadKind{
	{"Deployment", "/apis/apps/v1/deployments", ""},
	{"Pod", "/api/v1/pods", ""},
	{"HorizontalPodAutoscaler", "/apis/autoscaling/v2/horizontalpodautoscalers", ""},
	{"PodDisruptionBudget", "/apis/policy/v1/poddisruptionbudgets", ""},
	{"Rollout", rolloutsPath, operator.ArgoRollouts},
}

// listWorkloads lists the objects of the services.
func (s *Sandbox) listWorkloads(
	ctx context.Context, components []controlplane.ComponentStatus,
) ([]listed, error) {
	reader, err := s.plane.Reader()
	if err != nil {
		return nil, err
	}
	selected := "?labelSelector=" + url.QueryEscape("app.kubernetes.io/name in ("+strings.Join(workloads(), ",")+")")
	var all []listed
	for _, kind := range workloadKinds {
		if kind.operator != "" && !runs(components, kind.operator) {
			continue
		}
		found, err := list[listed](ctx, reader, kind.path+selected)
		if err != nil {
			return nil, fmt.Errorf("listing each %s of the services: %w", kind.name, err)
		}
		for _, one := range found {
			one.Kind = kind.name
			all = append(all, one)
		}
	}
	return all, nil
}

func workloads() []string {
	var names []string
	for _, name := range catalogue.Names() {
		service, _ := catalogue.Lookup(name)
		names = append(names, service.Workload())
	}
	return names
}
