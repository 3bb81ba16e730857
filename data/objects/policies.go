package objects

import (
	"slices"

	"github.com/dreamseed/platform/data/store"
	"github.com/dreamseed/platform/internal/namespace"
	"github.com/dreamseed/platform/monitoring/contract"
	"github.com/dreamseed/platform/monitoring/scrape"
	"github.com/dreamseed/platform/services/catalogue"
)

// Around is what the policies are about.
type Around struct {
	// Services are those of the environment.
	Services []catalogue.Service
	// Backups selects the pods that write and read backups. Empty for none.
	Backups namespace.Pods
	// Monitoring is the namespace of Prometheus.
	Monitoring string
	// Closed are the ranges that no destination opens.
	Closed []catalogue.Closed
}

// Policies returns the policies of the services' namespace: the services that declare buckets and the pods of the
// backups reach the protocol, Prometheus the metrics, and nobody anything else. The pod itself goes nowhere.
// A cloud's object storage is somewhere on the internet, of which no address is known.
func (s Spec) Policies(around Around) []namespace.Policy {
	var workloads []string
	for _, service := range Needing(around.Services) {
		workloads = append(workloads, service.Workload())
	}
	switch s.Mode {
	case store.External:
		return outside(workloads, around, s.External.Peer(around.Closed))
	case store.Managed:
		return outside(workloads, around, namespace.Internet())
	case store.InCluster:
	}
	policies := namespace.Within(Name, namespace.Named(append(workloads, jobName)...), pods(), Port)
	if selects(around.Backups) {
		policies = slices.Concat(policies, namespace.Within("backups-to-"+Name, around.Backups, pods(), Port))
	}
	return append(policies, namespace.Policy{
		Name: "allow-scrape-of-" + Name, Pods: pods(), Direction: namespace.Ingress,
		Peers: []namespace.Peer{{
			Namespace: around.Monitoring, Pods: namespace.Named(contract.JobPrometheus), TCP: []int{MetricsPort},
		}},
	})
}

// outside returns the ways to a store outside the cluster.
func outside(workloads []string, around Around, to namespace.Peer) []namespace.Policy {
	var policies []namespace.Policy
	add := func(name string, from namespace.Pods) {
		policies = append(policies, namespace.Policy{
			Name: name, Pods: from, Direction: namespace.Egress, Peers: []namespace.Peer{to},
		})
	}
	if len(workloads) > 0 {
		add("allow-"+Name+"-out", namespace.Named(workloads...))
	}
	if selects(around.Backups) {
		add("allow-backups-to-"+Name+"-out", around.Backups)
	}
	return policies
}

// selects reports whether any label is named: without one, every pod would be selected.
func selects(some namespace.Pods) bool { return len(some.Labels)+len(some.Names) > 0 }

// Targets returns what is scraped. of is the namespace of the services.
func (s Spec) Targets(of string) []scrape.Target {
	if s.Mode != store.InCluster {
		return nil
	}
	return []scrape.Target{{Job: contract.JobObjects, Namespace: of, Pods: pods(), Port: MetricsPort}}
}

func pods() namespace.Pods { return namespace.Named(Name) }
