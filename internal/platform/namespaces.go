package platform

import (
	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/namespace"
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
	return err
}
