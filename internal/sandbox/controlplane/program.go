package controlplane

import (
	"slices"
	"strconv"
)

// Program is a program that runs beside the control plane: a client of the API server, as the user of its name.
type Program struct {
	// Name is the name of the program, its user, its log, its record, and the port that serves its health.
	Name string
	// Ports are the names of its other ports, unique in a control plane.
	Ports []string
	// Proxy is the name of the port, one of Ports, at which it serves an HTTP proxy to the pods, for the other programs.
	// Optional.
	Proxy string
	// Health is the path that returns 200 when the program is ready.
	Health string
	// Scheme is the scheme of its health URL: http or https.
	Scheme string
	// Aggregated is the API group that it serves for the API server, on the port of its name. Optional. The program also
	// needs a Service of its name in kube-system, of type ExternalName, among its Manifests.
	Aggregated Aggregated
	// Webhooks are the admission webhooks that it serves for the API server, on the port of its name. Optional.
	Webhooks []Webhook
	// Serving reports whether it serves TLS with a certificate of the cluster's authority.
	Serving bool
	// Arguments returns its arguments. Nil where nothing runs, and the API server gets the objects only.
	Arguments func(Instance) []string
	// Environment returns its environment variables beyond those of every component. Optional.
	Environment func(Instance) []string
	// Settings returns the content of its settings file. Optional.
	Settings func(Instance) ([]byte, error)
	// Carried is the folder of the objects that its module has for it, relative to that of the programs. Optional.
	Carried string
	// Manifests has the objects, in YAML, that it needs in the API server in addition to those of its module, such as its
	// RBAC. Optional.
	Manifests []byte
}

// Instance is a program in one control plane.
type Instance struct {
	// Kubeconfig is the path of its kubeconfig.
	Kubeconfig string
	// SettingsFile is the path of its settings file.
	SettingsFile string
	// Certificates is the folder with the authority, ca.crt. CertificateFile and KeyFile are those of the program's own
	// server, if it serves TLS. A client of that server may use them, too.
	Certificates, CertificateFile, KeyFile string
	// Ports are the loopback ports by their names.
	Ports map[string]int
	// Namespaces are the namespaces of the services. They may not exist yet.
	Namespaces []string
	// IngressNamespaces are the namespaces of Ingresses. They may not exist yet.
	IngressNamespaces []string
	// Proxy is the URL of the HTTP proxy to the pods. Empty where none runs.
	Proxy string
}

// Address returns a port with its host, which is loopback.
func (i Instance) Address(port string) string { return address(i.Ports[port]) }

// Port returns the number of a port.
func (i Instance) Port(port string) string { return strconv.Itoa(i.Ports[port]) }

// component returns the program as a component of the control plane.
func (p Program) component() component {
	c := component{
		name: p.Name, ports: append([]string{p.Name}, p.Ports...), health: p.Health, scheme: p.Scheme, needs: apiServer,
		args:   func(pl plan) []string { return p.Arguments(pl.instance(p.Name)) },
		wanted: func(s Spec) bool { return slices.Contains(s.Programs, p.Name) },
	}
	if p.Environment != nil {
		c.env = func(pl plan) []string { return p.Environment(pl.instance(p.Name)) }
	}
	return c
}

// runs reports whether the program has a process.
func (p Program) runs() bool { return p.Arguments != nil }
