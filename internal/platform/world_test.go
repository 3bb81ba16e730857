package platform_test

import (
	"encoding/json"
	"net/netip"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/internal/networktest"
	"github.com/dreamseed/platform/monitoring/logging"
)

// Addresses around a cluster.
var (
	user       = outside("a user", "198.51.100.7")
	apiServer  = netip.MustParseAddr("10.25.16.2")
	host       = netip.MustParseAddr("203.0.113.10")
	somewhere  = netip.MustParseAddr("93.184.216.34")
	database   = map[string]string{"staging": "10.30.0.5", "production": "10.20.0.5"}
	kubeDNS    = netip.MustParseAddr("10.25.0.10")
	kubernetes = netip.MustParseAddr("10.25.0.1")
)

func outside(name, address string) networktest.Host {
	return networktest.Host{Name: name, Address: netip.MustParseAddr(address)}
}

// world is a cluster with the registered resources of a stack, and those that a cloud adds.
type world struct {
	networktest.World
	cfg *config.Config
	// next is the last address that was assigned.
	next netip.Addr
}

// newWorld puts one pod of each workload into a cluster. For operators, whose charts define the pods, it knows only the
// namespace; policies there apply to all of its pods.
func newWorld(t *testing.T, cfg *config.Config, built *mocktest.Recording) *world {
	t.Helper()
	w := &world{cfg: cfg, next: netip.MustParseAddr("10.64.0.0")}
	w.Namespaces = map[string]labels.Set{}
	for _, name := range []string{"default", "kube-system"} {
		w.addNamespace(name, nil)
	}
	for _, one := range built.Each(t, namespaceType) {
		w.addNamespace(word(one.At("metadata", "name")), set(one.At("metadata", "labels")))
	}
	w.Policies = readPolicies(t, built)
	w.addWorkloads(t, built)
	w.addSurroundings()
	return w
}

func readPolicies(t *testing.T, built *mocktest.Recording) []networkingv1.NetworkPolicy {
	t.Helper()
	var read []networkingv1.NetworkPolicy
	for _, one := range built.Each(t, policyType) {
		encoded, err := json.Marshal(one.Inputs)
		require.NoError(t, err)
		var policy networkingv1.NetworkPolicy
		require.NoError(t, json.Unmarshal(encoded, &policy))
		read = append(read, policy)
	}
	return read
}

func (w *world) addNamespace(name string, with labels.Set) {
	w.Namespaces[name] = labels.Merge(with, labels.Set{"kubernetes.io/metadata.name": name})
}

func (w *world) addWorkloads(t *testing.T, built *mocktest.Recording) {
	t.Helper()
	for _, one := range append(built.Each(t, deploymentType), built.Each(t, jobType)...) {
		metadata := one.At("spec", "template", "metadata", "labels")
		w.addPod(word(one.At("metadata", "name")), word(one.At("metadata", "namespace")), set(metadata))
	}
	for _, one := range built.Each(t, serviceType) {
		port := one.At("spec", "ports", 0, "port").(int)
		w.Services = append(w.Services, networktest.Service{
			Namespace: word(one.At("metadata", "namespace")), Address: w.address(),
			Selector: set(one.At("spec", "selector")), Ports: map[int]int{port: servicePort},
		})
	}
}

// addSurroundings adds the pods that a cloud and the operators run in a cluster, and unrelated pods.
func (w *world) addSurroundings() {
	services := w.cfg.Environment.Namespace()
	w.addPod("kube-dns", "kube-system", labels.Set{"k8s-app": "kube-dns"})
	w.addPod("node-local-dns", "kube-system", labels.Set{"k8s-app": "node-local-dns"})
	// https://github.com/kubernetes-sigs/apiserver-network-proxy; the label is that of GKE and AKS.
	w.addPod("konnectivity-agent", "kube-system", labels.Set{"k8s-app": "konnectivity-agent"})
	w.addPod("neighbour", "default", labels.Set{"app.kubernetes.io/part-of": "dreamseed"})
	w.addPod("node-exporter", "dreamseed-node-agents", labels.Set{"app.kubernetes.io/name": "node-exporter"})
	if w.cfg.Logs.Enabled() {
		w.addPod("log-collector", "dreamseed-node-agents", labels.Set{"app.kubernetes.io/name": "log-collector"})
	}
	if w.cfg.Logs.Store == logging.Elastic {
		for _, name := range []string{"elasticsearch-a", "elasticsearch-b", "kibana"} {
			program, _, _ := strings.Cut(name, "-")
			w.addPod(name, "dreamseed-monitoring", labels.Set{"app.kubernetes.io/name": program})
		}
	}
	w.addPod("solver", services, labels.Set{"acme.cert-manager.io/http01-solver": "true"})
	w.addPod("planted", services, labels.Set{
		"app.kubernetes.io/part-of": "dreamseed", "app.kubernetes.io/name": "planted",
	})
	for _, name := range w.cfg.UsedOperators() {
		w.addPod(string(name), string(name), labels.Set{"app.kubernetes.io/name": string(name)})
	}
	w.Services = append(w.Services,
		networktest.Service{
			Namespace: "kube-system", Address: kubeDNS, Selector: labels.Set{"k8s-app": "kube-dns"}, Ports: map[int]int{53: 53},
		},
		networktest.Service{Namespace: "default", Address: kubernetes, Outside: apiServer, Ports: map[int]int{443: 443}})
	w.Balancers = append(w.Balancers, networktest.Service{
		Namespace: "traefik", Address: host, Selector: labels.Set{"app.kubernetes.io/name": "traefik"},
		Ports: map[int]int{80: 8000, 443: 8443},
	})
}

func (w *world) addPod(name, namespace string, with labels.Set) {
	w.Pods = append(w.Pods, networktest.Host{Name: name, Namespace: namespace, Labels: with, Address: w.address()})
}

func (w *world) address() netip.Addr {
	w.next = w.next.Next()
	return w.next
}

// pod returns the first pod whose name has this prefix.
func (w *world) pod(t *testing.T, name string) networktest.Host {
	t.Helper()
	for _, pod := range w.Pods {
		if strings.HasPrefix(pod.Name, name) {
			return pod
		}
	}
	require.Fail(t, "there is no pod "+name)
	return networktest.Host{}
}

// service returns the address and port of one of our services.
func (w *world) service(t *testing.T, name string) (netip.Addr, int) {
	t.Helper()
	for _, service := range w.Services {
		if service.Selector["app.kubernetes.io/name"] != name {
			continue
		}
		for port := range service.Ports {
			return service.Address, port
		}
	}
	require.Fail(t, "there is no service "+name)
	return netip.Addr{}, 0
}

func word(value any) string {
	found, _ := value.(string)
	return found
}

func set(value any) labels.Set {
	found := labels.Set{}
	object, _ := value.(map[string]any)
	for key, label := range object {
		found[key] = word(label)
	}
	return found
}

// surrounding describes the network of a cloud as connections meet it.
type surrounding struct {
	engine networktest.Engine
	// cached reports whether a cache on every node answers DNS queries.
	cached bool
	// asks is the client through which the API server reaches a webhook: a pod in kube-system, or an address of its own.
	asks string
	// identity is the endpoint from which a pod gets its credentials; invalid if there is none.
	identity netip.AddrPort
}

var surroundings = map[cluster.Cloud][]surrounding{
	cluster.GKE: {
		{networktest.Cilium{}, true, "konnectivity-agent", netip.MustParseAddrPort("169.254.169.254:80")},
		{networktest.Cilium{}, false, "konnectivity-agent", netip.MustParseAddrPort("169.254.169.254:80")},
	},
	cluster.EKS: {{networktest.VPCCNI{}, false, "", netip.MustParseAddrPort("169.254.170.23:80")}},
	cluster.AKS: {{networktest.Cilium{}, false, "konnectivity-agent", netip.MustParseAddrPort("20.190.160.2:443")}},
	cluster.Existing: {
		{networktest.Cilium{}, false, "", netip.AddrPort{}}, {networktest.VPCCNI{}, false, "", netip.AddrPort{}},
	},
}
