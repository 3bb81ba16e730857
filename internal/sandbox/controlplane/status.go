package controlplane

import (
	"context"
	"slices"
	"time"

	"github.com/dreamseed/platform/internal/sandbox/process"
)

// State is how a component is.
type State string

const (
	// Running means: it answers that it is healthy.
	Running State = "Running"
	// NotAnswering means: the process lives, but does not say that it is healthy.
	NotAnswering State = "NotAnswering"
	// Died means: it was started, nobody stopped it, and it does not run.
	Died State = "Died"
	// Stopped means: it is not meant to run.
	Stopped State = "Stopped"
)

// ComponentStatus is what there is to say about a component.
type ComponentStatus struct {
	// Name of the component.
	Name string
	// State it is in.
	State State
	// PID of its process, 0 where there is none.
	PID int
	// Address is host and port that it listens on, empty where it was never started.
	Address string
	// Log is the path of its log file.
	Log string
	// Problem says why it is not answering, empty in every other state.
	Problem string
}

// answerWithin is how long a component may take to answer before it counts as not answering.
const answerWithin = 2 * time.Second

// Status tells how each component is, in the order in which they start. Of those that run beside a control plane it
// tells of the ones that the last Start asked for.
func (c *ControlPlane) Status(ctx context.Context) ([]ComponentStatus, error) {
	s, err := readState(c.stack.ControlPlane())
	if err != nil {
		return nil, err
	}
	running, err := c.running()
	if err != nil {
		return nil, err
	}
	all := make([]ComponentStatus, 0, len(components))
	for _, component := range components {
		if component.beside.wanted != nil && !slices.Contains(s.Beside, component.name) && running[component.name] == nil {
			continue
		}
		status := ComponentStatus{Name: component.name, State: Stopped, Log: c.log(component.name)}
		if port := s.Ports[component.name]; port != 0 {
			status.Address = address(port)
		}
		if s.Up {
			status.State = Died
		}
		if p := running[component.name]; p != nil {
			status = c.ask(ctx, status, p, s.Ports)
		}
		all = append(all, status)
	}
	return all, nil
}

func (c *ControlPlane) ask(
	ctx context.Context, status ComponentStatus, p *process.Process, ports map[string]int,
) ComponentStatus {
	status.PID, status.State = p.PID, Running
	limited, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	clients, err := newClients(plan{c.stack, c.pki(), ports, Simulation{}})
	if err == nil {
		err = clients.health(limited, status.Name)
	}
	if err != nil {
		status.State, status.Problem = NotAnswering, err.Error()
	}
	return status
}
