package platform

import (
	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/namespace"
	"github.com/dreamseed/platform/monitoring/exporter"
)

func (b *builder) newNamespaces() error {
	var err error
	b.servicesNamespace, err = namespace.New(b.ctx, "services", &namespace.Args{
		Name:        b.cfg.Environment.Namespace(),
		Environment: string(b.cfg.Environment),
		Quota:       b.cfg.Quotas.Services,
		Policies:    servicesPolicies(b.cfg, b.cluster),
	}, b.onCluster)
	if err != nil {
		return err
	}
	b.monitoringNamespace, err = namespace.New(b.ctx, "monitoring", &namespace.Args{
		Name:        config.MonitoringNamespace,
		Environment: string(b.cfg.Environment),
		Quota:       b.cfg.Quotas.Monitoring,
		Policies:    monitoringPolicies(b.cfg),
	}, b.onCluster)
	if err != nil || !b.cfg.NodeAgents() {
		return err
	}
	b.nodeAgentsNamespace, err = namespace.New(b.ctx, "node-agents", &namespace.Args{
		Name:        exporter.NodeAgentsNamespace,
		Environment: string(b.cfg.Environment),
		PodSecurity: namespace.Privileged,
		Policies:    nodeAgentsPolicies(b.cfg),
	}, b.onCluster)
	return err
}
