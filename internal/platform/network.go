package platform

import (
	"slices"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/namespace"
	"github.com/dreamseed/platform/services/catalogue"
)

// servicesPolicies returns the policies that allow the connections of the services: to each other, from the scraper, to
// their identity endpoints, and to the declared destinations outside.
func servicesPolicies(cfg *config.Config, target *cluster.Cluster) []namespace.Policy {
	services := cfg.ServicePods()
	policies := []namespace.Policy{
		{
			Name: "allow-service-to-service", Pods: services, Direction: namespace.Both,
			Peers: []namespace.Peer{{Pods: services, TCP: []int{catalogue.Port}}},
		},
		{
			Name: "allow-scrape", Pods: services, Direction: namespace.Ingress,
			Peers: []namespace.Peer{{Namespace: config.MonitoringNamespace, TCP: []int{catalogue.Port}}},
		},
	}
	if len(target.IdentityEndpoints) > 0 {
		policies = append(policies, namespace.Policy{
			Name: "allow-identity", Pods: services, Direction: namespace.Egress, Peers: endpoints(target.IdentityEndpoints),
		})
	}
	if len(cfg.Egress) > 0 {
		policies = append(policies, namespace.Policy{
			Name: "allow-declared-egress", Pods: services, Direction: namespace.Egress, Peers: outside(cfg.Egress),
		})
	}
	for _, service := range cfg.Services {
		policies = append(policies, serviceEgress(service)...)
	}
	return slices.Concat(policies, dataPolicies(cfg, target), cfg.Ingress.Policies(cfg.ServicesBackend()))
}

func endpoints(of []cluster.Endpoint) []namespace.Peer {
	var peers []namespace.Peer
	for _, endpoint := range of {
		peers = append(peers, namespace.Peer{CIDR: endpoint.CIDR, TCP: endpoint.TCP})
	}
	return peers
}

// serviceEgress allows the destinations outside the cluster that only this service needs.
func serviceEgress(service catalogue.Service) []namespace.Policy {
	peers := outside(service.Egress)
	if service.Internet {
		peers = append(peers, namespace.Internet())
	}
	if len(peers) == 0 {
		return nil
	}
	return []namespace.Policy{{
		Name:      "allow-" + service.Name + "-egress",
		Pods:      namespace.Named(service.Workload()),
		Direction: namespace.Egress,
		Peers:     peers,
	}}
}

func outside(destinations []catalogue.Egress) []namespace.Peer {
	var peers []namespace.Peer
	for _, destination := range destinations {
		peers = append(peers, namespace.Peer{CIDR: destination.CIDR, Except: destination.Except, TCP: destination.Ports})
	}
	return peers
}
