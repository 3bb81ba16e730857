package platform_test

import (
	"fmt"
	"net/netip"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/data/store"
	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/internal/networktest"
	"github.com/dreamseed/platform/internal/operator"
	"github.com/dreamseed/platform/monitoring/logging"
	"github.com/dreamseed/platform/services/catalogue"
)

// Ports.
const (
	servicePort = catalogue.Port
	solverPort  = 8089
)

// flow is a connection, with the reason why it must or must not arrive.
type flow struct {
	networktest.Connection
	reason string
}

// Checks every stack on the engine of its cloud: connections that must arrive do, and connections that must not do not.
func TestConnections(t *testing.T) {
	eachStack(t, func(t *testing.T, cfg *config.Config, built *mocktest.Recording) {
		require.NotEmpty(t, surroundings[cfg.Cluster.Cloud])
		for _, around := range surroundings[cfg.Cluster.Cloud] {
			w := newWorld(t, cfg, built)
			if around.cached {
				cache := w.pod(t, "node-local-dns")
				w.NodeCache = &cache
			}
			wanted, unwanted := w.wanted(t, around), w.unwanted(t, around)
			require.Greater(t, len(wanted), 40)
			require.Greater(t, len(unwanted), 10)
			for _, one := range wanted {
				assert.True(t, around.engine.Allows(&w.World, one.Connection), "%T drops %s: %s", around.engine, one, one.reason)
			}
			for _, one := range unwanted {
				assert.False(t, around.engine.Allows(&w.World, one.Connection), "%T lets %s: %s", around.engine, one, one.reason)
			}
		}
	})
}

func tcp(from networktest.Host, to netip.Addr, port int, reason string, values ...any) flow {
	wish := networktest.Connection{From: from, To: to, Port: port, Protocol: networktest.TCP}
	return flow{wish, fmt.Sprintf(reason, values...)}
}

func (w *world) wanted(t *testing.T, around surrounding) []flow {
	t.Helper()
	flows := append(w.betweenServices(t), w.names()...)
	flows = append(flows, w.outward(t)...)
	prometheus := w.pod(t, "prometheus-a")
	flows = append(flows,
		tcp(prometheus, w.pod(t, "alertmanager-a").Address, 9093, "alerts are sent"),
		tcp(prometheus, w.pod(t, "kube-state-metrics").Address, 8080, "objects are scraped"),
		tcp(prometheus, w.pod(t, "node-exporter").Address, 9100, "nodes are scraped"),
		tcp(prometheus, w.pod(t, "grafana").Address, 3000, "Grafana is scraped"),
		tcp(w.pod(t, "grafana"), prometheus.Address, 9090, "dashboards ask"),
		tcp(prometheus, kubernetes, 443, "targets are discovered"),
		tcp(w.pod(t, "kube-state-metrics"), kubernetes, 443, "objects are read"))
	for _, name := range catalogue.Names() {
		service := w.pod(t, name+"-service")
		flows = append(flows, tcp(prometheus, service.Address, servicePort, "%s is scraped", name))
		if around.identity.IsValid() {
			flows = append(flows, tcp(service, around.identity.Addr(), int(around.identity.Port()), "%s has an identity", name))
		}
	}
	for _, name := range w.cfg.UsedOperators() {
		if w.cfg.Operators == config.Helm {
			flows = append(flows, tcp(w.pod(t, string(name)), kubernetes, 443, "%s works on objects", name))
		}
	}
	if w.cfg.Ingress.Enabled() {
		flows = append(flows, w.ingress(t, around)...)
	}
	return append(flows, w.logged(t)...)
}

// logged returns the connections of the logs.
func (w *world) logged(t *testing.T) []flow {
	t.Helper()
	if !w.cfg.Logs.Enabled() {
		return nil
	}
	collector, prometheus := w.pod(t, "log-collector"), w.pod(t, "prometheus-a")
	flows := []flow{
		tcp(collector, kubernetes, 443, "the service of a pod is looked up"),
		tcp(prometheus, collector.Address, 8888, "collectors are scraped"),
	}
	if w.cfg.Logs.Store == logging.VictoriaLogs {
		store := w.pod(t, "victoria-logs-a")
		return append(flows,
			tcp(collector, store.Address, 9428, "lines are sent"), tcp(prometheus, store.Address, 9428, "the store is scraped"))
	}
	one, other := w.pod(t, "elasticsearch-a"), w.pod(t, "elasticsearch-b")
	return append(flows,
		tcp(collector, one.Address, 9200, "lines are sent"),
		tcp(one, other.Address, 9300, "nodes talk to each other"),
		tcp(w.pod(t, "kibana"), one.Address, 9200, "people look for lines"),
		tcp(w.pod(t, "logs-lifecycle"), one.Address, 9200, "the retention is set"),
		tcp(w.pod(t, "eck"), one.Address, 9200, "the operator asks for the health"))
}

// unlogged returns the connections to the store that nobody needs.
func (w *world) unlogged(t *testing.T) []flow {
	t.Helper()
	store, port := "victoria-logs-a", 9428
	switch w.cfg.Logs.Store {
	case logging.None:
		return nil
	case logging.Elastic:
		store, port = "elasticsearch-a", 9200
	case logging.VictoriaLogs:
	}
	to := w.pod(t, store).Address
	return []flow{
		tcp(w.pod(t, "neighbour"), to, port, "a neighbour reads no logs"),
		tcp(w.pod(t, "auth-service"), to, port, "a service writes to its output"),
		tcp(w.pod(t, "node-exporter"), to, port, "another agent sends no lines"),
		tcp(w.pod(t, "grafana"), to, port, "Grafana shows no logs"),
		tcp(w.pod(t, "log-collector"), somewhere, 80, "no line leaves the cluster in clear text"),
	}
}

func (w *world) betweenServices(t *testing.T) []flow {
	t.Helper()
	var flows []flow
	for _, from := range catalogue.Names() {
		for _, to := range catalogue.Names() {
			address, port := w.service(t, to+"-service")
			flows = append(flows, tcp(w.pod(t, from+"-service"), address, port, "services call each other"))
		}
	}
	return flows
}

// names returns the DNS queries of every pod that a policy applies to, over both protocols.
func (w *world) names() []flow {
	resolvers := []netip.Addr{kubeDNS, netip.MustParseAddr("169.254.20.10"), netip.MustParseAddr("169.254.10.10")}
	var flows []flow
	for _, pod := range w.Pods {
		for _, resolver := range resolvers {
			one := tcp(pod, resolver, 53, "every pod resolves names")
			flows = append(flows, one)
			one.Protocol = networktest.UDP
			flows = append(flows, one)
		}
	}
	return flows
}

// hasBucketsOfTheCloud reports whether a service has buckets that the cloud keeps, somewhere on the internet.
func (w *world) hasBucketsOfTheCloud(name string) bool {
	known, _ := catalogue.Lookup(name)
	return w.cfg.Data.Objects.Mode == store.Managed && known.Needs.Objects()
}

// outward returns the connections of some services to the outside.
func (w *world) outward(t *testing.T) []flow {
	t.Helper()
	var flows []flow
	for _, name := range []string{"ai-tutor", "payment"} {
		flows = append(flows, tcp(w.pod(t, name+"-service"), somewhere, 443, "%s has partners on the internet", name))
	}
	for _, name := range catalogue.Names() {
		if w.hasBucketsOfTheCloud(name) {
			flows = append(flows, tcp(w.pod(t, name+"-service"), somewhere, 443, "%s has buckets in the cloud", name))
		}
	}
	address, declared := database[string(w.cfg.Environment)]
	if w.cfg.Data.Postgres.Mode == store.Managed {
		address = "10.26.0.3" // of cluster.network.data
		flows = append(flows, tcp(w.pod(t, "postgres-provisioner"), netip.MustParseAddr(address), 5432, "it makes databases"),
			tcp(w.pod(t, "postgres-provisioner"), somewhere, 443, "it gets a password from the cloud"))
	}
	if declared {
		for _, name := range catalogue.Names() {
			flows = append(flows,
				tcp(w.pod(t, name+"-service"), netip.MustParseAddr(address), 5432, "%s keeps its data there", name),
				tcp(w.pod(t, name+"-service-migration"), netip.MustParseAddr(address), 5432, "a release migrates it"))
		}
	}
	return flows
}

// ingress returns the connections by which users come in, and those that the certificate needs.
func (w *world) ingress(t *testing.T, around surrounding) []flow {
	t.Helper()
	traefik, certManager, solver := w.pod(t, "traefik"), w.pod(t, "cert-manager"), w.pod(t, "solver")
	// A control plane of EKS has addresses in the network of the nodes.
	asking := outside("the API server", "10.24.0.11")
	if around.asks != "" {
		asking = w.pod(t, around.asks)
	}
	flows := []flow{
		tcp(user, traefik.Address, 8000, "the load balancer keeps the user's address"),
		tcp(user, traefik.Address, 8443, "the load balancer keeps the user's address"),
		tcp(asking, certManager.Address, operator.WebhookPort, "the API server asks the webhook"),
		tcp(traefik, solver.Address, solverPort, "the issuer asks for the proof"),
		tcp(certManager, host, 80, "it looks at the proof itself first"),
		tcp(certManager, somewhere, 443, "it asks the issuer"),
		tcp(w.pod(t, "prometheus-a"), traefik.Address, 9100, "the controller is scraped"),
	}
	for _, name := range catalogue.Names() {
		flows = append(flows, tcp(traefik, w.pod(t, name+"-service").Address, servicePort, "a route leads to %s", name))
	}
	return flows
}

func (w *world) unwanted(t *testing.T, around surrounding) []flow {
	t.Helper()
	neighbour, planted, grafana := w.pod(t, "neighbour"), w.pod(t, "planted"), w.pod(t, "grafana")
	metadata := netip.MustParseAddr("169.254.169.254")
	flows := []flow{
		tcp(planted, neighbour.Address, servicePort, "what is labelled as part of the platform inherits nothing"),
		tcp(planted, somewhere, 443, "it has no partners"),
		tcp(grafana, somewhere, 443, "Grafana has none either"),
		tcp(grafana, w.pod(t, "auth-service").Address, servicePort, "and scrapes nobody"),
		tcp(neighbour, w.pod(t, "prometheus-a").Address, 9090, "a neighbour asks no Prometheus"),
		tcp(neighbour, w.pod(t, "alertmanager-a").Address, 9093, "nor does it silence an alert"),
		tcp(neighbour, w.pod(t, "node-exporter").Address, 9100, "nor does it learn of the nodes"),
		tcp(w.pod(t, "auth-service-migration"), somewhere, 443, "nor has a migration"),
	}
	for _, from := range []networktest.Host{planted, grafana, w.pod(t, "auth-service-migration")} {
		flows = append(flows, tcp(from, metadata, 80, "it has no identity"))
		if around.identity.IsValid() {
			flows = append(flows, tcp(from, around.identity.Addr(), int(around.identity.Port()), "it has no identity"))
		}
	}
	for _, name := range catalogue.Names() {
		service := w.pod(t, name+"-service")
		flows = append(flows,
			tcp(neighbour, service.Address, servicePort, "a neighbour has no business with %s", name),
			tcp(user, service.Address, servicePort, "a user comes through the controller"),
			tcp(planted, service.Address, servicePort, "what is labelled as part of the platform inherits nothing"),
			tcp(service, planted.Address, 6379, "nor is it reached"),
			tcp(service, neighbour.Address, servicePort, "%s has no business with a neighbour", name))
		if around.identity.Addr() != metadata {
			flows = append(flows, tcp(service, metadata, 80, "the node's credentials are not for %s", name))
		}
		if known, _ := catalogue.Lookup(name); !known.Internet && !w.hasBucketsOfTheCloud(name) {
			flows = append(flows, tcp(service, somewhere, 443, "%s has no partners on the internet", name))
		}
	}
	if w.cfg.Operators == config.Helm {
		for _, name := range w.cfg.UsedOperators() {
			pod := w.pod(t, string(name))
			flows = append(flows, tcp(pod, metadata, 80, "%s has no identity of its own", name))
			if name != operator.Traefik { // Everyone may reach Traefik.
				flows = append(flows, tcp(neighbour, pod.Address, 8443, "a neighbour has no business with %s", name))
			}
		}
	}
	return append(flows, w.unlogged(t)...)
}
