package controlplane

import (
	"slices"
	"time"

	"github.com/dreamseed/platform/internal/operator"
)

// Simulation says what a control plane simulates, and what runs beside it. A later Start with another one changes what
// runs to it.
type Simulation struct {
	// Nodes are the simulated nodes.
	Nodes []Node
	// Operators are those whose kinds the API server knows and whose controllers run. The kinds of one that a later
	// Start no longer asks for stay, so that no object is lost with them.
	Operators []operator.Name
	// Namespace is that of the services, which Traefik watches. It may not exist yet.
	Namespace string
	// PodStartup is how long a pod takes on its node until it is ready, a Job's pod included. Default: no time.
	PodStartup time.Duration
	// Metrics serves the usage of pods and nodes, which autoscalers ask for. A pod says its own in the annotations
	// kwok.x-k8s.io/usage-cpu and kwok.x-k8s.io/usage-memory; one that says nothing uses 1m and 1Mi.
	Metrics bool
}

// Operators are those that run beside the control plane, or did when it was last up.
func (c *ControlPlane) Operators() ([]operator.Name, error) {
	remembered, err := readState(c.stack.ControlPlane())
	if err != nil {
		return nil, err
	}
	var running []operator.Name
	for _, name := range operator.Names() {
		if slices.Contains(remembered.Beside, string(name)) {
			running = append(running, name)
		}
	}
	return running, nil
}

func (s Simulation) runsExternalSecrets() bool { return s.runs(operator.ExternalSecrets) }
func (s Simulation) runsMetrics() bool         { return s.Metrics }
func (s Simulation) runsRollouts() bool        { return s.runs(operator.ArgoRollouts) }
func (s Simulation) runsSealedSecrets() bool   { return s.runs(operator.SealedSecrets) }
func (s Simulation) runsTraefik() bool         { return s.runs(operator.Traefik) }

func (s Simulation) runs(name operator.Name) bool { return slices.Contains(s.Operators, name) }
