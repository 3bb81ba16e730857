package platform

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/operator"
	"github.com/dreamseed/platform/secrets"
	"github.com/dreamseed/platform/services"
)

// serviceSecrets holds the Secrets of each service, by its name.
type serviceSecrets map[string]*secrets.Secrets

// newSecrets registers the Secrets of each service. They wait for the operator that writes them, and for a missing
// value as long as a release may take: by then the releases of the other services have begun, which the engine would
// not start after a failure.
func (b *builder) newSecrets() (serviceSecrets, error) {
	backend := backends[b.cfg.Secrets.Backend](b.cfg, b.cluster)
	after := slices.Concat(b.servicesNamespace.Resources(), b.secretOperators())
	given := serviceSecrets{}
	for _, service := range b.cfg.Services {
		one, err := backend.NewSecrets(b.ctx, service.Name+"-secrets", &secrets.Args{
			Owner:           services.SecretOwner(service),
			Namespace:       b.servicesNamespace.Name,
			Sources:         services.SecretSources(service),
			Release:         service.Image,
			DeadlineSeconds: b.cfg.RolloutDeadlineSeconds,
			After:           after,
		}, b.onCluster)
		if err != nil {
			return nil, err
		}
		given[service.Name] = one
	}
	return given, nil
}

// secretOperators returns the releases of the operators that write Secrets.
func (b *builder) secretOperators() []pulumi.Resource {
	return slices.Concat(b.operators[operator.ExternalSecrets], b.operators[operator.SealedSecrets])
}

// logOperators returns the releases of the operator that runs the store of the logs.
func (b *builder) logOperators() []pulumi.Resource { return b.operators[operator.ECK] }

var backends = map[config.SecretBackend]func(*config.Config, *cluster.Cluster) secrets.Backend{
	config.ExternalSecrets: func(cfg *config.Config, target *cluster.Cluster) secrets.Backend {
		return secrets.External(&cfg.Cluster, target, cfg.Secrets.RefreshSeconds)
	},
	config.SealedSecrets: func(*config.Config, *cluster.Cluster) secrets.Backend { return secrets.Sealed() },
}
