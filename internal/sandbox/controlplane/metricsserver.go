package controlplane

import (
	_ "embed"
	"os"
)

// metrics is metrics-server. It reports ready once it has two measurements; before that it has no metrics to serve.
var metrics = component{
	name: metricsServer, ports: []string{metricsServer}, health: "/livez", needs: apiServer,
	args: plan.metricsServer, wanted: func(s Spec) bool { return s.Metrics },
}

func (p plan) metricsServer() []string {
	return []string{
		"--bind-address=" + loopback,
		"--secure-port=" + p.port(metricsServer),
		"--tls-cert-file=" + p.pki.cert("metrics-server-server"),
		"--tls-private-key-file=" + p.pki.key("metrics-server-server"),
		"--kubeconfig=" + p.kubeconfig(metricsServer),
		"--authentication-kubeconfig=" + p.kubeconfig(metricsServer),
		"--authorization-kubeconfig=" + p.kubeconfig(metricsServer),
		"--kubelet-preferred-address-types=InternalIP",
		"--kubelet-use-node-status-port",
		"--kubelet-certificate-authority=" + p.pki.cert(clusterAuthority),
		"--metric-resolution=10s", // its minimum, which has to be longer than the next
		"--kubelet-request-timeout=5s",
	}
}

//go:embed metricsserver.yaml
var metricsManifests []byte

// metricsObjects returns the objects that metrics-server needs. The APIService makes the API server forward metrics
// requests to it.
func (p plan) metricsObjects() ([]object, error) {
	all, err := parseManifests(metricsManifests)
	if err != nil {
		return nil, err
	}
	authority, err := os.ReadFile(p.pki.cert(clusterAuthority))
	if err != nil {
		return nil, err
	}
	return append(all, object{
		"apiVersion": "apiregistration.k8s.io/v1", "kind": "APIService",
		"metadata": object{"name": metricsAPIService},
		"spec": object{
			"group": "metrics.k8s.io", "version": "v1beta1", "groupPriorityMinimum": 100, "versionPriority": 100,
			"service":  object{"name": metricsServer, "namespace": systemNamespace, "port": p.ports[metricsServer]},
			"caBundle": authority,
		},
	}), nil
}

const metricsAPIService = "v1beta1.metrics.k8s.io"
