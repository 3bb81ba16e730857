package platform

import (
	"slices"

	"github.com/dreamseed/platform/internal/config"
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
		{Name: "allow-dns", Directions: []string{egress}, Peers: []Peer{
			{Namespace: "kube-system", Pods: map[string]string{"k8s-app": "kube-dns"}, TCP: []int{53}, UDP: []int{53}},
			// NodeLocal DNSCache listens on this address of every node
			// (https://kubernetes.io/docs/tasks/administer-cluster/nodelocaldns/).
			{CIDR: "169.254.20.10/32", TCP: []int{53}, UDP: []int{53}},
		}},
	}
}

// servicesPolicies open what the services need: each other, being scraped, and what was declared outside.
func servicesPolicies(cfg *config.Config) []Policy {
	policies := []Policy{
		{
			Name: "allow-service-to-service", Pods: ours(), Directions: []string{ingress, egress},
			Peers: []Peer{{Pods: ours(), TCP: []int{catalogue.Port}}},
		},
		{
			Name: "allow-scrape", Pods: ours(), Directions: []string{ingress},
			Peers: []Peer{{Namespace: MonitoringNamespace, TCP: []int{catalogue.Port}}},
		},
	}
	if databases := databasesAmong(cfg.Egress); len(databases) > 0 {
		policies = append(policies, Policy{
			Name:       "allow-migrations-to-databases",
			Pods:       map[string]string{"app.kubernetes.io/component": services.MigrationComponent},
			Directions: []string{egress}, Peers: databases,
		})
	}
	if len(cfg.Egress) > 0 {
		policies = append(policies, Policy{
			Name: "allow-declared-egress", Pods: ours(), Directions: []string{egress}, Peers: outside(cfg.Egress),
		})
	}
	for _, service := range cfg.Services {
		policies = append(policies, serviceEgress(service)...)
	}
	return append(policies, ingressPolicies(cfg.Ingress)...)
}

// ours are the pods of the services.
func ours() map[string]string {
	return map[string]string{"app.kubernetes.io/part-of": catalogue.PartOf}
}

// postgreSQL is the port that PostgreSQL is registered for
// (https://www.iana.org/assignments/service-names-port-numbers).
const postgreSQL = 5432

// databasesAmong is what of the declared destinations a migration needs: the databases alone.
func databasesAmong(destinations []catalogue.Egress) []Peer {
	var peers []Peer
	for _, destination := range destinations {
		if slices.Contains(destination.Ports, postgreSQL) {
			peers = append(peers, Peer{CIDR: destination.CIDR, TCP: []int{postgreSQL}})
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
		Pods:       map[string]string{"app.kubernetes.io/name": service.Workload()},
		Directions: []string{egress},
		Peers:      peers,
	}}
}

func outside(destinations []catalogue.Egress) []Peer {
	var peers []Peer
	for _, destination := range destinations {
		peers = append(peers, Peer{CIDR: destination.CIDR, TCP: destination.Ports})
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

// monitoringPolicies let the monitoring namespace scrape the services.
func monitoringPolicies(environment config.Environment) []Policy {
	return []Policy{{
		Name: "allow-scrape", Directions: []string{egress},
		Peers: []Peer{{Namespace: environment.Namespace(), TCP: []int{catalogue.Port}}},
	}}
}
