package platform

import (
	"fmt"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/operator"
	"github.com/dreamseed/platform/services"
	"github.com/dreamseed/platform/services/catalogue"
)

// MonitoringNamespace is where whatever watches the platform lives.
const MonitoringNamespace = "dreamseed-monitoring"

// Build registers one environment from the cluster up and exports the stack's outputs.
func Build(ctx *pulumi.Context, cfg *config.Config, clouds cluster.Builders) error {
	if err := ctx.RegisterStackTransformation(takeOver); err != nil {
		return fmt.Errorf("taking fields over: %w", err)
	}
	target, err := buildCluster(ctx, cfg, clouds)
	if err != nil {
		return err
	}
	if err := checkAdoption(ctx, cfg, target); err != nil {
		return err
	}
	onCluster := pulumi.Provider(target.Provider)
	priorities, err := newPriorityClasses(ctx, onCluster)
	if err != nil {
		return err
	}
	home, err := newServicesNamespace(ctx, cfg, target, onCluster)
	if err != nil {
		return err
	}
	monitoring, err := newMonitoringNamespace(ctx, cfg, onCluster)
	if err != nil {
		return err
	}
	installed, err := newOperators(ctx, cfg, target, home, onCluster)
	if err != nil {
		return err
	}
	ready := slices.Concat(target.Ready, priorities, home.Resources(), installed[operator.ArgoRollouts])
	running, err := newServices(ctx, cfg, target, home, installed, ready)
	if err != nil {
		return err
	}
	if err := newIngress(ctx, cfg, home, installed, running, onCluster); err != nil {
		return err
	}
	export(ctx, target, []*Namespace{home, monitoring}, running)
	return nil
}

// newIngress waits for the controller, and for the services that its routes lead to.
func newIngress(
	ctx *pulumi.Context, cfg *config.Config, home *Namespace, installed operators, running []*services.Service,
	opts ...pulumi.ResourceOption,
) error {
	if !cfg.Ingress.Enabled() || len(running) == 0 {
		return nil
	}
	var objects []pulumi.Resource
	for _, service := range running {
		objects = append(objects, service.Objects...)
	}
	_, err := NewIngress(ctx, "ingress", &IngressArgs{
		Namespace: home.Name, Config: cfg.Ingress, DeadlineSeconds: cfg.RolloutDeadlineSeconds, Services: objects,
		Operators: append(home.Resources(), installed.all()...),
	}, opts...)
	return err
}

func buildCluster(ctx *pulumi.Context, cfg *config.Config, clouds cluster.Builders) (*cluster.Cluster, error) {
	build, found := clouds[cfg.Cluster.Cloud]
	if !found {
		return nil, fmt.Errorf("building cluster %s: this program was compiled without cloud %q",
			cfg.Cluster.Name, cfg.Cluster.Cloud)
	}
	target, err := build(ctx, "cluster", &cfg.Cluster)
	if err != nil {
		return nil, fmt.Errorf("building cluster %s:\n%w", cfg.Cluster.Name, err)
	}
	return target, nil
}

// newServices registers the services with their Secrets, and none of them while there is nothing to seal Secrets with.
func newServices(
	ctx *pulumi.Context, cfg *config.Config, target *cluster.Cluster, home *Namespace, installed operators,
	after []pulumi.Resource,
) ([]*services.Service, error) {
	if cfg.Secrets.Bootstrap {
		return nil, nil
	}
	given, err := newSecrets(ctx, cfg, target, home, installed)
	if err != nil {
		return nil, err
	}
	migrated, err := migratedImages(ctx)
	if err != nil {
		return nil, err
	}
	live, err := liveServices(ctx, cfg, target)
	if err != nil {
		return nil, err
	}
	var running []*services.Service
	for _, service := range cfg.Services {
		identity, err := target.NewIdentity(ctx, service.Name+"-identity", &cluster.IdentityArgs{
			Namespace:      home.Name,
			ServiceAccount: service.Workload(),
		})
		if err != nil {
			return nil, fmt.Errorf("giving service %s an identity: %w", service.Name, err)
		}
		service.Image = pulledFrom(target.Registry, service.Image)
		one, err := services.NewService(ctx, service.Name, &services.Args{
			Service:                service,
			Namespace:              home.Name,
			Environment:            string(cfg.Environment),
			RedisURL:               cfg.RedisURL,
			KafkaBootstrapServers:  cfg.KafkaBootstrapServers,
			RolloutDeadlineSeconds: cfg.RolloutDeadlineSeconds,
			Place:                  config.Place(&cfg.Cluster),
			Spot:                   target.Spot,
			Identity:               identity,
			Secrets:                given[service.Name],
			PrometheusURL:          cfg.Metrics.PrometheusURL,
			RequestsMetric:         cfg.Metrics.RequestsPerSecond,
			Live:                   live,
			Migrated:               migrated[service.Name],
			After:                  slices.Concat(after, identity.Ready, given[service.Name].Ready),
		}, pulumi.Provider(target.Provider))
		if err != nil {
			return nil, err
		}
		running = append(running, one)
	}
	return running, nil
}

// pulledFrom names the cluster's own registry in an image that names none.
func pulledFrom(registry, image string) string {
	if registry == "" || catalogue.NamesRegistry(image) {
		return image
	}
	return registry + "/" + image
}
