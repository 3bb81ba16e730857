package platform

import (
	"slices"

	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/monitoring/exporter"
	"github.com/dreamseed/platform/monitoring/logging"
)

// newLogging keeps what the services log, if the environment has a store.
func (b *builder) newLogging() error {
	if !b.cfg.Logs.Enabled() {
		return nil
	}
	_, err := logging.New(b.ctx, "logs", &logging.Args{
		Spec:              b.cfg.Logs,
		Environment:       string(b.cfg.Environment),
		Cluster:           b.cluster.Name,
		Namespace:         config.MonitoringNamespace,
		NodeAgents:        exporter.NodeAgentsNamespace,
		ServicesNamespace: b.servicesNamespace.Name,
		Zones:             b.cfg.Cluster.Zones,
		StorageClass:      b.cluster.StorageClass,
		Protect:           b.cfg.Cluster.Protect && b.cfg.Cluster.Cloud.Managed(),
		DeadlineSeconds:   b.cfg.RolloutDeadlineSeconds,
		After: slices.Concat(b.cluster.Ready, b.priorityClasses, b.monitoringNamespace.Resources(),
			b.nodeAgentsNamespace.Resources(), b.servicesNamespace.Resources(), b.secretOperators(), b.logOperators()),
	}, b.onCluster)
	return err
}
