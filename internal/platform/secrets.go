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

// secretDeadlineSeconds is how long an operator may take to find the values of a service. It finds them at once, or
// tries again for as long as somebody takes to notice.
const secretDeadlineSeconds = 60

// newSecrets gives each service its Secrets. They wait for the operator that writes them.
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
			DeadlineSeconds: min(secretDeadlineSeconds, cfg.RolloutDeadlineSeconds),
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
