// Package gke builds a private GKE cluster with a network, keys, a registry and an address of its own.
//
// Whoever runs it needs the roles that docs/clouds/gke.md lists, on the project that the Spec names and on no other.
package gke

import (
	"fmt"
	"slices"

	"github.com/pulumi/pulumi-gcp/sdk/v7/go/gcp"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
)

// builder holds what every part of one cluster is made with.
type builder struct {
	pulumi.ResourceState

	ctx      *pulumi.Context
	name     string
	spec     *cluster.Spec
	provider *gcp.Provider
	// child makes a resource a child of the component, in the cluster's project.
	child []pulumi.ResourceOption
}

// New is the Builder of cloud "gke".
func New(
	ctx *pulumi.Context, name string, spec *cluster.Spec, opts ...pulumi.ResourceOption,
) (*cluster.Cluster, error) {
	b := &builder{ctx: ctx, name: name, spec: spec}
	if err := ctx.RegisterComponentResource("dreamseed:cluster:GKE", name, b, opts...); err != nil {
		return nil, fmt.Errorf("registering cluster %s: %w", name, err)
	}
	if err := b.useProject(); err != nil {
		return nil, err
	}
	built, err := b.build()
	if err != nil {
		return nil, err
	}
	if err := ctx.RegisterResourceOutputs(b, pulumi.Map{"name": pulumi.String(built.Name)}); err != nil {
		return nil, fmt.Errorf("registering the outputs of cluster %s: %w", name, err)
	}
	return built, nil
}

// useProject binds every resource to the project, whatever project the credentials at hand default to.
func (b *builder) useProject() error {
	provider, err := gcp.NewProvider(b.ctx, b.name+"-gcp", &gcp.ProviderArgs{
		Project: pulumi.String(b.spec.Account),
		Region:  pulumi.String(b.spec.Region),
	}, pulumi.Parent(b))
	if err != nil {
		return fmt.Errorf("creating the Google Cloud provider: %w", err)
	}
	b.provider = provider
	b.child = []pulumi.ResourceOption{pulumi.Parent(b), pulumi.Provider(provider)}
	return nil
}

func (b *builder) build() (*cluster.Cluster, error) {
	network, err := b.newNetwork()
	if err != nil {
		return nil, err
	}
	keys, err := b.newEncryption()
	if err != nil {
		return nil, err
	}
	nodes, err := b.newNodeAccount()
	if err != nil {
		return nil, err
	}
	registry, pull, err := b.newRegistry(nodes)
	if err != nil {
		return nil, err
	}
	plane, err := b.newControlPlane(network, keys, nodes)
	if err != nil {
		return nil, err
	}
	if err := b.newAdministrators(); err != nil {
		return nil, err
	}
	pools, err := b.newNodePools(plane, keys, nodes)
	if err != nil {
		return nil, err
	}
	ingress, err := b.newIngress()
	if err != nil {
		return nil, err
	}
	provider, err := b.newKubernetesProvider(plane)
	if err != nil {
		return nil, err
	}
	storage, err := b.newStorage(provider, keys)
	if err != nil {
		return nil, err
	}
	return &cluster.Cluster{
		Name:         b.spec.Identity(),
		Provider:     provider,
		Spot:         b.spec.Cloud.Spot(),
		StorageClass: cluster.EncryptedStorageClass,
		Registry:     registry,
		Secrets: cluster.SecretBackend{StoreProvider: pulumi.Map{
			"gcpsm": pulumi.Map{"projectID": pulumi.String(b.spec.Account)},
		}},
		Ingress:     ingress,
		Ready:       append(pools, pull, storage),
		NewIdentity: b.newIdentity(plane),
	}, nil
}

// with adds options to those of every child.
func (b *builder) with(opts ...pulumi.ResourceOption) []pulumi.ResourceOption {
	return slices.Concat(b.child, opts)
}

// kept is with for what must not be lost: the cluster, and what data or users depend on.
func (b *builder) kept(opts ...pulumi.ResourceOption) []pulumi.ResourceOption {
	return append(b.with(opts...), pulumi.Protect(b.spec.Protect))
}
