// Package aks builds a private AKS cluster with a network, keys, a registry and an address of its own.
//
// Whoever runs it needs the roles that docs/clouds/aks.md lists, in the subscription that the Spec names and in no
// other.
package aks

import (
	"fmt"

	azure "github.com/pulumi/pulumi-azure-native-sdk/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
)

// builder holds what every part of one cluster is made with.
type builder struct {
	pulumi.ResourceState

	ctx      *pulumi.Context
	name     string
	spec     *cluster.Spec
	provider *azure.Provider
}

// New is the Builder of cloud "aks".
func New(
	ctx *pulumi.Context, name string, spec *cluster.Spec, opts ...pulumi.ResourceOption,
) (*cluster.Cluster, error) {
	b := &builder{ctx: ctx, name: name, spec: spec}
	if err := ctx.RegisterComponentResource("dreamseed:cluster:AKS", name, b, opts...); err != nil {
		return nil, fmt.Errorf("registering cluster %s: %w", name, err)
	}
	if err := b.useSubscription(); err != nil {
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

// useSubscription binds every resource to the subscription, whatever the credentials at hand default to.
func (b *builder) useSubscription() error {
	provider, err := azure.NewProvider(b.ctx, b.name+"-azure", &azure.ProviderArgs{
		SubscriptionId: pulumi.String(b.spec.Account),
		Location:       pulumi.String(b.spec.Region),
	}, pulumi.Parent(b))
	if err != nil {
		return fmt.Errorf("creating the Azure provider: %w", err)
	}
	b.provider = provider
	return nil
}

func (b *builder) build() (*cluster.Cluster, error) {
	group, err := b.newResourceGroup()
	if err != nil {
		return nil, err
	}
	network, err := b.newNetwork(group)
	if err != nil {
		return nil, err
	}
	identities, err := b.newIdentities(group)
	if err != nil {
		return nil, err
	}
	keys, err := b.newEncryption(group, identities)
	if err != nil {
		return nil, err
	}
	registry, pull, err := b.newRegistry(group, identities.kubelet)
	if err != nil {
		return nil, err
	}
	rights, err := b.grantControlPlane(identities, network, keys)
	if err != nil {
		return nil, err
	}
	plane, err := b.newControlPlane(group, network, identities, keys, rights)
	if err != nil {
		return nil, err
	}
	pools, err := b.newNodePools(group, plane, network)
	if err != nil {
		return nil, err
	}
	ingress, err := b.newIngress(group, identities.controlPlane)
	if err != nil {
		return nil, err
	}
	provider, err := b.newKubernetesProvider(group, plane)
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
			"azurekv": pulumi.Map{"vaultUrl": keys.vault.Properties.VaultUri()},
		}},
		Ingress:     ingress,
		Ready:       append(pools, pull, storage),
		NewIdentity: b.newIdentity(group, plane),
	}, nil
}

// child makes a resource a child of the component, in the cluster's subscription.
func (b *builder) child(opts ...pulumi.ResourceOption) []pulumi.ResourceOption {
	return append([]pulumi.ResourceOption{pulumi.Parent(b), pulumi.Provider(b.provider)}, opts...)
}

// kept makes a child of what must not be lost: the cluster, and what data or users depend on.
func (b *builder) kept(opts ...pulumi.ResourceOption) []pulumi.ResourceOption {
	return append(b.child(opts...), pulumi.Protect(b.spec.Protect))
}

func (b *builder) location() pulumi.String { return pulumi.String(b.spec.Region) }
