package controlplane

import (
	"context"
	"slices"
	"time"

	"github.com/dreamseed/platform/internal/sandbox/process"
)

// State is the state of a component.
type State string

const (
	// Running means that the component reports that it is healthy.
	Running State = "Running"
	// NotAnswering means that the process is alive, but does not report that it is healthy.
	NotAnswering State = "NotAnswering"
	// Died means that the component was started, was not stopped, and is not running.
	Died State = "Died"
	// Stopped means that the component is not supposed to run.
	Stopped State = "Stopped"
)

// ComponentStatus is the status of one component.
type ComponentStatus struct {
	// Name is the component's name.
	Name string
	// State is its state.
	State State
	// PID is its process ID, or 0 if it has no process.
	PID int
	// Address is the host and port that it listens on, or empty if it was never started.
	Address string
	// Log is the path of its log file.
	Log string
	// Problem is why it is not answering. It is empty in every other state.
	Problem string
}

// LastWords returns the end of its log.
func (s ComponentStatus) LastWords() string { return process.LogTail(s.Log, logLines) }

// answerWithin is the time after which a component without an answer counts as not answering.
const answerWithin = 2 * time.Second

// Status returns the status of each component, in start order. Of the programs beside the control plane it includes
// those that the last Start asked for.
func (c *ControlPlane) Status(ctx context.Context) ([]ComponentStatus, error) {
	s, err := readState(c.stack.ControlPlane())
	if err != nil {
		return nil, err
	}
	running, err := c.running()
	if err != nil {
		return nil, err
	}
	probes, unprobed := newProbes(c.planned(Spec{}, s.Ports))
	all := make([]ComponentStatus, 0, len(c.components))
	for _, component := range c.components {
		if component.wanted != nil && !slices.Contains(s.Programs, component.name) && running[component.name] == nil {
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
			status.PID, status.State = p.PID, Running
			err := unprobed // without certificates no component can be asked, yet whether it runs is known
			if err == nil {
				err = probes.answers(ctx, component)
			}
			if err != nil {
				status.State, status.Problem = NotAnswering, err.Error()
			}
		}
		all = append(all, status)
	}
	return all, nil
}

// answers returns why a component does not report within answerWithin that it is healthy.
func (p probes) answers(ctx context.Context, component component) error {
	limited, cancel := context.WithTimeout(ctx, answerWithin)
	defer cancel()
	return p.health(limited, component)
}
