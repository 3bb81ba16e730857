package sandbox

import (
	"fmt"
	"io"
	"maps"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/sandbox/build"
	"github.com/dreamseed/platform/internal/sandbox/engine"
)

// components are the programs that a stack with this configuration needs, this repository's own at the end.
func (s *Sandbox) components(cfg *config.Config) []build.Component {
	needed := build.OperatorComponents(cfg.UsedOperators())
	if s.Simulation.Metrics {
		needed = append(needed, build.MetricsComponents()...)
	}
	needed = append(needed, build.Components()...)
	if cfg.Cluster.Cloud.Managed() {
		needed = append(needed, build.CloudComponents()...)
	}
	return needed
}

// announce says what is not the real thing: nobody shall take a run of a sandbox for one of a cloud.
func (s *Sandbox) announce(spec *cluster.Spec, out io.Writer) {
	if spec.Cloud.Managed() {
		// A progress line that cannot be written is no reason to stop.
		_, _ = fmt.Fprintf(out, "The cloud of stack %s (%s) is a stand-in on this machine: no account is reached, "+
			"nothing is made there.\n", s.stack.Name, spec.Cloud)
	}
}

// project is what the engine runs: for a cloud the program as it is, on stand-ins of the cloud; for an existing
// cluster a program without any cloud, on the sandbox's control plane in place of the cluster that the stack's file
// names, which is never reached from here.
func (s *Sandbox) project(cfg *config.Config) engine.Project {
	overrides := maps.Clone(everyStack)
	if cfg.Cluster.Cloud.Managed() {
		return engine.Project{Program: s.layout.Binary("platform"), Overrides: overrides}
	}
	overrides["dreamseed:cluster.existing.kubeconfigPath"] = s.stack.Kubeconfig()
	overrides["dreamseed:cluster.existing.kubeconfig"] = ""
	overrides["dreamseed:cluster.existing.context"] = s.stack.Context()
	return engine.Project{Program: s.layout.Binary("program"), Overrides: overrides}
}

// everyStack is what the sandbox configures in place of what any stack's file says.
var everyStack = map[string]string{
	// No chart can be had here; the operators run beside the control plane.
	"dreamseed:operators": string(config.Present),
}
