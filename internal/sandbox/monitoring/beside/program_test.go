package beside

import (
	"net"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"

	"github.com/dreamseed/platform/internal/sandbox/monitoring"
	"github.com/dreamseed/platform/monitoring/logging/pipeline"
)

func TestAProgramIsFoundByTheImageOfItsContainer(t *testing.T) {
	for image, want := range map[string]string{
		"quay.io/prometheus/prometheus:v3.16.0":                                  "prometheus",
		"localhost:5000/prometheus":                                              "prometheus",
		"quay.io/prometheus/alertmanager@sha256:0":                               "alertmanager",
		"quay.io/prometheus/node-exporter:v1.12.1":                               "node_exporter",
		"registry.k8s.io/kube-state-metrics/kube-state-metrics:v2.15.0@sha256:0": "kube-state-metrics",
		"docker.io/victoriametrics/victoria-logs:v1.52.1":                        "victoria-logs",
		"ghcr.io/open-telemetry/opentelemetry-collector-contrib:0.165.0":         "collector",
	} {
		found := programOf(&corev1.Container{Image: image})
		require.NotNil(t, found, image)
		assert.Equal(t, want, found.name)
	}
	for _, image := range []string{"registry.example.com/prometheus/auth-service:1", "prometheus-adapter:v1", ""} {
		assert.Nil(t, programOf(&corev1.Container{Image: image}), image)
	}
}

func TestEveryProgramThatRunsIsBuilt(t *testing.T) {
	built := map[string]bool{}
	for _, c := range append(monitoring.Components(), monitoring.Logs()...) {
		built[c.Name] = true
	}
	require.NotEmpty(t, programs)
	for _, one := range programs {
		assert.True(t, built[one.name], one.name)
		assert.NotEmpty(t, one.listeners, "%s serves its health", one.name)
	}
}

func TestAProgramListensOnLoopbackOnly(t *testing.T) {
	for _, one := range programs {
		started, err := newInstance(t.Context(), &corev1.Container{}, &one)
		require.NoError(t, err)
		require.Len(t, started.addresses, len(one.listeners), one.name)
		for _, address := range started.addresses {
			host, port, err := net.SplitHostPort(address)
			require.NoError(t, err)
			assert.Equal(t, "127.0.0.1", host)
			told := []string{
				"--web.listen-address=" + address, "--port=" + port, "--telemetry-port=" + port, "--httpListenAddr=" + address,
				"--set=extensions::health_check::endpoint=" + address,
				"--set=service::telemetry::metrics::readers=" +
					"[{pull: {exporter: {prometheus: {host: 127.0.0.1, port: " + port + ", without_type_suffix: false}}}}]",
			}
			assert.True(t, slices.ContainsFunc(started.flags, func(flag string) bool {
				return slices.Contains(told, flag)
			}), "%s: %v", one.name, started.flags)
		}
		assert.Equal(t, one.gossips, started.gossip != "", one.name)
	}
}

// Nothing reaches a port that the deployed pod does not declare.
func TestTheCollectorStandsForThePortsThatItsConfigurationNames(t *testing.T) {
	one := programOf(&corev1.Container{Image: "opentelemetry-collector-contrib"})
	require.NotNil(t, one)
	require.Len(t, one.listeners, 2)
	assert.Equal(t, pipeline.HealthPort, one.listeners[0].port)
	assert.Equal(t, pipeline.MetricsPort, one.listeners[1].port)
}

func TestKubeStateMetricsIsToldHostAndPortApart(t *testing.T) {
	one := programOf(&corev1.Container{Image: "kube-state-metrics"})
	require.NotNil(t, one)
	assert.Equal(t, []string{"--host=127.0.0.1", "--port=1"}, one.listeners[0].here("127.0.0.1:1"))
	assert.Equal(t, []string{"--telemetry-host=127.0.0.1", "--telemetry-port=2"}, one.listeners[1].here("127.0.0.1:2"))
}

// The pod network reaches the process at the port where the deployed container would listen, and nowhere else.
func TestAProgramStandsForThePortThatIsDeployed(t *testing.T) {
	listeners := web(9090)
	for argument, want := range map[string]int{
		"--storage.tsdb.path=/prometheus":   9090,
		"--web.listen-address=:9091":        9091,
		"--web.listen-address=0.0.0.0:9092": 9092,
		"--web.listen-address=[::]:9093":    9093,
	} {
		port, err := listeners[0].podPort(&corev1.Container{Args: []string{argument}})
		require.NoError(t, err, argument)
		assert.Equal(t, want, port, argument)
	}
	_, err := listeners[0].podPort(&corev1.Container{Args: []string{"--web.listen-address=:http"}})
	assert.ErrorContains(t, err, "reading the port of --web.listen-address")
}

func TestReplicasAreKnownToEachOther(t *testing.T) {
	assert.Equal(t, []string{
		"--cluster.listen-address=127.0.0.1:1", "--cluster.advertise-address=127.0.0.1:1", "--cluster.peer=127.0.0.1:2",
	}, gossip("127.0.0.1:1", []string{"127.0.0.1:2"}))
}
