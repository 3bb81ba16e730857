package controlplane

import (
	_ "embed"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
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

// metricsAPI is the API that metrics-server serves.
var metricsAPI = Aggregated{Group: "metrics.k8s.io", Version: "v1beta1"}

// metricsObjects returns the objects that metrics-server needs.
func (p plan) metricsObjects() ([]*unstructured.Unstructured, error) {
	all, err := parseManifests(metricsManifests)
	if err != nil {
		return nil, err
	}
	forwarded, err := p.apiService(metricsServer, metricsAPI)
	return append(all, forwarded), err
}
