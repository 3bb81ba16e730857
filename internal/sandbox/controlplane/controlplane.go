package controlplane

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/dreamseed/platform/internal/sandbox/layout"
	"github.com/dreamseed/platform/internal/sandbox/process"
)

// ControlPlane is the control plane of one stack, running or not.
type ControlPlane struct {
	layout layout.Layout
	stack  layout.Stack
}

// New returns the stack's control plane. It touches nothing.
func New(l layout.Layout, s layout.Stack) *ControlPlane { return &ControlPlane{layout: l, stack: s} }

const (
	// attempts is the maximum number of starts if another process takes a port between its choice and its use.
	attempts = 3
	// grace is the time that a component has to stop before it is killed.
	grace = 15 * time.Second
	// cleanUp limits the time to stop what a cancelled or failed Start has started.
	cleanUp = time.Minute
)

// Start makes the control plane run with this simulation, and returns when every component is healthy and every node is
// ready. Components that already run as wanted are left alone; programs beside it that are no longer wanted are
// stopped. If Start fails or ctx is cancelled, the components that it started are stopped again. If anything had to be
// started, a line on out shows how long it took.
func (c *ControlPlane) Start(ctx context.Context, simulation Simulation, out io.Writer) error {
	began := time.Now()
	s := start{simulation: simulation}
	if err := c.start(ctx, &s); err != nil {
		return errors.Join(err, s.undo(ctx))
	}
	if len(s.started) == 0 {
		return nil
	}
	_, err := fmt.Fprintf(out, "control plane ready in %.1fs at %s\n", time.Since(began).Seconds(), s.plan.url(apiServer))
	return err
}

func (c *ControlPlane) start(ctx context.Context, s *start) error {
	for attempt := 1; ; attempt++ {
		if err := c.prepare(ctx, s); err != nil {
			return err
		}
		err := s.run(ctx)
		if err == nil {
			return state{Up: true, Ports: s.plan.ports, Beside: s.simulation.beside()}.write(c.stack.ControlPlane())
		}
		if !errors.Is(err, errPortLost) || attempt == attempts {
			return err
		}
	}
}

// prepare writes the files that the components start from, and stops components that were started from other ones.
func (c *ControlPlane) prepare(ctx context.Context, s *start) error {
	var err error
	if s.running, err = c.running(); err != nil {
		return err
	}
	if s.plan, err = c.plan(s.simulation, s.running); err != nil {
		return err
	}
	if err := c.writeFiles(s.plan); err != nil {
		return err
	}
	if s.manifests, err = s.plan.manifests(c.layout); err != nil {
		return err
	}
	if s.clients, err = newClients(s.plan); err != nil {
		return err
	}
	s.records, s.commands = c.stack.Processes(), map[string]process.Command{}
	outdated := map[string]*process.Process{}
	for _, component := range components {
		if !component.wantedBy(s.simulation) {
			outdated[component.name] = s.running[component.name]
			delete(s.running, component.name)
			continue
		}
		command, err := c.command(component, s.plan)
		if err != nil {
			return err
		}
		s.commands[component.name] = command
		p := s.running[component.name]
		serverStarts := component.needs != "" && s.running[component.needs] == nil
		if p != nil && (serverStarts || p.Revision != command.Revision) {
			outdated[component.name] = p
			delete(s.running, component.name)
		}
	}
	return stop(ctx, outdated)
}

// running returns the running components by name.
func (c *ControlPlane) running() (map[string]*process.Process, error) {
	running := map[string]*process.Process{}
	for _, component := range components {
		p, err := process.Find(c.stack.Processes(), component.name)
		if err != nil {
			return nil, err
		}
		if p != nil {
			running[component.name] = p
		}
	}
	return running, nil
}

// plan chooses the ports and prepares the store. A running component keeps its ports, any other one gets its former
// ports if they are free.
func (c *ControlPlane) plan(simulation Simulation, running map[string]*process.Process) (plan, error) {
	s, err := readState(c.stack.ControlPlane())
	if err != nil {
		return plan{}, err
	}
	var wanted []string
	for _, component := range components {
		if component.wantedBy(simulation) && running[component.name] == nil {
			wanted = append(wanted, component.ports...)
		}
	}
	if err := choosePorts(s.Ports, wanted); err != nil {
		return plan{}, err
	}
	if running[etcd] == nil {
		if err := s.prepareStore(c.stack.Etcd()); err != nil {
			return plan{}, err
		}
	}
	return plan{c.stack, c.pki(), s.Ports, simulation}, s.write(c.stack.ControlPlane())
}

func (c *ControlPlane) pki() pki { return pki(c.stack.Certificates()) }

func (c *ControlPlane) writeFiles(p plan) error {
	if err := p.pki.ensure(time.Now()); err != nil {
		return err
	}
	for _, name := range slices.Concat(clientsOfEvery, p.simulation.beside()) {
		if err := p.pki.writeKubeconfig(p.kubeconfig(name), name, name, p.url(apiServer)); err != nil {
			return err
		}
	}
	if err := p.pki.writeKubeconfig(c.stack.Kubeconfig(), c.stack.Context(), "admin", p.url(apiServer)); err != nil {
		return err
	}
	if p.simulation.runsTraefik() {
		if err := p.writeTraefikSettings(); err != nil {
			return err
		}
	}
	return writeStages(c.layout.Stages(), c.stack.Stages(), p.simulation)
}

// Stop stops every component, dependent components first. Data, certificates and ports stay, so that a later Start
// resumes from them. Stopping a stopped control plane is not an error.
func (c *ControlPlane) Stop(ctx context.Context) error {
	running, err := c.running()
	if err != nil {
		return err
	}
	if err := stop(ctx, running); err != nil {
		return err
	}
	s, err := readState(c.stack.ControlPlane())
	if err != nil || !s.Up {
		return err
	}
	s.Up = false
	return s.write(c.stack.ControlPlane())
}

// stop stops the processes in reverse start order, and continues with the next one if one fails to stop.
func stop(ctx context.Context, running map[string]*process.Process) error {
	var problems []error
	for _, component := range slices.Backward(components) {
		if p := running[component.name]; p != nil {
			problems = append(problems, p.Stop(ctx, grace))
		}
	}
	return errors.Join(problems...)
}
