package controlplane

import (
	"slices"
	"time"
)

// Spec describes a control plane. A later Start with another Spec changes the running control plane to it.
type Spec struct {
	Simulation
	// Nodes are the simulated nodes.
	Nodes []Node
	// Programs are the names of the programs beside the control plane. The objects of a program that a later Start no
	// longer asks for stay, so that no object is lost with its CRD.
	Programs []string
	// StorageClasses are the classes for whose claims there are volumes. Default: none, and no claim is bound.
	StorageClasses []string
	// Namespaces are the namespaces of the services, which may not exist yet.
	Namespaces []string
	// IngressNamespaces are the namespaces of Ingresses, which may not exist yet.
	IngressNamespaces []string
}

// Simulation configures what is simulated.
type Simulation struct {
	// PodStartup is the time that a pod takes on its node until it is ready, including a Job's pod. Default: none.
	PodStartup time.Duration
	// Metrics serves the metrics of pods and nodes, so that autoscalers scale. A pod sets its usage in the annotations
	// kwok.x-k8s.io/usage-cpu and kwok.x-k8s.io/usage-memory; without them it uses 1m and 1Mi.
	Metrics bool
	// Usage makes the kubelets serve the usage of their pods, the source of Metrics. Metrics implies it.
	Usage bool
}

// servesUsage reports whether the kubelets serve the usage of their pods.
func (s Simulation) servesUsage() bool { return s.Metrics || s.Usage }

// Programs returns the names of the programs that run beside the control plane, or did when it was last up.
func (c *ControlPlane) Programs() ([]string, error) {
	remembered, err := readState(c.stack.ControlPlane())
	if err != nil {
		return nil, err
	}
	var running []string
	for _, program := range c.programs {
		if slices.Contains(remembered.Programs, program.Name) {
			running = append(running, program.Name)
		}
	}
	return running, nil
}
