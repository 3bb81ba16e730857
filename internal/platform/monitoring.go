package platform

import (
	"slices"

	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/namespace"
	"github.com/dreamseed/platform/internal/operator"
	"github.com/dreamseed/platform/monitoring"
	"github.com/dreamseed/platform/monitoring/exporter"
	"github.com/dreamseed/platform/monitoring/scrape"
	"github.com/dreamseed/platform/services/catalogue"
)

// newMonitoring watches the environment, unless somebody else does, or no credential can be sealed yet.
func (b *builder) newMonitoring() error {
	if !b.cfg.Monitoring.IsOwn() || b.cfg.Secrets.Bootstrap {
		return nil
	}
	args := monitoringArgs(b.cfg)
	args.StorageClass = b.cluster.StorageClass
	args.Ingress, args.IngressReady = b.cfg.Ingress, b.operators.all()
	args.Secrets = backends[b.cfg.Secrets.Backend](b.cfg, b.cluster)
	args.After = slices.Concat(b.cluster.Ready, b.priorityClasses, b.monitoringNamespace.Resources(),
		b.nodeAgentsNamespace.Resources(), b.servicesNamespace.Resources(), b.secretOperators())
	_, err := monitoring.New(b.ctx, "monitoring-stack", args, b.onCluster)
	return err
}

// monitoringArgs returns what follows from the configuration alone.
func monitoringArgs(cfg *config.Config) *monitoring.Args {
	return &monitoring.Args{
		Spec:              cfg.Monitoring,
		Environment:       string(cfg.Environment),
		Namespace:         config.MonitoringNamespace,
		NodeAgents:        exporter.NodeAgentsNamespace,
		ServicesNamespace: cfg.Environment.Namespace(),
		Logs:              cfg.Logs,
		Stores:            watchedStores(cfg),
		Services:          cfg.Services,
		Operators:         installed(cfg),
		DeadlineSeconds:   cfg.RolloutDeadlineSeconds,
		Protect:           cfg.Cluster.Protect && cfg.Cluster.Cloud.Managed(),
	}
}

// watchedStores returns the data stores that run in the cluster.
func watchedStores(cfg *config.Config) monitoring.Stores {
	return monitoring.Stores{
		Targets: cfg.Data.Targets(cfg.Services, cfg.Environment.Namespace()),
		Backups: cfg.Data.Backups(cfg.Services),
		Drill:   cfg.Data.Drill(cfg.Services),
	}
}

// installed returns the operators that the stack itself installs.
func installed(cfg *config.Config) []operator.Operator {
	if cfg.Operators != config.Helm {
		return nil
	}
	return cfg.OperatorsOn(nil)
}

// monitoringPolicies returns the policies of the monitoring namespace: for the monitoring, and for the store of the
// logs.
func monitoringPolicies(cfg *config.Config) []namespace.Policy {
	return append(watchingPolicies(cfg), cfg.Logs.Policies(exporter.NodeAgentsNamespace, string(operator.ECK))...)
}

// watchingPolicies returns the policies of the monitoring. Where somebody else's Prometheus is in it, it
// may scrape the services and the data stores.
func watchingPolicies(cfg *config.Config) []namespace.Policy {
	if !cfg.Monitoring.IsOwn() {
		scraped := []namespace.Peer{{Namespace: cfg.Environment.Namespace(), TCP: []int{catalogue.Port}}}
		for _, one := range watchedStores(cfg).Targets {
			scraped = append(scraped, namespace.Peer{Namespace: one.Namespace, Pods: one.Pods, TCP: []int{one.Port}})
		}
		return []namespace.Policy{{Name: "allow-scrape", Direction: namespace.Egress, Peers: scraped}}
	}
	return monitoring.Policies(monitoring.PoliciesArgs{
		Spec:      cfg.Monitoring,
		Ingress:   cfg.Ingress,
		Namespace: config.MonitoringNamespace,
		Targets:   scrape.Targets(monitoring.ScrapeArgs(monitoringArgs(cfg))),
		Nodes:     cfg.Cluster.Network.Nodes,
		Operators: cfg.OperatorsOn(nil),
	})
}

// nodeAgentsPolicies lets Prometheus scrape the agents. Only the collectors of logs ask anybody.
func nodeAgentsPolicies(cfg *config.Config) []namespace.Policy {
	policies := cfg.Logs.CollectorPolicies(config.MonitoringNamespace)
	if !cfg.Monitoring.IsOwn() {
		return policies
	}
	return append([]namespace.Policy{{Name: "allow-scrape", Direction: namespace.Ingress, Peers: []namespace.Peer{
		{Namespace: config.MonitoringNamespace, TCP: []int{exporter.NodeExporterPort}},
	}}}, policies...)
}
