package platform

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/config"
)

func newServicesNamespace(
	ctx *pulumi.Context, cfg *config.Config, target *cluster.Cluster, opts ...pulumi.ResourceOption,
) (*Namespace, error) {
	return NewNamespace(ctx, "services", &NamespaceArgs{
		Name:        cfg.Environment.Namespace(),
		Environment: string(cfg.Environment),
		Quota:       cfg.Quotas.Services,
		Policies:    servicesPolicies(cfg, target),
	}, opts...)
}

func newMonitoringNamespace(
	ctx *pulumi.Context, cfg *config.Config, opts ...pulumi.ResourceOption,
) (*Namespace, error) {
	return NewNamespace(ctx, "monitoring", &NamespaceArgs{
		Name:        MonitoringNamespace,
		Environment: string(cfg.Environment),
		Quota:       cfg.Quotas.Monitoring,
		Policies:    monitoringPolicies(cfg),
	}, opts...)
}
