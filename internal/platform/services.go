package platform

import (
	"fmt"
	"maps"
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/ingress"
	"github.com/dreamseed/platform/internal/operator"
	"github.com/dreamseed/platform/services"
	"github.com/dreamseed/platform/services/catalogue"
)

// newServices registers the services with their Secrets, or none of them while Secrets cannot be sealed yet.
func (b *builder) newServices() error {
	if b.cfg.Secrets.Bootstrap {
		return nil
	}
	given, err := b.newSecrets()
	if err != nil {
		return err
	}
	migrated, err := migratedImages(b.ctx, b.last)
	if err != nil {
		return err
	}
	live, err := b.liveServices()
	if err != nil {
		return err
	}
	for _, service := range b.cfg.Services {
		one, err := b.newService(service, &services.Args{
			Secrets: given[service.Name], Live: live, Migrated: migrated[service.Name],
		})
		if err != nil {
			return err
		}
		b.services = append(b.services, one)
	}
	return nil
}

// newIdentities gives each service an identity in the cloud, which the stores of the cloud know it by.
func (b *builder) newIdentities() error {
	if b.cfg.Secrets.Bootstrap {
		return nil
	}
	b.identities = map[string]*cluster.Identity{}
	for _, service := range b.cfg.Services {
		identity, err := b.cluster.NewIdentity(b.ctx, service.Name+"-identity", &cluster.IdentityArgs{
			Namespace:      b.servicesNamespace.Name,
			ServiceAccount: service.Workload(),
		})
		if err != nil {
			return fmt.Errorf("giving service %s an identity: %w", service.Name, err)
		}
		b.identities[service.Name] = identity
	}
	return nil
}

// newService registers a service and adds the arguments that depend on the environment.
func (b *builder) newService(service catalogue.Service, args *services.Args) (*services.Service, error) {
	identity, connection := b.identities[service.Name], b.connections[service.Name]
	args.Service = service
	args.Files = connection.Plain
	args.Secrets = args.Secrets.With(connection.Files, connection.Ready)
	args.Namespace = b.servicesNamespace.Name
	args.Registry = b.cluster.Registry
	args.Environment = environment(b.cfg, service)
	args.RolloutDeadlineSeconds = b.cfg.RolloutDeadlineSeconds
	args.Place = config.Place(&b.cfg.Cluster)
	args.Spot = b.cluster.Spot
	args.Identity = identity
	args.PrometheusURL = b.cfg.PrometheusURL()
	args.After = slices.Concat(b.cluster.Ready, b.priorityClasses, b.servicesNamespace.Resources(),
		b.operators[operator.ArgoRollouts], b.operators[operator.KEDA], identity.Ready, args.Secrets.Ready)
	return services.NewService(b.ctx, service.Name, args, b.onCluster)
}

// environment returns the values of a service's environment variables.
func environment(cfg *config.Config, service catalogue.Service) map[string]string {
	values := map[string]string{
		catalogue.EnvironmentVariable: string(cfg.Environment),
		catalogue.LogLevelVariable:    string(service.LogLevel),
	}
	maps.Copy(values, cfg.Data.Variables(service, &cfg.Cluster))
	return values
}

// newIngress waits for the controller, and for the services that its routes lead to.
func (b *builder) newIngress() error {
	if !b.cfg.Ingress.Enabled() || len(b.services) == 0 {
		return nil
	}
	var objects []pulumi.Resource
	for _, service := range b.services {
		objects = append(objects, service.Objects...)
	}
	_, err := ingress.New(b.ctx, "ingress", &ingress.Args{
		Spec:            b.cfg.Ingress,
		Namespace:       b.servicesNamespace.Name,
		DeadlineSeconds: b.cfg.RolloutDeadlineSeconds,
		Operators:       slices.Concat(b.servicesNamespace.Resources(), b.operators.all()),
		Services:        objects,
	}, b.onCluster)
	return err
}
