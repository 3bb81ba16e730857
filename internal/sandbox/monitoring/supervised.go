package monitoring

import (
	_ "embed"

	"github.com/dreamseed/platform/internal/sandbox/components"
	"github.com/dreamseed/platform/internal/sandbox/controlplane"
)

// Name is the name of the supervisor, which runs the programs of monitoring and the pod network.
const Name = "monitoring"

// network is the port of the pod network.
const network = "pod-network"

// Supervisor returns the supervisor's component. It belongs behind every pinned one.
func Supervisor() components.Component {
	return components.Component{Name: Name, Module: ".", Package: "./internal/sandbox/monitoring/supervisor"}
}

// Program returns the supervisor as a program beside the control plane.
func Program() controlplane.Program {
	return controlplane.Program{
		Name: Name, Ports: []string{network}, Proxy: network, Health: "/healthz", Scheme: "http",
		Arguments: supervisorArguments,
		Manifests: supervisorRights,
	}
}

func supervisorArguments(instance controlplane.Instance) []string {
	arguments := []string{
		"--kubeconfig=" + instance.Kubeconfig,
		"--listen=" + instance.Address(Name),
		"--network=" + instance.Address(network),
	}
	for _, namespace := range instance.Namespaces {
		arguments = append(arguments, "--namespace="+namespace)
	}
	return arguments
}

//go:embed supervisor.yaml
var supervisorRights []byte
