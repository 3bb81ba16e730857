// Package aks builds an AKS cluster in a subscription: a resource group, a network with a way out and no way in, a
// vault with its keys, identities for the control plane and the nodes, a registry, the control plane, node pools, a
// reserved address with its DNS record, and a storage class. Two further resource groups exist: one for the address
// alone, and one that AKS fills with machines and disks and locks against changes by others.
//
// The subscription must exist, hold the DNS zone, and have these resource providers registered: Microsoft.Compute,
// Microsoft.ContainerRegistry, Microsoft.ContainerService, Microsoft.KeyVault, Microsoft.ManagedIdentity,
// Microsoft.Network. The feature Microsoft.Compute/EncryptionAtHost has to be registered, too.
//
// The identity that runs Pulumi needs the roles that docs/clouds/aks.md lists, on the subscription and none elsewhere.
// It also has to be a member of a group that administers the cluster, because only these groups may change its objects.
package aks

import (
	"fmt"

	azurenative "github.com/pulumi/pulumi-azure-native-sdk/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
)

// builder holds the inputs that all parts of one cluster share.
type builder struct {
	pulumi.ResourceState

	ctx  *pulumi.Context
	name string
	spec *cluster.Spec
	// provider is bound to the Spec's subscription, whatever the default of the current credentials.
	provider *azurenative.Provider
	// group is the name of the environment's resource group, known once the group exists.
	group pulumi.StringOutput
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
	if err := b.useGroup(); err != nil {
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

func (b *builder) build() (*cluster.Cluster, error) {
	network, err := b.newNetwork()
	if err != nil {
		return nil, err
	}
	identities, err := b.newIdentities(network)
	if err != nil {
		return nil, err
	}
	keys, err := b.newEncryption(identities)
	if err != nil {
		return nil, err
	}
	registry, pull, err := b.newRegistry(identities)
	if err != nil {
		return nil, err
	}
	plane, err := b.newControlPlane(network, identities, keys)
	if err != nil {
		return nil, err
	}
	if err := b.newAdministrators(plane); err != nil {
		return nil, err
	}
	previewer, err := b.newPreviewer(plane)
	if err != nil {
		return nil, err
	}
	pools, err := b.newNodePools(plane, network)
	if err != nil {
		return nil, err
	}
	ingress, join, err := b.newIngress(identities)
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
		Name:              b.spec.Identity(),
		Provider:          provider,
		Spot:              b.spec.Cloud.Spot(),
		StorageClass:      cluster.EncryptedStorageClass,
		Registry:          registry,
		PublicAddress:     ingress,
		Ready:             append(pools, pull, join, storage),
		NewIdentity:       b.newIdentity(plane),
		Previewer:         previewer,
		IdentityEndpoints: identityEndpoints(),
		NewSecretReader:   b.newSecretReader(plane, identities, keys.vault),
		NewBucket:         b.newBucket(keys),
	}, nil
}

func (b *builder) useSubscription() (err error) {
	b.provider, err = azurenative.NewProvider(b.ctx, b.name+"-azure", &azurenative.ProviderArgs{
		SubscriptionId: pulumi.String(b.spec.Account),
		Location:       pulumi.String(b.spec.Region),
	}, pulumi.Parent(b))
	if err != nil {
		return fmt.Errorf("creating the Azure provider: %w", err)
	}
	return nil
}

// child returns options that make a resource a child of the component, in the cluster's subscription.
func (b *builder) child(opts ...pulumi.ResourceOption) []pulumi.ResourceOption {
	return append([]pulumi.ResourceOption{pulumi.Parent(b), pulumi.Provider(b.provider)}, opts...)
}

// kept is child for resources that must not be lost: the cluster, and the resources that data or users depend on.
func (b *builder) kept(opts ...pulumi.ResourceOption) []pulumi.ResourceOption {
	return append(b.child(opts...), pulumi.Protect(b.spec.Protect))
}
