package platform

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/data"
	"github.com/dreamseed/platform/data/store"
	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/invalid"
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

// dataOutput is the stack output with what holds data in the cluster. From it, the next run knows what may not go.
const dataOutput = "data"

// keepData refuses a configuration that would lose what the last complete run left.
func keepData(last *lastRun, cfg *config.Config) error {
	var before data.Kept
	if _, err := last.read(dataOutput, &before); err != nil {
		return err
	}
	var problems invalid.Problems
	if cfg.Secrets.Bootstrap && len(before) > 0 {
		problems.Add("secrets.bootstrap", true, "must be false: data stores run in the cluster")
		return problems
	}
	cfg.Data.ValidateChange(before, cfg.Services, &problems)
	return problems.Err()
}

// keptData returns the output for the next run.
func keptData(cfg *config.Config) pulumi.Map {
	all := pulumi.Map{}
	if cfg.Secrets.Bootstrap {
		return all
	}
	for key, one := range cfg.Data.Kept(cfg.Services) {
		kept := pulumi.Map{"storage": pulumi.String(one.Storage), "holds": pulumi.ToStringMap(one.Holds)}
		if one.Brokers > 0 {
			kept["brokers"] = pulumi.Int(one.Brokers)
		}
		all[key] = kept
	}
	return all
}

// dataPolicies lets each service reach the stores that it declares, wherever they are.
func dataPolicies(cfg *config.Config) []namespace.Policy {
	return cfg.Data.Policies(data.PolicyArgs{
		Services:   cfg.Services,
		Monitoring: config.MonitoringNamespace,
		Closed:     cfg.Closed(),
	})
}
