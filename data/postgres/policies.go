package postgres

import (
	"github.com/dreamseed/platform/data/store"
	"github.com/dreamseed/platform/internal/kube"
	"github.com/dreamseed/platform/internal/namespace"
	"github.com/dreamseed/platform/monitoring/contract"
	"github.com/dreamseed/platform/monitoring/scrape"
	"github.com/dreamseed/platform/services"
	"github.com/dreamseed/platform/services/catalogue"
)

// Name is the name of the Cluster. CloudNativePG derives the names of what it makes from it: postgres-rw is the Service
// of the instance that is written to.
const Name = "postgres"

// Ports of an instance (https://cloudnative-pg.io/docs/1.30/security#exposed-ports).
const (
	// statusPort is where the operator, and the other instances, ask an instance how it is.
	statusPort = 8000
	// MetricsPort serves the metrics of an instance.
	MetricsPort = 9187
)

// Instances selects the pods of the servers, and those that make one.
func Instances() namespace.Pods {
	return namespace.Pods{Labels: map[string]string{"cnpg.io/cluster": Name}}
}

// BackupPods selects the pods that read or write backups. The object store has to let them in.
func BackupPods() namespace.Pods {
	return namespace.Pods{Labels: map[string]string{kube.ComponentLabel: backupComponent}}
}

// PolicyArgs are the peers of PostgreSQL.
type PolicyArgs struct {
	// Services are those of the environment. Those without a database get no way to it.
	Services []catalogue.Service
	// Operator and Monitoring are the namespaces of CloudNativePG and of Prometheus.
	Operator, Monitoring string
	// Closed are the ranges that no destination opens.
	Closed []catalogue.Closed
	// ObjectStore is where backups go.
	ObjectStore []namespace.Peer
	// Range is the network of the server that the cloud runs.
	Range string
	// Identity are the endpoints at which a pod gets the credential of its identity.
	Identity []namespace.Peer
}

// Policies returns the policies of the services' namespace, for both sides of each connection.
func (s Spec) Policies(args PolicyArgs) []namespace.Policy {
	declare := declaring(args.Services)
	switch {
	case len(declare) == 0:
		return nil
	case s.Mode == store.External:
		return s.externalPolicies(declare, args.Closed)
	case s.Mode == store.InCluster:
		return s.inClusterPolicies(declare, args)
	case s.Mode == store.Managed:
		return managedPolicies(declare, args)
	default:
		return nil
	}
}

// client is a kind of pods that sign in to a database.
type client struct {
	name string
	pods namespace.Pods
}

// clients returns the pods of the services, and those that migrate their databases.
func clients(declare []catalogue.Service) []client {
	var workloads, migrations []string
	for _, service := range declare {
		workloads = append(workloads, service.Workload())
		migrations = append(migrations, services.MigrationName(service))
	}
	return []client{
		{"services", namespace.Named(workloads...)},
		{"migrations", withComponent(services.MigrationComponent, migrations...)},
	}
}

func withComponent(component string, names ...string) namespace.Pods {
	return namespace.Pods{Labels: map[string]string{kube.ComponentLabel: component}, Names: names}
}

// dumping returns the pods that sign in to dump and to restore. The drill has a server of its own.
func dumping(declare []catalogue.Service) client {
	var names []string
	for _, service := range declare {
		names = append(names, BackupName(service.Name), RestoreName(service.Name))
	}
	return client{"backups", withComponent(backupComponent, names...)}
}

func (s Spec) inClusterPolicies(declare []catalogue.Service, args PolicyArgs) []namespace.Policy {
	instances := Instances()
	policies := []namespace.Policy{
		{
			Name: "allow-postgres-instances", Pods: instances, Direction: namespace.Both,
			Peers: []namespace.Peer{{Pods: instances, TCP: []int{Port, statusPort}}},
		},
		{
			Name: "allow-postgres-api-server", Pods: instances, Direction: namespace.Egress,
			Peers: []namespace.Peer{namespace.APIServer()},
		},
		{
			Name: "allow-postgres-operator", Pods: instances, Direction: namespace.Ingress,
			Peers: []namespace.Peer{{Namespace: args.Operator, TCP: []int{statusPort}}},
		},
		{
			Name: "allow-postgres-scrape", Pods: instances, Direction: namespace.Ingress,
			Peers: []namespace.Peer{{Namespace: args.Monitoring, TCP: []int{MetricsPort}}},
		},
	}
	all := clients(declare)
	if s.Backup.Enabled() {
		all = append(all, dumping(declare))
		policies = append(policies, namespace.Policy{
			Name: "allow-postgres-backups-to-object-store", Pods: BackupPods(), Direction: namespace.Egress,
			Peers: args.ObjectStore,
		})
	}
	for _, one := range all {
		policies = append(policies, namespace.Within("postgres-from-"+one.name, one.pods, instances, Port)...)
	}
	return policies
}

func (s Spec) externalPolicies(declare []catalogue.Service, closed []catalogue.Closed) []namespace.Policy {
	return outside(clients(declare), s.External.Peer(closed))
}

// managedPolicies let the provisioner get a credential and reach the cloud's API, too, of which no address is known.
func managedPolicies(declare []catalogue.Service, args PolicyArgs) []namespace.Policy {
	server := store.Address{CIDR: args.Range, Port: Port}.Peer(args.Closed)
	provisioner := client{"provisioner", namespace.Named(ProvisionerName)}
	return append(outside(append(clients(declare), provisioner), server), namespace.Policy{
		Name: "allow-postgres-provisioner-identity", Pods: provisioner.pods, Direction: namespace.Egress,
		Peers: args.Identity,
	}, namespace.Policy{
		Name: "allow-postgres-provisioner-to-cloud", Pods: provisioner.pods, Direction: namespace.Egress,
		Peers: []namespace.Peer{namespace.Internet()},
	})
}

// outside lets clients reach a server outside the cluster.
func outside(clients []client, server namespace.Peer) []namespace.Policy {
	var policies []namespace.Policy
	for _, one := range clients {
		policies = append(policies, namespace.Policy{
			Name: "allow-postgres-from-" + one.name + "-out", Pods: one.pods, Direction: namespace.Egress,
			Peers: []namespace.Peer{server},
		})
	}
	return policies
}

// Job is the name of the job that scrapes the instances.
const Job = contract.JobPostgres

// Targets returns what is scraped in the services' namespace.
func (s Spec) Targets(namespace string) []scrape.Target {
	if s.Mode != store.InCluster {
		return nil
	}
	return []scrape.Target{{Job: Job, Namespace: namespace, Pods: Instances(), Port: MetricsPort}}
}
