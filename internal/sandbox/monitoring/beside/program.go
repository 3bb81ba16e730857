package beside

import (
	"fmt"
	"net"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"

	"github.com/dreamseed/platform/internal/sandbox/container"
)

// program is a program that runs in place of the containers with its image.
type program struct {
	// image is the last part of the image's name, without its tag.
	image string
	// name is the file name of the program.
	name string
	// listeners are where it serves HTTP. The first one serves its health.
	listeners []listener
	// ready is the path that returns 200 when it is ready.
	ready string
	// machine reports whether its node is this machine.
	machine bool
	// gossips reports whether its replicas know each other.
	gossips bool
	// flags are further flags for outside of a pod, and without those of the pod that mean nothing there.
	flags, without []string
}

// listener is a flag that decides where a program listens.
type listener struct {
	// flag is its name without dashes. Its value is a port, or an address that ends in one. Empty if it has none.
	flag string
	// port is the port without the flag.
	port int
	// here returns the flags that make the program listen at this loopback address instead.
	here func(address string) []string
}

// programs are the programs that have pods. They start in this order.
var programs = []program{
	{
		image: "kube-state-metrics", name: "kube-state-metrics", ready: "/healthz",
		listeners: []listener{
			{"port", 8080, hostAndPort("host", "port")},
			{"telemetry-port", 8081, hostAndPort("telemetry-host", "telemetry-port")},
		},
		flags: []string{"--kubeconfig=" + kubeconfigFile},
	},
	{image: "node-exporter", name: "node_exporter", ready: "/", listeners: web(9100), machine: true},
	{
		image: "alertmanager", name: "alertmanager", ready: "/-/ready", listeners: web(9093),
		// The deployed peers are Services, which are no names for plain connections here.
		gossips: true, without: []string{"cluster.peer"},
	},
	{image: "prometheus", name: "prometheus", ready: "/-/ready", listeners: web(9090)},
	{image: "victoria-logs", name: "victoria-logs", ready: "/health", listeners: at("httpListenAddr", 9428)},
	{
		image: "opentelemetry-collector-contrib", name: "collector", ready: "/",
		listeners: []listener{{"", 13133, healthAt}, {"", 8888, telemetryAt}},
	},
}

// kubeconfigFile is the path of a container's kubeconfig, relative to the folder in which it runs.
const kubeconfigFile = "kubeconfig"

// web returns the only listener of a program of the Prometheus project.
func web(port int) []listener { return at("web.listen-address", port) }

// at returns the only listener of a program whose flag takes an address.
func at(flag string, port int) []listener {
	return []listener{{flag, port, func(address string) []string { return []string{"--" + flag + "=" + address} }}}
}

// healthAt and telemetryAt return the flag that sets a part of the collector's configuration
// (https://opentelemetry.io/docs/collector/configuration/#location).
func healthAt(address string) []string {
	return []string{"--set=extensions::health_check::endpoint=" + address}
}

func telemetryAt(address string) []string {
	host, port, _ := net.SplitHostPort(address)
	return []string{fmt.Sprintf("--set=service::telemetry::metrics::readers="+
		"[{pull: {exporter: {prometheus: {host: %s, port: %s, without_type_suffix: false}}}}]", host, port)}
}

// hostAndPort returns the flags of a listener that takes its host and its port apart.
func hostAndPort(hostFlag, portFlag string) func(address string) []string {
	return func(address string) []string {
		host, port, _ := net.SplitHostPort(address)
		return []string{"--" + hostFlag + "=" + host, "--" + portFlag + "=" + port}
	}
}

// programOf returns the program that runs in place of a container, or nil.
func programOf(of *corev1.Container) *program {
	name, _, _ := strings.Cut(of.Image[strings.LastIndex(of.Image, "/")+1:], "@")
	name, _, _ = strings.Cut(name, ":")
	for i := range programs {
		if programs[i].image == name {
			return &programs[i]
		}
	}
	return nil
}

// podPort returns the port at which the deployed container listens.
func (l listener) podPort(of *corev1.Container) (int, error) {
	value := container.Flag(of, l.flag)
	if value == "" {
		return l.port, nil
	}
	port, err := strconv.Atoi(value[strings.LastIndex(value, ":")+1:])
	if err != nil {
		return 0, fmt.Errorf("reading the port of --%s: %w", l.flag, err)
	}
	return port, nil
}

// gossip returns the flags that make a replica known to its peers at these addresses.
func gossip(address string, peers []string) []string {
	flags := []string{"--cluster.listen-address=" + address, "--cluster.advertise-address=" + address}
	for _, peer := range peers {
		flags = append(flags, "--cluster.peer="+peer)
	}
	return flags
}
