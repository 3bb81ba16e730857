package sandbox

import (
	"fmt"
	"io"
	"slices"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/sandbox/build"
	"github.com/dreamseed/platform/internal/sandbox/engine"
)

// components are the programs that a stack on this cloud needs.
func components(cloud cluster.Cloud) []build.Component {
	if !cloud.Managed() {
		return build.Components()
	}
	return slices.Concat(build.Components(), build.CloudComponents())
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
func (s *Sandbox) project(spec *cluster.Spec) engine.Project {
	if spec.Cloud.Managed() {
		return engine.Project{Program: s.layout.Binary("platform")}
	}
	return engine.Project{
		Program: s.layout.Binary("program"),
		Overrides: map[string]string{
			"dreamseed:cluster.existing.kubeconfigPath": s.stack.Kubeconfig(),
			"dreamseed:cluster.existing.kubeconfig":     "",
			"dreamseed:cluster.existing.context":        s.stack.Context(),
		},
	}
}
