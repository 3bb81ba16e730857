package logging

import (
	"github.com/dreamseed/platform/internal/namespace"
	"github.com/dreamseed/platform/monitoring/contract"
	"github.com/dreamseed/platform/monitoring/logging/collector"
	"github.com/dreamseed/platform/monitoring/logging/elastic"
	"github.com/dreamseed/platform/monitoring/logging/pipeline"
	"github.com/dreamseed/platform/monitoring/logging/victorialogs"
	"github.com/dreamseed/platform/monitoring/scrape"
)

// The pods, by their label app.kubernetes.io/name.
var (
	collectorPods     = namespace.Named(collector.Name)
	victoriaLogsPods  = namespace.Named(victorialogs.Name)
	prometheusPods    = namespace.Named(contract.JobPrometheus)
	elasticsearchPods = namespace.Named(elastic.Elasticsearch)
	// clientPods ask Elasticsearch within its namespace.
	clientPods = namespace.Named(elastic.Kibana, elastic.Lifecycle)
)

// door is where a store takes lines.
type door struct {
	pods namespace.Pods
	port int
}

var doors = map[Store]door{
	Elastic: {elasticsearchPods, elastic.Port}, VictoriaLogs: {victoriaLogsPods, victorialogs.Port},
}

// Policies returns the policies of the store's namespace: the collectors reach the store, and its parts reach each
// other. operator is the namespace of ECK, and collectors that of the collectors.
func (s Spec) Policies(collectors, operator string) []namespace.Policy {
	to, found := doors[s.Store]
	if !found {
		return nil
	}
	policies := []namespace.Policy{{
		Name: "allow-logs", Pods: to.pods, Direction: namespace.Ingress,
		Peers: []namespace.Peer{{Namespace: collectors, Pods: collectorPods, TCP: []int{to.port}}},
	}}
	if s.Store == VictoriaLogs {
		return append(policies, namespace.Within("scrape-of-logs", prometheusPods, to.pods, to.port)...)
	}
	return append(policies,
		namespace.Policy{
			Name: "allow-elasticsearch-nodes", Pods: elasticsearchPods, Direction: namespace.Both,
			Peers: []namespace.Peer{{Pods: elasticsearchPods, TCP: []int{elastic.PeerPort}}},
		},
		namespace.Policy{
			Name: "allow-elasticsearch-clients-out", Pods: clientPods, Direction: namespace.Egress,
			Peers: []namespace.Peer{{Pods: elasticsearchPods, TCP: []int{elastic.Port}}},
		},
		namespace.Policy{
			Name: "allow-elasticsearch-clients", Pods: elasticsearchPods, Direction: namespace.Ingress,
			Peers: []namespace.Peer{
				{Pods: clientPods, TCP: []int{elastic.Port}},
				{Namespace: operator, TCP: []int{elastic.Port}},
			},
		},
	)
}

// CollectorPolicies returns the policies of the collectors' namespace: they ask the API server for the services' pods,
// send to the store in its namespace, and are scraped from there.
func (s Spec) CollectorPolicies(store string) []namespace.Policy {
	to, found := doors[s.Store]
	if !found {
		return nil
	}
	return []namespace.Policy{
		{
			Name: "allow-api-server", Pods: collectorPods, Direction: namespace.Egress,
			Peers: []namespace.Peer{namespace.APIServer()},
		},
		{
			Name: "allow-logs-out", Pods: collectorPods, Direction: namespace.Egress,
			Peers: []namespace.Peer{{Namespace: store, Pods: to.pods, TCP: []int{to.port}}},
		},
		{
			Name: "allow-scrape-of-collectors", Pods: collectorPods, Direction: namespace.Ingress,
			Peers: []namespace.Peer{{Namespace: store, TCP: []int{pipeline.MetricsPort}}},
		},
	}
}

// Targets returns what is scraped of the logs. Elasticsearch serves no metrics: its exporter would be one more program
// with one more user, and what matters of it shows in the collectors and the volumes.
func (s Spec) Targets(store, collectors string) []scrape.Target {
	if !s.Enabled() {
		return nil
	}
	targets := []scrape.Target{{
		Job: contract.JobLogCollector, Namespace: collectors, Pods: collectorPods, Port: pipeline.MetricsPort,
	}}
	if s.Store == VictoriaLogs {
		targets = append(targets, scrape.Target{
			Job: contract.JobVictoriaLogs, Namespace: store, Pods: victoriaLogsPods, Port: victorialogs.Port,
		})
	}
	return targets
}
