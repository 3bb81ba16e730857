// Package existing uses a cluster that somebody else built, and changes nothing about it.
package existing

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
)

type existing struct {
	pulumi.ResourceState
}

// New is the Builder of cloud "existing". Before the first resource it checks that the kubeconfig can be read, that
// it has the context, and that the API server behind it answers. The provider is bound to exactly that context.
func New(
	ctx *pulumi.Context, name string, spec *cluster.Spec, opts ...pulumi.ResourceOption,
) (*cluster.Cluster, error) {
	server, err := connect(&spec.Existing)
	if err != nil {
		return nil, err
	}
	if err := server.answers(ctx.Context()); err != nil {
		return nil, err
	}
	component := &existing{}
	if err := ctx.RegisterComponentResource("dreamseed:cluster:Existing", name, component, opts...); err != nil {
		return nil, fmt.Errorf("registering cluster %s: %w", name, err)
	}
	provider, err := cluster.NewProvider(ctx, name+"-kubernetes", &cluster.ProviderArgs{
		Identity:   spec.Identity(),
		Kubeconfig: kubeconfig(&spec.Existing),
		Context:    spec.Existing.Context,
	}, pulumi.Parent(component))
	if err != nil {
		return nil, err
	}
	if err := ctx.RegisterResourceOutputs(component, pulumi.Map{"name": pulumi.String(spec.Name)}); err != nil {
		return nil, fmt.Errorf("registering the outputs of cluster %s: %w", name, err)
	}
	return &cluster.Cluster{
		Name:            spec.Name,
		Provider:        provider,
		Spot:            spec.Cloud.Spot(),
		Previewer:       previewer(&spec.API),
		NewIdentity:     cluster.NoIdentity,
		NewSecretReader: newSecretReader(provider, component),
		Look:            server.look,
	}, nil
}

// kubeconfig passes on a path as it is, so that the file's credential stays out of the state, and content as a secret.
func kubeconfig(spec *cluster.ExistingSpec) pulumi.StringInput {
	if spec.KubeconfigPath != "" {
		return pulumi.String(spec.KubeconfigPath)
	}
	return pulumi.ToSecret(pulumi.String(spec.Kubeconfig)).(pulumi.StringOutput)
}

// previewer is let in by the owner of the cluster.
func previewer(access *cluster.APIAccess) *cluster.Subject {
	if access.PreviewIdentity == "" {
		return nil
	}
	return cluster.Member(access.PreviewIdentity)
}
