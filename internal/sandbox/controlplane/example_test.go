package controlplane

import "github.com/dreamseed/platform/internal/sandbox/layout"

// The programs that run beside the control planes of these tests.
const (
	first       = "first"
	second      = "second"
	kindsAlone  = "kinds-alone"
	rightsAlone = "rights-alone"
)

var examples = []Program{
	{
		Name: first, Ports: []string{"first-metrics"}, Health: "/healthz", Scheme: "http", Carried: layout.Manifests(first),
		Proxy: "first-metrics",
		Arguments: func(i Instance) []string {
			return []string{
				"--kubeconfig=" + i.Kubeconfig, "--listen-addr=" + i.Address(first), "--metrics-addr=" + i.Address("first-metrics"),
			}
		},
		Manifests: []byte("{kind: ClusterRole, metadata: {name: first}}"),
	},
	{Name: kindsAlone, Carried: layout.Manifests(kindsAlone)},
	{
		Name: second, Health: "/ping", Scheme: "http", Carried: layout.Manifests(second),
		Arguments: func(i Instance) []string {
			return []string{"--config=" + i.SettingsFile, "--listen-addr=" + i.Address(second)}
		},
		Environment: func(i Instance) []string { return []string{"KUBECONFIG=" + i.Kubeconfig} },
		Settings:    func(i Instance) ([]byte, error) { return []byte(i.Namespaces[0]), nil },
		Manifests:   []byte("{kind: Namespace, metadata: {name: second}}"),
	},
	{Name: rightsAlone, Manifests: []byte("{kind: Role, metadata: {name: rights-alone}}")},
}

// everything has all programs that can run beside a control plane.
var everything = Spec{
	Programs: []string{first, kindsAlone, second}, Namespaces: []string{"shop"}, Simulation: Simulation{Metrics: true},
}
