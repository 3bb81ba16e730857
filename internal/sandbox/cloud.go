package sandbox

import (
	"fmt"
	"io"
	"maps"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/sandbox/components"
	"github.com/dreamseed/platform/internal/sandbox/engine"
	"github.com/dreamseed/platform/internal/sandbox/monitoring"
	"github.com/dreamseed/platform/internal/sandbox/operators"
	"github.com/dreamseed/platform/monitoring/logging"
)

// components returns the programs that a stack with this configuration needs, this repository's own last.
func (s *Sandbox) components(cfg *config.Config) []components.Component {
	needed := operators.Components(cfg.UsedOperators())
	if s.Simulation.Metrics {
		needed = append(needed, components.Metrics()...)
	}
	if s.Monitoring {
		needed = append(needed, monitoring.Components()...)
		if cfg.Logs.Store == logging.VictoriaLogs {
			needed = append(needed, monitoring.Logs()...)
		}
	}
	needed = append(needed, components.Always()...)
	if cfg.Cluster.Cloud.Managed() {
		needed = append(needed, components.Clouds()...)
	}
	if s.Monitoring {
		needed = append(needed, monitoring.Supervisor())
	}
	return needed
}

// announce warns that the cloud is a stand-in, so that nobody mistakes a sandbox run for a run on the cloud.
func (s *Sandbox) announce(spec *cluster.Spec, out io.Writer) {
	if spec.Cloud.Managed() {
		// A failed progress write is no reason to stop.
		_, _ = fmt.Fprintf(out, "The cloud of stack %s (%s) is a stand-in on this machine: no account is reached, "+
			"nothing is made there.\n", s.stack.Name, spec.Cloud)
	}
}

// project returns what the engine runs. For a cloud that is the unchanged program on stand-ins of the cloud. For an
// existing cluster it is a program without any cloud, which runs on the sandbox's control plane; the cluster that the
// stack's file names is never contacted.
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

// everyStack holds the configuration values that the sandbox overrides in every stack.
var everyStack = map[string]string{
	// Charts are not available here; the operators run beside the control plane.
	"dreamseed:operators": string(config.Present),
}
