package platform

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/data"
	"github.com/dreamseed/platform/data/store"
	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/cost"
	"github.com/dreamseed/platform/internal/namespace"
	"github.com/dreamseed/platform/services"
)

// builder registers one environment. Its methods run in the order in which Build calls them, and each sets the fields
// that later ones depend on.
type builder struct {
	ctx *pulumi.Context
	cfg *config.Config

	last    *lastRun
	kept    data.Kept
	cost    cost.Output
	cluster *cluster.Cluster
	// onCluster registers an object with the API server of the cluster.
	onCluster pulumi.ResourceOption

	priorityClasses     []pulumi.Resource
	servicesNamespace   *namespace.Namespace
	monitoringNamespace *namespace.Namespace
	nodeAgentsNamespace *namespace.Namespace
	operators           operators
	identities          map[string]*cluster.Identity
	connections         store.Connections
	services            []*services.Service
}

// Build registers one environment from the cluster up and exports the stack's outputs.
func Build(ctx *pulumi.Context, cfg *config.Config, clouds cluster.Builders) error {
	estimate, err := estimateCost(ctx, cfg)
	if err != nil {
		return fmt.Errorf("estimating the cost of stack %s:\n%w", ctx.Stack(), err)
	}
	if err := ctx.RegisterStackTransformation(takeOver); err != nil {
		return fmt.Errorf("taking fields over: %w", err)
	}
	last, err := newLastRun(ctx)
	if err != nil {
		return err
	}
	kept, err := keepData(last, cfg)
	if err != nil {
		return fmt.Errorf("changing stack %s:\n%w", ctx.Stack(), err)
	}
	target, err := buildCluster(ctx, cfg, clouds)
	if err != nil {
		return err
	}
	b := &builder{
		ctx: ctx, cfg: cfg, last: last, kept: kept, cost: estimate, cluster: target,
		onCluster: pulumi.Provider(target.Provider),
	}
	for _, register := range []func() error{
		b.checkAdoption,
		b.newPreviewIdentity,
		b.newPriorityClasses,
		b.newNamespaces,
		b.newOperators,
		b.newMonitoring,
		b.newLogging,
		b.newIdentities,
		b.newData,
		b.newServices,
		b.newIngress,
	} {
		if err := register(); err != nil {
			return err
		}
	}
	b.export()
	return nil
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
