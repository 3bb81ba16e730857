// Package operators describes how the sandbox builds and runs the operators, one file each: real controllers beside the
// control plane, in place of the pods of their charts.
package operators

import (
	"cmp"
	"context"
	"slices"

	"github.com/dreamseed/platform/internal/operator"
	"github.com/dreamseed/platform/internal/sandbox/components"
	"github.com/dreamseed/platform/internal/sandbox/controlplane"
	"github.com/dreamseed/platform/internal/sandbox/layout"
)

// Operator is a program of an operator in the sandbox. Most have one.
type Operator struct {
	// Name is the name of the operator, and the default of the names of the program and its objects' folder.
	Name operator.Name
	// Component is built from a module that the go.mod of Component.Module requires, or, as a stand-in, from this
	// repository. Default: tools/operators.
	Component components.Component
	// Program runs beside the control plane, as a client of its API server.
	Program controlplane.Program
}

// operators are listed in start order.
var operators = []Operator{
	argoRollouts, certManager, cloudNativePG, instances, externalSecrets, keda, kedaMetricsServer, sealedSecrets, traefik,
	eckStandIn, strimziStandIn,
}

// All returns the operators in start order.
func All() []Operator {
	all := slices.Clone(operators)
	for i := range all {
		all[i].complete()
	}
	return all
}

// complete sets what is the same for every operator.
func (o *Operator) complete() {
	o.Component.Name = cmp.Or(o.Component.Name, string(o.Name))
	o.Program.Name = o.Component.Name
	if o.IsStandIn() {
		return
	}
	o.Component.Module = cmp.Or(o.Component.Module, components.OperatorsModule)
	o.Component.Version.Folder = o.Component.Module
	if len(o.Component.Assets.Paths) > 0 {
		o.Component.Place = layout.Manifests(o.Component.Name)
		o.Program.Carried = o.Component.Place
	}
}

// IsStandIn reports whether it is a program of this repository that takes the place of the operator, or of the pods
// that the operator runs.
func (o Operator) IsStandIn() bool { return o.Component.Module == ownModule }

// ownModule is the folder of this repository's own module.
const ownModule = "."

// standInArguments returns the command line of an operator's stand-in.
func standInArguments(name operator.Name) func(controlplane.Instance) []string {
	return func(instance controlplane.Instance) []string {
		return []string{"--kubeconfig=" + instance.Kubeconfig, "--health-addr=" + instance.Address(string(name))}
	}
}

// Programs returns the programs of all operators.
func Programs() []controlplane.Program {
	var programs []controlplane.Program
	for _, one := range All() {
		programs = append(programs, one.Program)
	}
	return programs
}

// of returns the programs of these operators.
func of(used []operator.Name) []Operator {
	return slices.DeleteFunc(All(), func(one Operator) bool { return !slices.Contains(used, one.Name) })
}

// ProgramsOf returns the names of the programs of these operators.
func ProgramsOf(used []operator.Name) []string {
	var names []string
	for _, one := range of(used) {
		names = append(names, one.Program.Name)
	}
	return names
}

// Components returns the components of these operators.
func Components(used []operator.Name) []components.Component {
	var needed []components.Component
	for _, one := range of(used) {
		needed = append(needed, one.Component)
	}
	return needed
}

// Source returns the folder in which the Go command keeps an operator's source, and its version. It downloads the
// module if necessary.
func Source(ctx context.Context, l layout.Layout, name operator.Name) (folder, version string, err error) {
	return components.ModuleSource(ctx, l, Components([]operator.Name{name})[0])
}

// Client rate limits for an operator that keeps up with the tests and the engine.
const (
	requestsPerSecond = "200"
	requestBurst      = "400"
)

// podNetworkVariable lets a program reach pods and Services by their addresses and names through the pod network, where
// one runs. An address of loopback is asked without the proxy. Without a pod network nothing may be sent to a pod: the
// addresses of simulated pods are nobody's.
func podNetworkVariable(instance controlplane.Instance) []string {
	if instance.Proxy == "" {
		return nil
	}
	return []string{"HTTP_PROXY=" + instance.Proxy}
}

// kubeconfigVariable passes the kubeconfig to a program that has no flag for it.
func kubeconfigVariable(instance controlplane.Instance) []string {
	return []string{"KUBECONFIG=" + instance.Kubeconfig}
}
