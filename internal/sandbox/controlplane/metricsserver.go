package controlplane

import (
	_ "embed"
	"encoding/base64"
	"os"

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

// metricsObjects returns the objects that metrics-server needs. The APIService makes the API server forward metrics
// requests to it.
func (p plan) metricsObjects() ([]*unstructured.Unstructured, error) {
	all, err := parseManifests(metricsManifests)
	if err != nil {
		return nil, err
	}
	authority, err := os.ReadFile(p.pki.cert(clusterAuthority))
	if err != nil {
		return nil, err
	}
	return append(all, &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "apiregistration.k8s.io/v1", "kind": "APIService",
		"metadata": map[string]any{"name": metricsAPIService},
		"spec": map[string]any{
			"group": "metrics.k8s.io", "version": "v1beta1", "groupPriorityMinimum": int64(100), "versionPriority": int64(100),
			"service": map[string]any{
				"name": metricsServer, "namespace": systemNamespace, "port": int64(p.ports[metricsServer]),
			},
			"caBundle": base64.StdEncoding.EncodeToString(authority),
		},
	}}), nil
}

const metricsAPIService = "v1beta1.metrics.k8s.io"
