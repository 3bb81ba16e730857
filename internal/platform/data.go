package platform

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/data"
	"github.com/dreamseed/platform/data/postgres"
	"github.com/dreamseed/platform/data/store"
	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/invalid"
	"github.com/dreamseed/platform/internal/namespace"
	"github.com/dreamseed/platform/internal/operator"
)

// newData registers the data stores that the platform provides. They come with the services, not before.
func (b *builder) newData() error {
	for _, register := range []func() error{b.newFormerServers, b.newFormerBuckets} {
		if err := register(); err != nil {
			return err
		}
	}
	if !b.cfg.Data.Provided() || b.cfg.Secrets.Bootstrap {
		return nil
	}
	made, err := data.New(b.ctx, "data", &data.Args{
		Spec:       b.cfg.Data,
		Cluster:    b.cluster,
		Identities: b.identities,
		Zones:      b.cfg.Cluster.Zones,
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

// keepData returns what the last complete run left, and refuses a configuration that would lose some of it.
func keepData(last *lastRun, cfg *config.Config) (data.Kept, error) {
	var before data.Kept
	if _, err := last.read(dataOutput, &before); err != nil {
		return nil, err
	}
	var problems invalid.Problems
	if remaining := cfg.Data.Remaining(before); cfg.Secrets.Bootstrap && len(remaining) > 0 {
		problems.Add("secrets.bootstrap", true, "must be false: the stack has data stores (%s)",
			strings.Join(remaining, ", "))
		return nil, problems
	}
	cfg.Data.ValidateChange(before, cfg.Services, &problems)
	if len(cfg.Data.FormerServers(before)) > 0 && cfg.Cluster.Network.Data == "" {
		problems.Add("cluster.network.data", nil, "must stay: a database server has its address from it (data.letGo)")
	}
	return before, problems.Err()
}

// keptData returns the output for the next run.
func keptData(cfg *config.Config, before data.Kept) pulumi.Map {
	all := pulumi.Map{}
	if cfg.Secrets.Bootstrap {
		return all
	}
	for key, one := range cfg.Data.Kept(before, cfg.Services) {
		kept := pulumi.Map{"storage": pulumi.String(one.Storage), "holds": pulumi.ToStringMap(one.Holds)}
		if one.Brokers > 0 {
			kept["brokers"] = pulumi.Int(one.Brokers)
		}
		if one.Mode == store.Managed {
			kept["mode"] = pulumi.String(one.Mode)
		}
		if len(one.Servers) > 0 {
			kept["servers"] = servers(one.Servers)
		}
		if len(one.Buckets) > 0 {
			kept["buckets"] = buckets(one.Buckets)
		}
		all[key] = kept
	}
	return all
}

// servers returns database servers as the next run reads them.
func servers(of []cluster.DatabaseSpec) pulumi.Array {
	var all pulumi.Array
	for _, one := range of {
		server := pulumi.Map{
			"tier": pulumi.String(one.Tier), "maxStorageGB": pulumi.Int(one.MaxStorageGB),
			"highAvailability": pulumi.Bool(one.HighAvailability), "retentionDays": pulumi.Int(one.RetentionDays),
			"generation": pulumi.Int(one.Generation),
		}
		if from := one.RestoreFrom; from.Generation > 0 {
			server["restoreFrom"] = pulumi.Map{"generation": pulumi.Int(from.Generation), "time": pulumi.String(from.Time)}
		}
		all = append(all, server)
	}
	return all
}

// buckets returns buckets as the next run reads them.
func buckets(of map[string]cluster.BucketSpec) pulumi.Map {
	all := pulumi.Map{}
	for name, spec := range of {
		all[name] = pulumi.Map{"retentionDays": pulumi.Int(spec.RetentionDays)}
	}
	return all
}

// newFormerServers registers the database servers that the stack had, as they are: nothing but protection refuses that
// one goes which a program no longer registers.
func (b *builder) newFormerServers() error {
	if b.cluster.NewDatabase == nil {
		return nil
	}
	for _, one := range b.cfg.Data.FormerServers(b.kept) {
		_, err := b.cluster.NewDatabase(b.ctx, &cluster.DatabaseArgs{DatabaseSpec: one, Base: postgres.Name})
		if err != nil {
			return fmt.Errorf("keeping the database server of generation %d: %w", one.Generation, err)
		}
	}
	return nil
}

// newFormerBuckets registers the buckets that the stack had, as they are and for no service.
func (b *builder) newFormerBuckets() error {
	if b.cluster.NewBucket == nil {
		return nil
	}
	former := b.cfg.Data.FormerBuckets(b.kept, b.cfg.Services)
	for _, name := range slices.Sorted(maps.Keys(former)) {
		_, err := b.cluster.NewBucket(b.ctx, &cluster.BucketArgs{BucketSpec: former[name], Base: name})
		if err != nil {
			return fmt.Errorf("keeping bucket %s: %w", name, err)
		}
	}
	return nil
}

// dataPolicies lets each service reach the stores that it declares, wherever they are.
func dataPolicies(cfg *config.Config, target *cluster.Cluster) []namespace.Policy {
	return cfg.Data.Policies(data.PolicyArgs{
		Services:   cfg.Services,
		Monitoring: config.MonitoringNamespace,
		Closed:     cfg.Closed(),
		Range:      cfg.Cluster.Network.Data,
		Identity:   endpoints(target.IdentityEndpoints),
	})
}
