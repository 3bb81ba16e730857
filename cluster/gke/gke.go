// Package gke builds a GKE cluster that has the project of its environment to itself: a network with a way out and no
// way in, a key, an account for the nodes, a registry, the control plane, node pools, a reserved address with its DNS
// record, and a storage class.
//
// The project must exist, hold the DNS zone, and have these services enabled: artifactregistry, cloudkms,
// cloudresourcemanager, compute, container, dns, iam, iamcredentials, secretmanager, servicenetworking, sqladmin,
// storage (each .googleapis.com). They are not enabled here, because disabling one again would take down everything
// else that uses it.
//
// The identity that runs Pulumi needs the roles that docs/clouds/gke.md lists, on the project and none elsewhere.
// Administrators may change the objects in the cluster.
package gke

import (
	"fmt"

	"github.com/pulumi/pulumi-gcp/sdk/v7/go/gcp"
	"github.com/pulumi/pulumi-gcp/sdk/v7/go/gcp/organizations"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
)

// builder holds the inputs that all parts of one cluster share.
type builder struct {
	pulumi.ResourceState

	ctx  *pulumi.Context
	name string
	spec *cluster.Spec
	// provider is bound to the Spec's project and region, whatever the defaults of the current credentials.
	provider *gcp.Provider
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

func (b *builder) build() (*cluster.Cluster, error) {
	network, err := b.newNetwork()
	if err != nil {
		return nil, err
	}
	number := b.projectNumber()
	keys, err := b.newEncryption(number)
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
	administrators, err := b.newAdministrators()
	if err != nil {
		return nil, err
	}
	previewer, err := b.newPreviewer()
	if err != nil {
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
	provider, err := b.newKubernetesProvider(plane, administrators)
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
		Ready:             append(pools, pull, storage),
		NewIdentity:       b.newIdentity(plane),
		Previewer:         previewer,
		IdentityEndpoints: identityEndpoints(),
		NewSecretReader:   b.newSecretReader(plane, number),
		NewDatabase:       b.newDatabase(network, keys, number),
		NewBucket:         b.newBucket(keys, number),
	}, nil
}

func (b *builder) useProject() (err error) {
	b.provider, err = gcp.NewProvider(b.ctx, b.name+"-gcp", &gcp.ProviderArgs{
		Project: pulumi.String(b.spec.Account),
		Region:  pulumi.String(b.spec.Region),
	}, pulumi.Parent(b))
	if err != nil {
		return fmt.Errorf("creating the Google Cloud provider: %w", err)
	}
	return nil
}

// projectNumber returns the project's numeric ID, which some of Google's own names contain.
func (b *builder) projectNumber() pulumi.StringOutput {
	project := organizations.LookupProjectOutput(b.ctx, organizations.LookupProjectOutputArgs{
		ProjectId: pulumi.String(b.spec.Account),
	}, pulumi.Parent(b), pulumi.Provider(b.provider))
	return project.Number()
}

// child returns options that make a resource a child of the component, in the cluster's project.
func (b *builder) child(opts ...pulumi.ResourceOption) []pulumi.ResourceOption {
	return append([]pulumi.ResourceOption{pulumi.Parent(b), pulumi.Provider(b.provider)}, opts...)
}

// kept is child for resources that must not be lost: the cluster, and the resources that data or users depend on.
func (b *builder) kept(opts ...pulumi.ResourceOption) []pulumi.ResourceOption {
	return append(b.child(opts...), pulumi.Protect(b.spec.Protect))
}
