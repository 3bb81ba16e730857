package monitoring

import (
	"github.com/dreamseed/platform/internal/ingress"
	"github.com/dreamseed/platform/internal/namespace"
	"github.com/dreamseed/platform/internal/operator"
	"github.com/dreamseed/platform/monitoring/alertmanager"
	"github.com/dreamseed/platform/monitoring/exporter"
	"github.com/dreamseed/platform/monitoring/grafana"
	"github.com/dreamseed/platform/monitoring/prometheus"
	"github.com/dreamseed/platform/monitoring/scrape"
)

// The pods of the monitoring namespace, by their label app.kubernetes.io/name.
var (
	prometheusPods   = namespace.Named("prometheus")
	alertmanagerPods = namespace.Named("alertmanager")
	grafanaPods      = namespace.Named("grafana")
	exporterPods     = namespace.Named("kube-state-metrics")
)

// GrafanaBackend returns Grafana's pods as the route to it leads to them.
func (s Spec) GrafanaBackend(in string) ingress.Backend {
	return ingress.Backend{Namespace: in, Pods: grafanaPods, Port: grafana.Port}
}

// PoliciesArgs are the inputs of Policies.
type PoliciesArgs struct {
	Spec Spec
	// Namespace is the namespace of the monitoring.
	Namespace string
	// Targets are the scraped ports.
	Targets []scrape.Target
	// Ingress is the ingress of the environment, which may lead to Grafana.
	Ingress ingress.Spec
	// Nodes is the range of the nodes' addresses, at which kubelets answer. Empty if it is unknown.
	Nodes string
	// Operators are the operators that query Prometheus.
	Operators []operator.Operator
}

// Policies returns the policies of the monitoring namespace: for scraping, queries, alerts and notifications.
func Policies(args PoliciesArgs) []namespace.Policy {
	policies := []namespace.Policy{
		{Name: "allow-scrape", Pods: prometheusPods, Direction: namespace.Egress, Peers: args.scraped()},
		{Name: "allow-kubelets", Pods: prometheusPods, Direction: namespace.Egress, Peers: args.kubelets()},
		{Name: "allow-api-server", Pods: both(prometheusPods, exporterPods), Direction: namespace.Egress,
			Peers: []namespace.Peer{namespace.APIServer()}},
	}
	for _, one := range []struct {
		what     string
		from, to namespace.Pods
		port     int
	}{
		{"scrape-of-itself", prometheusPods, prometheusPods, prometheus.Port},
		{"scrape-of-objects", prometheusPods, exporterPods, exporter.KubeStateMetricsPort},
		{"scrape-of-grafana", prometheusPods, grafanaPods, grafana.Port},
		{"alerts", prometheusPods, alertmanagerPods, alertmanager.Port},
		{"queries", grafanaPods, prometheusPods, prometheus.Port},
	} {
		policies = append(policies, namespace.Within(one.what, one.from, one.to, one.port)...)
	}
	policies = append(policies, gossip())
	if args.Spec.Grafana.Host != "" {
		policies = append(policies, args.Ingress.Policies(args.Spec.GrafanaBackend(args.Namespace))...)
	}
	return append(policies, args.outside()...)
}

// scraped returns the scraped ports of other namespaces.
func (args PoliciesArgs) scraped() []namespace.Peer {
	var peers []namespace.Peer
	for _, target := range args.Targets {
		if target.Namespace != args.Namespace {
			peers = append(peers, namespace.Peer{Namespace: target.Namespace, Pods: target.Pods, TCP: []int{target.Port}})
		}
	}
	return peers
}

// kubelets returns the port of the kubelets: in the nodes' network, or in any where that is unknown.
func (args PoliciesArgs) kubelets() []namespace.Peer {
	if args.Nodes != "" {
		return []namespace.Peer{{CIDR: args.Nodes, TCP: []int{kubeletPort}}}
	}
	anywhere := namespace.APIServer()
	anywhere.TCP = []int{kubeletPort}
	return []namespace.Peer{anywhere}
}

// kubeletPort is the port on which a kubelet serves its metrics
// (https://kubernetes.io/docs/reference/networking/ports-and-protocols).
const kubeletPort = 10250

// both selects the pods of two lists of names.
func both(one, other namespace.Pods) namespace.Pods {
	return namespace.Named(append(one.Names[:1:1], other.Names...)...)
}

// gossip lets the replicas of Alertmanager tell each other which alerts they have sent.
func gossip() namespace.Policy {
	ports := []int{alertmanager.GossipPort}
	return namespace.Policy{
		Name: "allow-gossip", Pods: alertmanagerPods, Direction: namespace.Both,
		Peers: []namespace.Peer{{Pods: alertmanagerPods, TCP: ports, UDP: ports}},
	}
}

// outside lets receivers be told, samples be written to remote stores, and operators ask.
func (args PoliciesArgs) outside() []namespace.Policy {
	var policies []namespace.Policy
	if len(args.Spec.Receivers) > 0 {
		policies = append(policies, namespace.Policy{Name: "allow-receivers", Pods: alertmanagerPods,
			Direction: namespace.Egress, Peers: []namespace.Peer{namespace.Internet()}})
	}
	if len(args.Spec.RemoteWrite) > 0 {
		policies = append(policies, namespace.Policy{Name: "allow-remote-write", Pods: prometheusPods,
			Direction: namespace.Egress, Peers: []namespace.Peer{namespace.Internet()}})
	}
	for _, one := range args.Operators {
		if one.Queries {
			policies = append(policies, namespace.Policy{Name: "allow-queries-of-" + string(one.Name), Pods: prometheusPods,
				Direction: namespace.Ingress, Peers: []namespace.Peer{{Namespace: string(one.Name), TCP: []int{prometheus.Port}}}})
		}
	}
	return policies
}
