// Package monitoring describes how the sandbox builds the programs of monitoring, one file each, and the supervisor
// that runs them beside the control plane.
package monitoring

import (
	"slices"

	"github.com/dreamseed/platform/internal/sandbox/components"
)

// Components returns the programs in build order. Programs of one module follow each other, because the later ones find
// nearly everything compiled.
func Components() []components.Component {
	all := slices.Concat(prometheus, alertmanager, kubeStateMetrics, nodeExporter)
	for i := range all {
		all[i].Module = components.OperatorsModule
		all[i].Version = components.Requirement{Folder: components.OperatorsModule, Module: all[i].Source.Module}
		all[i].Variables = []string{reportedVersion}
	}
	return all
}

// mounts is laid over the sources of the programs whose configuration names files in volumes: it knows where these are.
const mounts = "./monitoring"

// reportedVersion is the variable that the programs of Prometheus and kube-state-metrics report as their version.
const reportedVersion = "github.com/prometheus/common/version.Version={version}"
