package controlplane

import (
	"slices"
	"time"

	"github.com/dreamseed/platform/internal/operator"
)

// Simulation configures what a control plane simulates, and what runs beside it. A later Start with another Simulation
// changes the running control plane to it.
type Simulation struct {
	// Nodes are the simulated nodes.
	Nodes []Node
	// Operators are the operators with CRDs in the API server and running controllers. The CRDs of an operator that a
	// later Start no longer asks for stay, so that no object is lost with them.
	Operators []operator.Name
	// Namespace is the namespace of the services, which Traefik watches. It may not exist yet.
	Namespace string
	// PodStartup is the time that a pod takes on its node until it is ready, including a Job's pod. Default: none.
	PodStartup time.Duration
	// Metrics serves the metrics of pods and nodes, which autoscalers use. A pod sets its usage in the annotations
	// kwok.x-k8s.io/usage-cpu and kwok.x-k8s.io/usage-memory; without them it uses 1m and 1Mi.
	Metrics bool
}

// Operators returns the operators that run beside the control plane, or did when it was last up.
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
