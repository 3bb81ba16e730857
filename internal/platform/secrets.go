package platform

import (
	"slices"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/operator"
	"github.com/dreamseed/platform/secrets"
)

// serviceSecrets are the Secrets of each service, by its name.
type serviceSecrets map[string]*secrets.Secrets

// newSecrets gives each service its Secrets. They wait for the operator that writes them, and for a missing value as
// long as a release may take: by then the releases of the other services have begun, which the engine would not begin
// after a failure.
func newSecrets(
	ctx *pulumi.Context, cfg *config.Config, target *cluster.Cluster, home *Namespace, installed operators,
) (serviceSecrets, error) {
	backend := backends[cfg.Secrets.Backend](cfg, target)
	after := slices.Concat(home.Resources(), installed[operator.ExternalSecrets], installed[operator.SealedSecrets])
	given := serviceSecrets{}
	for _, service := range cfg.Services {
		one, err := backend.NewSecrets(ctx, service.Name+"-secrets", &secrets.Args{
			Service:         service,
			Namespace:       home.Name,
			DeadlineSeconds: cfg.RolloutDeadlineSeconds,
			After:           after,
		}, pulumi.Provider(target.Provider))
		if err != nil {
			return nil, err
		}
		given[service.Name] = one
	}
	return given, nil
}

var backends = map[config.SecretBackend]func(*config.Config, *cluster.Cluster) secrets.Backend{
	config.ExternalSecrets: func(cfg *config.Config, target *cluster.Cluster) secrets.Backend {
		return secrets.External(&cfg.Cluster, target, cfg.Secrets.RefreshSeconds)
	},
	config.SealedSecrets: func(*config.Config, *cluster.Cluster) secrets.Backend { return secrets.Sealed() },
}
