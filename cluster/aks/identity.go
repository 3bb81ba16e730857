package aks

import (
	"fmt"
	"slices"

	aks "github.com/pulumi/pulumi-azure-native-sdk/containerservice/v2/v20240901"
	managed "github.com/pulumi/pulumi-azure-native-sdk/managedidentity/v2/v20230131"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/naming"
)

// identities holds the cluster's identities in the subscription.
type identities struct {
	// plane is the identity of the control plane, kubelet that of every node.
	plane, kubelet *identity
	// grants must exist before the cluster.
	grants []pulumi.Resource
}

// identity is a user-assigned identity and its name.
type identity struct {
	*managed.UserAssignedIdentity
	name string
}

func (i *identity) principal() principal { return principal{i.name, "ServicePrincipal", i.PrincipalId} }

func (i *identity) scope() scope { return scope{i.name, i.ID().ToStringOutput()} }

// newIdentities lets the control plane manage the cluster's own network, and assign the kubelet's identity to machines
// (https://learn.microsoft.com/azure/aks/use-managed-identity).
func (b *builder) newIdentities(net *network) (*identities, error) {
	plane, err := b.newUserAssigned(b.name+"-control-plane", b.spec.Identity()+"-control-plane", b.child())
	if err != nil {
		return nil, fmt.Errorf("creating the control plane's identity: %w", err)
	}
	kubelet, err := b.newUserAssigned(b.name+"-kubelet", b.spec.Identity()+"-kubelet", b.child())
	if err != nil {
		return nil, fmt.Errorf("creating the nodes' identity: %w", err)
	}
	manage, err := b.newGrant(b.name+"-network-grant", plane.principal(), networkContributor,
		scope{b.spec.Identity() + "/network", net.network.ID().ToStringOutput()})
	if err != nil {
		return nil, err
	}
	operate, err := b.newGrant(b.name+"-kubelet-grant", plane.principal(), managedIdentityOperator, kubelet.scope())
	if err != nil {
		return nil, err
	}
	return &identities{plane: plane, kubelet: kubelet, grants: []pulumi.Resource{manage, operate}}, nil
}

func (b *builder) newUserAssigned(name, physical string, opts []pulumi.ResourceOption) (*identity, error) {
	assigned, err := managed.NewUserAssignedIdentity(b.ctx, name, &managed.UserAssignedIdentityArgs{
		ResourceName:      pulumi.String(physical),
		ResourceGroupName: b.group,
		Location:          pulumi.String(b.spec.Region),
	}, opts...)
	return &identity{assigned, physical}, err
}

// newAdministrators grants the administrators' groups the right to list the cluster's credentials, which `az aks
// get-credentials` needs. The control plane's own setting defines what they may do in the cluster. A grant is named
// after its group, not after its place in the list, so that no group loses it when another one is removed.
func (b *builder) newAdministrators(plane *aks.ManagedCluster) error {
	for _, group := range slices.Compact(slices.Sorted(slices.Values(b.spec.API.Administrators))) {
		_, err := b.newGrant(b.name+"-administrator-"+group, principal{group, "Group", pulumi.String(group)}, clusterUser,
			scope{b.spec.Identity(), plane.ID().ToStringOutput()})
		if err != nil {
			return err
		}
	}
	return nil
}

// newPreviewer lets the members of the preview identity's group get the cluster's credentials, as newAdministrators
// does. What they may do, the cluster's own RBAC says, which the API server asks beside Entra
// (https://learn.microsoft.com/azure/aks/concepts-cluster-authorization).
func (b *builder) newPreviewer(plane *aks.ManagedCluster) (*cluster.Subject, error) {
	group := b.spec.API.PreviewIdentity
	if group == "" {
		return nil, nil
	}
	_, err := b.newGrant(b.name+"-previewer", principal{group, "Group", pulumi.String(group)}, clusterUser,
		scope{b.spec.Identity(), plane.ID().ToStringOutput()})
	if err != nil {
		return nil, err
	}
	return &cluster.Subject{Kind: cluster.Group, Name: group}, nil
}

// identityRule is the naming rule for an identity
// (https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftmanagedidentity).
var identityRule = naming.Rule{Length: 128, Separator: "-", HashLength: 6}

// newIdentity returns a builder that binds an identity to one Kubernetes service account
// (https://learn.microsoft.com/azure/aks/workload-identity-overview).
func (b *builder) newIdentity(plane *aks.ManagedCluster) cluster.IdentityBuilder {
	return func(
		ctx *pulumi.Context, name string, args *cluster.IdentityArgs, opts ...pulumi.ResourceOption,
	) (*cluster.Identity, error) {
		opts = append(b.child(), opts...)
		physical := identityRule.WithHash(args.ServiceAccount, map[string]string{"namespace": args.Namespace})
		assigned, err := b.newUserAssigned(name+"-identity", physical, opts)
		if err != nil {
			return nil, fmt.Errorf("creating the identity: %w", err)
		}
		binding := &managed.FederatedIdentityCredentialArgs{
			// Named after the cluster: while one cluster replaces another, both are trusted.
			FederatedIdentityCredentialResourceName: pulumi.String(b.spec.Identity()),
			ResourceName:                            assigned.Name,
			ResourceGroupName:                       b.group,
			Issuer:                                  plane.OidcIssuerProfile.IssuerURL().Elem(),
			Subject:                                 pulumi.String(subject(args)),
			Audiences:                               pulumi.ToStringArray([]string{"api://AzureADTokenExchange"}),
		}
		federation, err := managed.NewFederatedIdentityCredential(ctx, name+"-federation", binding, opts...)
		if err != nil {
			return nil, fmt.Errorf("binding the identity: %w", err)
		}
		return &cluster.Identity{
			Annotations: pulumi.StringMap{"azure.workload.identity/client-id": assigned.ClientId},
			PodLabels:   pulumi.StringMap{"azure.workload.identity/use": pulumi.String("true")},
			Principal:   assigned.PrincipalId,
			Ready:       []pulumi.Resource{federation},
		}, nil
	}
}

// subject returns the subject of a service account's tokens.
func subject(args *cluster.IdentityArgs) string {
	return fmt.Sprintf("system:serviceaccount:%s:%s", args.Namespace, args.ServiceAccount)
}
