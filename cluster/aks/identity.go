package aks

import (
	"fmt"

	containerservice "github.com/pulumi/pulumi-azure-native-sdk/containerservice/v2/v20240901"
	"github.com/pulumi/pulumi-azure-native-sdk/managedidentity/v2"
	"github.com/pulumi/pulumi-azure-native-sdk/resources/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/naming"
)

// identityName is the rule of an identity's name
// (https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules).
var identityName = naming.Rule{Length: 128, Separator: "-", HashLength: 6}

// identities are who the parts of a cluster are. None has a credential that anybody could take along.
type identities struct {
	controlPlane *managedidentity.UserAssignedIdentity
	// kubelet is what nodes pull images as.
	kubelet *managedidentity.UserAssignedIdentity
	// disks is what encrypts disks.
	disks *managedidentity.UserAssignedIdentity
}

func (b *builder) newIdentities(group *resources.ResourceGroup) (*identities, error) {
	built := &identities{}
	for _, one := range []struct {
		role   string
		target **managedidentity.UserAssignedIdentity
	}{
		{"control-plane", &built.controlPlane}, {"kubelet", &built.kubelet}, {"disks", &built.disks},
	} {
		created, err := managedidentity.NewUserAssignedIdentity(b.ctx, b.name+"-"+one.role+"-identity",
			&managedidentity.UserAssignedIdentityArgs{
				ResourceName:      pulumi.String(b.spec.Identity() + "-" + one.role),
				ResourceGroupName: group.Name,
				Location:          b.location(),
			}, b.child()...)
		if err != nil {
			return nil, fmt.Errorf("creating identity %s: %w", one.role, err)
		}
		*one.target = created
	}
	return built, nil
}

// grantControlPlane lets the control plane do its work on this cluster's network, keys and nodes, and on nothing else
// (https://learn.microsoft.com/azure/aks/use-managed-identity).
func (b *builder) grantControlPlane(who *identities, net *network, keys *encryption) ([]pulumi.Resource, error) {
	to := who.controlPlane.PrincipalId
	return b.newGrants(
		grant{"network", networkContributor, to, net.network.ID().ToStringOutput()},
		grant{"kubelet", managedIdentityOperator, to, who.kubelet.ID().ToStringOutput()},
		grant{"secrets", cryptoUser, to, keys.vault.ID().ToStringOutput()},
		grant{"disks", reader, to, keys.disks.ID().ToStringOutput()},
	)
}

// newIdentity lets one Kubernetes service account be one identity, which may do nothing yet
// (https://learn.microsoft.com/azure/aks/workload-identity-overview).
func (b *builder) newIdentity(
	group *resources.ResourceGroup, plane *containerservice.ManagedCluster,
) cluster.IdentityBuilder {
	return func(
		ctx *pulumi.Context, name string, args *cluster.IdentityArgs, opts ...pulumi.ResourceOption,
	) (*cluster.Identity, error) {
		opts = b.child(opts...)
		identity, err := managedidentity.NewUserAssignedIdentity(ctx, name+"-identity",
			&managedidentity.UserAssignedIdentityArgs{
				ResourceName: pulumi.String(identityName.WithHash(args.ServiceAccount, map[string]string{
					"cluster": b.spec.Identity(), "namespace": args.Namespace,
				})),
				ResourceGroupName: group.Name,
				Location:          b.location(),
			}, opts...)
		if err != nil {
			return nil, fmt.Errorf("creating the identity: %w", err)
		}
		federation, err := managedidentity.NewFederatedIdentityCredential(ctx, name+"-federation",
			&managedidentity.FederatedIdentityCredentialArgs{
				FederatedIdentityCredentialResourceName: pulumi.String(b.spec.Identity()),
				ResourceName:                            identity.Name,
				ResourceGroupName:                       group.Name,
				Issuer:                                  plane.OidcIssuerProfile.IssuerURL().Elem(),
				Subject: pulumi.String(fmt.Sprintf("system:serviceaccount:%s:%s",
					args.Namespace, args.ServiceAccount)),
				Audiences: pulumi.ToStringArray([]string{"api://AzureADTokenExchange"}),
			}, opts...)
		if err != nil {
			return nil, fmt.Errorf("binding the identity: %w", err)
		}
		return &cluster.Identity{
			Annotations: pulumi.StringMap{"azure.workload.identity/client-id": identity.ClientId},
			PodLabels:   pulumi.StringMap{"azure.workload.identity/use": pulumi.String("true")},
			Principal:   identity.PrincipalId,
			Ready:       []pulumi.Resource{federation},
		}, nil
	}
}
