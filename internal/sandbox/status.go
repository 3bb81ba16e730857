package sandbox

import (
	"context"
	"slices"

	"github.com/dreamseed/platform/internal/live"
	"github.com/dreamseed/platform/internal/operator"
	"github.com/dreamseed/platform/internal/sandbox/controlplane"
)

// Status describes what runs in a sandbox at one moment. The environment is empty while a component does not run.
type Status struct {
	Components []controlplane.ComponentStatus

	live.Environment
}

// Running reports whether every component of the control plane is running.
func (s Status) Running() bool { return allRun(s.Components) }

func allRun(components []controlplane.ComponentStatus) bool {
	return !slices.ContainsFunc(components, func(component controlplane.ComponentStatus) bool {
		return component.State != controlplane.Running
	})
}

// Status asks every component for its state, and the API server for the services.
func (s *Sandbox) Status(ctx context.Context) (Status, error) {
	components, err := s.plane.Status(ctx)
	status := Status{Components: components}
	if err != nil || !status.Running() {
		return status, err
	}
	seen, err := s.look(ctx, components)
	if err != nil {
		return status, err
	}
	status.Environment = *seen
	return status, nil
}

func (s *Sandbox) look(ctx context.Context, components []controlplane.ComponentStatus) (*live.Environment, error) {
	reader, err := s.plane.Reader()
	if err != nil {
		return nil, err
	}
	serves := func(name operator.Name) bool {
		return slices.ContainsFunc(components, func(c controlplane.ComponentStatus) bool { return c.Name == string(name) })
	}
	return live.Look(ctx, reader, serves)
}
