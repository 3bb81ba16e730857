package platform

import (
	"slices"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/operator"
	"github.com/dreamseed/platform/services"
	"github.com/dreamseed/platform/services/catalogue"
)

const (
	ingress = "Ingress"
	egress  = "Egress"
)

// basicPolicies close a namespace and let its pods resolve names; a namespace opens what else it needs.
func basicPolicies() []Policy {
	return []Policy{
		{Name: "default-deny", Directions: []string{ingress, egress}},
		{Name: "allow-dns", Directions: []string{egress}, Peers: resolvers()},
	}
}

// resolvers are whoever may answer a pod's questions for names. A cluster has one kind of them, and may get another by
// an upgrade.
func resolvers() []Peer {
	peers := []Peer{
		{Namespace: kubeSystem, Pods: Pods{Labels: map[string]string{"k8s-app": "kube-dns"}}},
		// The cache of the node, to which Dataplane V2 redirects what goes to kube-dns. New clusters of GKE have it
		// (https://cloud.google.com/kubernetes-engine/docs/how-to/nodelocal-dns-cache).
		{Namespace: kubeSystem, Pods: Pods{Labels: map[string]string{"k8s-app": "node-local-dns"}}},
		// The same cache where it listens on an address of every node
		// (https://kubernetes.io/docs/tasks/administer-cluster/nodelocaldns).
		{CIDR: "169.254.20.10/32"},
		// The cache of AKS (https://learn.microsoft.com/azure/aks/localdns-custom).
		{CIDR: "169.254.10.10/32"},
		{CIDR: "169.254.10.11/32"},
		// Cloud DNS for GKE answers at the metadata server's address, where this port hands out no credential
		// (https://cloud.google.com/kubernetes-engine/docs/how-to/cloud-dns).
		{CIDR: "169.254.169.254/32"},
	}
	for i := range peers {
		peers[i].TCP, peers[i].UDP = []int{dns}, []int{dns}
	}
	return peers
}

const (
	kubeSystem = "kube-system"
	// dns is the port of a name server.
	dns = 53
)

// servicesPolicies open what the services need: each other, being scraped, their identity, and what was declared
// outside.
func servicesPolicies(cfg *config.Config, target *cluster.Cluster) []Policy {
	services := ours(cfg)
	policies := []Policy{
		{
			Name: "allow-service-to-service", Pods: services, Directions: []string{ingress, egress},
			Peers: []Peer{{Pods: services, TCP: []int{catalogue.Port}}},
		},
		{
			Name: "allow-scrape", Pods: services, Directions: []string{ingress},
			Peers: []Peer{{Namespace: MonitoringNamespace, TCP: []int{catalogue.Port}}},
		},
	}
	if len(target.IdentityEndpoints) > 0 {
		policies = append(policies, Policy{
			Name: "allow-identity", Pods: services, Directions: []string{egress}, Peers: endpoints(target.IdentityEndpoints),
		})
	}
	if databases := databasesAmong(cfg.Egress); len(databases) > 0 {
		policies = append(policies, Policy{
			Name:       "allow-migrations-to-databases",
			Pods:       migrating(),
			Directions: []string{egress}, Peers: databases,
		})
	}
	if len(cfg.Egress) > 0 {
		policies = append(policies, Policy{
			Name: "allow-declared-egress", Pods: services, Directions: []string{egress}, Peers: outside(cfg.Egress),
		})
	}
	for _, service := range cfg.Services {
		policies = append(policies, serviceEgress(service)...)
	}
	return append(policies, ingressPolicies(cfg)...)
}

// ours are the pods of the services. They are named one by one, so that nothing else in their namespace inherits what
// is open for them, and because the VPC CNI opens the address of a Service only to a peer that selects what the Service
// selects (getMatchingServiceClusterIPs in
// https://github.com/aws/amazon-network-policy-controller-k8s/blob/main/pkg/resolvers/endpoints.go).
func ours(cfg *config.Config) Pods {
	var names []string
	for _, service := range cfg.Services {
		names = append(names, service.Workload())
	}
	return Pods{Names: names}
}

// migrating are the pods that bring the databases to what the services expect.
func migrating() Pods {
	return Pods{Labels: map[string]string{"app.kubernetes.io/component": services.MigrationComponent}}
}

func endpoints(of []cluster.Endpoint) []Peer {
	var peers []Peer
	for _, endpoint := range of {
		peers = append(peers, Peer{CIDR: endpoint.CIDR, TCP: endpoint.TCP})
	}
	return peers
}

// postgreSQL is the port that PostgreSQL is registered for
// (https://www.iana.org/assignments/service-names-port-numbers).
const postgreSQL = 5432

// databasesAmong is what of the declared destinations a migration needs: the databases alone.
func databasesAmong(destinations []catalogue.Egress) []Peer {
	var peers []Peer
	for _, destination := range destinations {
		if slices.Contains(destination.Ports, postgreSQL) {
			peers = append(peers, Peer{CIDR: destination.CIDR, Except: destination.Except, TCP: []int{postgreSQL}})
		}
	}
	return peers
}

// serviceEgress opens what one service alone needs outside the cluster.
func serviceEgress(service catalogue.Service) []Policy {
	peers := outside(service.Egress)
	if service.Internet {
		peers = append(peers, internet())
	}
	if len(peers) == 0 {
		return nil
	}
	return []Policy{{
		Name:       "allow-" + service.Name + "-egress",
		Pods:       Pods{Names: []string{service.Workload()}},
		Directions: []string{egress},
		Peers:      peers,
	}}
}

func outside(destinations []catalogue.Egress) []Peer {
	var peers []Peer
	for _, destination := range destinations {
		peers = append(peers, Peer{CIDR: destination.CIDR, Except: destination.Except, TCP: destination.Ports})
	}
	return peers
}

// internet is HTTPS to public addresses: not to private networks (RFC 1918, RFC 6598), where other systems of ours
// may be, and not to link-local ones (RFC 3927), where a cloud's metadata server hands out credentials.
func internet() Peer {
	return Peer{
		CIDR:   "0.0.0.0/0",
		Except: []string{"10.0.0.0/8", "100.64.0.0/10", linkLocal, "172.16.0.0/12", "192.168.0.0/16"},
		TCP:    []int{443},
	}
}

const linkLocal = "169.254.0.0/16"

// monitoringPolicies let the monitoring namespace scrape the services and their ingress controller.
func monitoringPolicies(cfg *config.Config) []Policy {
	scraped := []Peer{{Namespace: cfg.Environment.Namespace(), TCP: []int{catalogue.Port}}}
	if slices.Contains(cfg.UsedOperators(), operator.Traefik) {
		scraped = append(scraped, Peer{Namespace: string(operator.Traefik), TCP: []int{controllerMetrics}})
	}
	return []Policy{{Name: "allow-scrape", Directions: []string{egress}, Peers: scraped}}
}

// controllerMetrics is where Traefik's pods tell their metrics.
const controllerMetrics = 9100
