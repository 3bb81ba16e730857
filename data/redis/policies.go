package redis

import (
	"github.com/dreamseed/platform/data/store"
	"github.com/dreamseed/platform/internal/namespace"
	"github.com/dreamseed/platform/monitoring/contract"
	"github.com/dreamseed/platform/monitoring/scrape"
	"github.com/dreamseed/platform/services/catalogue"
)

// Needing returns the services that declare a need of the cache.
func Needing(services []catalogue.Service) []catalogue.Service {
	var needing []catalogue.Service
	for _, service := range services {
		if service.Needs.Redis {
			needing = append(needing, service)
		}
	}
	return needing
}

// Policies returns the policies of the services' namespace: the services that declare the need reach the cache, and
// Prometheus in the namespace monitoring reaches its metrics. Nobody else does, and the pod itself goes nowhere.
func (s Spec) Policies(
	services []catalogue.Service, monitoring string, closed []catalogue.Closed,
) []namespace.Policy {
	var workloads []string
	for _, service := range Needing(services) {
		workloads = append(workloads, service.Workload())
	}
	if len(workloads) == 0 {
		return nil
	}
	clients := namespace.Named(workloads...)
	if s.Mode == store.External {
		return []namespace.Policy{{
			Name: "allow-redis-out", Pods: clients, Direction: namespace.Egress,
			Peers: []namespace.Peer{s.External.Peer(closed)},
		}}
	}
	return append(namespace.Within(Name, clients, pods(), Port), namespace.Policy{
		Name: "allow-scrape-of-redis", Pods: pods(), Direction: namespace.Ingress,
		Peers: []namespace.Peer{{
			Namespace: monitoring, Pods: namespace.Named(contract.JobPrometheus), TCP: []int{MetricsPort},
		}},
	})
}

// Targets returns what is scraped. of is the namespace of the services.
func (s Spec) Targets(of string) []scrape.Target {
	if s.Mode != store.InCluster {
		return nil
	}
	return []scrape.Target{{Job: contract.JobRedis, Namespace: of, Pods: pods(), Port: MetricsPort}}
}

func pods() namespace.Pods { return namespace.Named(Name) }
