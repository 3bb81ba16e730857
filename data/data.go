package data

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/data/store"
)

// Data are the data stores of an environment.
type Data struct {
	pulumi.ResourceState

	// Connections has what each service needs to reach the stores that it declares and that nobody else runs.
	Connections store.Connections
}

// Args describes the data stores of an environment.
type Args struct {
	Spec Spec
	store.Environment
	// Cluster is the cluster, whose cloud runs the managed stores.
	Cluster *cluster.Cluster
	// Identities are those of the services in the cloud, by their names.
	Identities map[string]*cluster.Identity
	// Zones are those of the nodes.
	Zones []string
}

// New registers the stores that run in the cluster, and those that the cloud runs.
func New(ctx *pulumi.Context, name string, args *Args, opts ...pulumi.ResourceOption) (*Data, error) {
	made := &Data{}
	if err := ctx.RegisterComponentResource("dreamseed:data:Data", name, made, opts...); err != nil {
		return nil, fmt.Errorf("registering the data stores: %w", err)
	}
	b := &builder{ctx: ctx, name: name, args: args, child: pulumi.Parent(made)}
	for _, register := range []func() error{b.newObjects, b.newPostgres, b.newRedis, b.newKafka} {
		if err := register(); err != nil {
			return nil, fmt.Errorf("building the data stores: %w", err)
		}
	}
	made.Connections = b.connections
	if err := ctx.RegisterResourceOutputs(made, pulumi.Map{}); err != nil {
		return nil, fmt.Errorf("registering the outputs of the data stores: %w", err)
	}
	return made, nil
}
