package objects

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/data/store"
	"github.com/dreamseed/platform/services/catalogue"
)

// ManagedArgs describes the object storage of an environment in buckets that the cloud keeps.
type ManagedArgs struct {
	// Spec is in mode managed.
	Spec Spec
	store.Environment
	// Cluster is required, and can make buckets.
	Cluster *cluster.Cluster
	// Identities are those of the services, by their names.
	Identities map[string]*cluster.Identity
}

// NewManaged registers the buckets that the services declare, each for the identity of its service alone. There is no
// key: a service is told where its buckets are, and the cloud knows its pods.
func NewManaged(
	ctx *pulumi.Context, name string, args *ManagedArgs, opts ...pulumi.ResourceOption,
) (*Objects, error) {
	made := &Objects{Connections: store.Connections{}}
	if err := ctx.RegisterComponentResource("dreamseed:data:Objects", name, made, opts...); err != nil {
		return nil, fmt.Errorf("registering the object storage: %w", err)
	}
	for _, service := range Needing(args.Services) {
		connection, err := newServiceBuckets(ctx, args, service)
		if err != nil {
			return nil, fmt.Errorf("building the object storage of %s: %w", service.Name, err)
		}
		made.Connections[service.Name] = connection
	}
	if err := ctx.RegisterResourceOutputs(made, pulumi.Map{}); err != nil {
		return nil, fmt.Errorf("registering the outputs of the object storage: %w", err)
	}
	return made, nil
}

// newServiceBuckets registers the buckets of a service.
func newServiceBuckets(
	ctx *pulumi.Context, args *ManagedArgs, service catalogue.Service,
) (store.Connection, error) {
	var ready []pulumi.Resource
	endpoint := ""
	for _, base := range buckets(service) {
		bucket, err := args.Cluster.NewBucket(ctx, &cluster.BucketArgs{
			BucketSpec: args.Spec.Managed, Base: base, Owner: args.Identities[service.Name],
		})
		if err != nil {
			return store.Connection{}, err
		}
		endpoint = bucket.Endpoint
		ready = append(ready, bucket.Ready...)
	}
	return store.Connection{Plain: map[string]string{catalogue.ObjectStorageEndpoint: endpoint}, Ready: ready}, nil
}
