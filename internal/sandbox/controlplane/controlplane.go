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
	// attempts is how often a start is tried that lost a port to somebody else between choosing and listening.
	attempts = 3
	// grace is how long a component may take to stop before it is killed.
	grace = 15 * time.Second
	// cleanUp bounds the stopping of what a cancelled or failed Start has started.
	cleanUp = time.Minute
)

// Start makes the control plane run with this simulation, and returns when every component answers and every node is
// ready. What runs already as it should is left alone; what runs beside the control plane and is no longer asked for is
// stopped. When the start fails or ctx is cancelled, what this call has started is stopped again. A line on out says
// how long it took, where anything had to be started.
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

// prepare writes the files that the components start from and stops those that were started from others.
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

// running are the living components by name.
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

// plan settles the ports and the store: what runs keeps its own port, anything else gets the one it had where that is
// free.
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

// Stop stops every component, the ones that depend on others first. Data, certificates and ports stay, so that a later
// Start goes on where this one ended. Stopping what does not run is no error.
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

// stop stops the processes, the last started first, and goes on to the next where one resists.
func stop(ctx context.Context, running map[string]*process.Process) error {
	var problems []error
	for _, component := range slices.Backward(components) {
		if p := running[component.name]; p != nil {
			problems = append(problems, p.Stop(ctx, grace))
		}
	}
	return errors.Join(problems...)
}
