package data

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/data/store"
	"github.com/dreamseed/platform/services/catalogue"
)

// Data are the data stores of an environment.
type Data struct {
	pulumi.ResourceState

	// Connections has what each service needs to reach the stores that it declares and that run in the cluster.
	Connections store.Connections
}

// Args describes the data stores of an environment.
type Args struct {
	Spec Spec
	// Services are those of the environment.
	Services []catalogue.Service
	// Namespace is the namespace of the services, and of the stores.
	Namespace string
	// Zones are those of the nodes.
	Zones []string
	// StorageClass is the class of the volumes. Empty means the cluster's default.
	StorageClass string
	// Protect refuses every change that would delete or replace what holds data.
	Protect bool
	// DeadlineSeconds is how long External Secrets may take to write a Secret.
	DeadlineSeconds int
	// After lists the resources that must exist first: the namespace with its policies, the priority classes, and the
	// operators.
	After []pulumi.Resource
}

// New registers the stores that run in the cluster.
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
