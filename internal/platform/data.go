package platform

import (
	"slices"

	"github.com/dreamseed/platform/data"
	"github.com/dreamseed/platform/data/store"
	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/namespace"
	"github.com/dreamseed/platform/internal/operator"
)

// newData registers the data stores that run in the cluster. They come with the services, not before.
func (b *builder) newData() error {
	if !b.cfg.Data.InCluster() || b.cfg.Secrets.Bootstrap {
		return nil
	}
	made, err := data.New(b.ctx, "data", &data.Args{
		Spec:  b.cfg.Data,
		Zones: b.cfg.Cluster.Zones,
		Environment: store.Environment{
			Services:        b.cfg.Services,
			Namespace:       b.servicesNamespace.Name,
			StorageClass:    b.cluster.StorageClass,
			Protect:         b.cfg.Cluster.Protect && b.cfg.Cluster.Cloud.Managed(),
			DeadlineSeconds: b.cfg.RolloutDeadlineSeconds,
			After: slices.Concat(b.cluster.Ready, b.priorityClasses, b.servicesNamespace.Resources(), b.secretOperators(),
				b.operators[operator.CloudNativePG], b.operators[operator.Strimzi]),
		},
	}, b.onCluster)
	if err != nil {
		return err
	}
	b.connections = made.Connections
	return nil
}

// dataPolicies lets each service reach the stores that it declares, wherever they are.
func dataPolicies(cfg *config.Config) []namespace.Policy {
	return cfg.Data.Policies(data.PolicyArgs{
		Services:   cfg.Services,
		Monitoring: config.MonitoringNamespace,
		Closed:     cfg.Closed(),
	})
}
