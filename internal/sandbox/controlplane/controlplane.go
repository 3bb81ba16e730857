package controlplane

import (
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/dreamseed/platform/internal/sandbox/layout"
	"github.com/dreamseed/platform/internal/sandbox/privatefile"
	"github.com/dreamseed/platform/internal/sandbox/process"
)

// ControlPlane is the control plane of one stack, running or not.
type ControlPlane struct {
	layout layout.Layout
	stack  layout.Stack
	// programs are those that may run beside it, and components are these and its own.
	programs   []Program
	components []component
}

// New returns the stack's control plane, beside which these programs may run. It touches nothing.
func New(l layout.Layout, s layout.Stack, programs ...Program) *ControlPlane {
	return &ControlPlane{layout: l, stack: s, programs: programs, components: withPrograms(programs)}
}

const (
	// attempts is the maximum number of starts if another process takes a port between its choice and its use.
	attempts = 3
	// grace is the time that a component has to stop before it is killed.
	grace = 15 * time.Second
	// cleanUp limits the time to stop what a cancelled or failed Start has started.
	cleanUp = time.Minute
)

// Start makes the control plane run as specified, and returns when every component is healthy and every node is
// ready. Components that already run as wanted are left alone; programs beside it that are no longer wanted are
// stopped. If Start fails or ctx is cancelled, the components that it started are stopped again. If anything had to be
// started, a line on out shows how long it took.
func (c *ControlPlane) Start(ctx context.Context, spec Spec, out io.Writer) error {
	began := time.Now()
	s := start{spec: spec}
	if err := c.start(ctx, &s); err != nil {
		return errors.Join(err, c.undo(ctx, s.started))
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
			return state{Up: true, Ports: s.plan.ports, Programs: s.plan.additional()}.write(c.stack.ControlPlane())
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
	if s.plan, err = c.plan(s.spec, s.running); err != nil {
		return err
	}
	if err := c.writeFiles(s.plan); err != nil {
		return err
	}
	if s.manifests, err = s.plan.manifests(c.layout); err != nil {
		return err
	}
	if s.admin, err = newAdministrator(s.plan.config()); err != nil {
		return err
	}
	if s.probes, err = newProbes(s.plan); err != nil {
		return err
	}
	s.records, s.commands = c.stack.Processes(), map[string]process.Command{}
	outdated := map[string]*process.Process{}
	for _, component := range c.components {
		if !component.wantedBy(s.spec) {
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
	return c.stop(ctx, outdated)
}

// running returns the running components by name.
func (c *ControlPlane) running() (map[string]*process.Process, error) {
	running := map[string]*process.Process{}
	for _, component := range c.components {
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
func (c *ControlPlane) plan(spec Spec, running map[string]*process.Process) (plan, error) {
	s, err := readState(c.stack.ControlPlane())
	if err != nil {
		return plan{}, err
	}
	var wanted []string
	for _, component := range c.components {
		if component.wantedBy(spec) && running[component.name] == nil {
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
	return c.planned(spec, s.Ports), s.write(c.stack.ControlPlane())
}

// planned returns a plan with these ports.
func (c *ControlPlane) planned(spec Spec, ports map[string]int) plan {
	return plan{
		stack: c.stack, pki: c.pki(), ports: ports, spec: spec, programs: c.programs, components: c.components,
	}
}

func (c *ControlPlane) pki() pki { return pki(c.stack.Certificates()) }

func (c *ControlPlane) writeFiles(p plan) error {
	if err := p.pki.ensure(certificatesOf(c.programs), time.Now()); err != nil {
		return err
	}
	for _, name := range slices.Concat(clientsOfEvery, p.additional()) {
		if err := p.pki.writeKubeconfig(p.kubeconfig(name), name, name, p.url(apiServer)); err != nil {
			return err
		}
	}
	for path, user := range map[string]string{c.stack.Kubeconfig(): "admin", c.stack.PreviewKubeconfig(): previewer} {
		if err := p.pki.writeKubeconfig(path, c.stack.Context(), user, p.url(apiServer)); err != nil {
			return err
		}
	}
	if err := p.writeSettings(); err != nil {
		return err
	}
	return writeStages(c.layout.Stages(), c.stack.Stages(), p.spec.Simulation)
}

// writeSettings writes the settings files of the programs beside the control plane.
func (p plan) writeSettings() error {
	for _, program := range p.programs {
		if program.Settings == nil || !slices.Contains(p.spec.Programs, program.Name) {
			continue
		}
		instance := p.instance(program.Name)
		data, err := program.Settings(instance)
		if err != nil {
			return fmt.Errorf("writing the settings of %s: %w", program.Name, err)
		}
		if err := privatefile.Write(instance.SettingsFile, data); err != nil {
			return err
		}
	}
	return nil
}

// Stop stops every component, dependent components first. Data, certificates and ports stay, so that a later Start
// resumes from them. Stopping a stopped control plane is not an error.
func (c *ControlPlane) Stop(ctx context.Context) error {
	running, err := c.running()
	if err != nil {
		return err
	}
	if err := c.stop(ctx, running); err != nil {
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
func (c *ControlPlane) stop(ctx context.Context, running map[string]*process.Process) error {
	var problems []error
	for _, component := range slices.Backward(c.components) {
		if p := running[component.name]; p != nil {
			problems = append(problems, p.Stop(ctx, grace))
		}
	}
	return errors.Join(problems...)
}

// undo stops what a failed or cancelled start has started. ctx may be cancelled already, so it has its own time limit.
func (c *ControlPlane) undo(ctx context.Context, started map[string]*process.Process) error {
	limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), cleanUp)
	defer cancel()
	return c.stop(limited, started)
}
