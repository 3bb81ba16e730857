// Package eks builds a private EKS cluster with a network, keys, registries and addresses of its own.
//
// The identity that runs it needs the permissions that docs/clouds/eks.md lists, in the account that the Spec names and
// in no other.
package eks

import (
	"fmt"
	"slices"

	"github.com/pulumi/pulumi-aws/sdk/v6/go/aws"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
)

// builder holds the inputs that all parts of one cluster share.
type builder struct {
	pulumi.ResourceState

	ctx      *pulumi.Context
	name     string
	spec     *cluster.Spec
	provider *aws.Provider
}

// New is the Builder of cloud "eks".
func New(
	ctx *pulumi.Context, name string, spec *cluster.Spec, opts ...pulumi.ResourceOption,
) (*cluster.Cluster, error) {
	b := &builder{ctx: ctx, name: name, spec: spec}
	if err := ctx.RegisterComponentResource("dreamseed:cluster:EKS", name, b, opts...); err != nil {
		return nil, fmt.Errorf("registering cluster %s: %w", name, err)
	}
	if err := b.useAccount(); err != nil {
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

// useAccount binds the provider to the Spec's account, so that credentials of another account are refused.
func (b *builder) useAccount() error {
	provider, err := aws.NewProvider(b.ctx, b.name+"-aws", &aws.ProviderArgs{
		Region:            pulumi.String(b.spec.Region),
		AllowedAccountIds: pulumi.ToStringArray([]string{b.spec.Account}),
		DefaultTags: &aws.ProviderDefaultTagsArgs{
			Tags: pulumi.StringMap{"dreamseed.ai/cluster": pulumi.String(b.spec.Name)},
		},
	}, pulumi.Parent(b))
	if err != nil {
		return fmt.Errorf("creating the AWS provider: %w", err)
	}
	b.provider = provider
	return nil
}

func (b *builder) build() (*cluster.Cluster, error) {
	network, err := b.newNetwork()
	if err != nil {
		return nil, err
	}
	keys, err := b.newKeys()
	if err != nil {
		return nil, err
	}
	ingress, addresses, err := b.newIngress(network)
	if err != nil {
		return nil, err
	}
	plane, err := b.newControlPlane(network, keys, addresses)
	if err != nil {
		return nil, err
	}
	issuer, err := b.newIssuer(plane)
	if err != nil {
		return nil, err
	}
	basic, err := b.newAddons(plane, basicAddons(), nil)
	if err != nil {
		return nil, err
	}
	pools, err := b.newNodePools(plane, network, keys.data, basic)
	if err != nil {
		return nil, err
	}
	further, err := b.newAddons(plane, furtherAddons(keys.data), pools)
	if err != nil {
		return nil, err
	}
	if err := b.newRegistry(keys.data); err != nil {
		return nil, err
	}
	provider, previewer, err := b.newAccess(plane)
	if err != nil {
		return nil, err
	}
	if err := b.newAutoscaler(plane, provider, pools); err != nil {
		return nil, err
	}
	storage, err := b.newStorage(provider, keys.data)
	if err != nil {
		return nil, err
	}
	return &cluster.Cluster{
		Name:              b.spec.Identity(),
		Provider:          provider,
		Spot:              b.spec.Cloud.Spot(),
		StorageClass:      cluster.EncryptedStorageClass,
		Registry:          b.registry(),
		PublicAddress:     ingress,
		Ready:             append(slices.Concat(basic, pools, further), storage),
		NewIdentity:       b.newIdentity(plane),
		Previewer:         previewer,
		IdentityEndpoints: identityEndpoints(),
		NewSecretReader:   b.newSecretReader(issuer, keys.data),
		NewBucket:         b.newBucket(keys.data),
	}, nil
}

// child returns options that make a resource a child of the component, in the cluster's account.
func (b *builder) child(opts ...pulumi.ResourceOption) []pulumi.ResourceOption {
	return append([]pulumi.ResourceOption{pulumi.Parent(b), pulumi.Provider(b.provider)}, opts...)
}

// kept is child for resources that must not be lost: the cluster, and the resources that data or users depend on.
func (b *builder) kept(opts ...pulumi.ResourceOption) []pulumi.ResourceOption {
	return append(b.child(opts...), pulumi.Protect(b.spec.Protect))
}

// named returns the tags that identify a resource without a name of its own.
func (b *builder) named(role string) pulumi.StringMap {
	return pulumi.StringMap{"Name": pulumi.String(b.spec.Identity() + "-" + role)}
}
