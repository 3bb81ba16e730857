package aks

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi-azure-native-sdk/containerregistry/v2"
	"github.com/pulumi/pulumi-azure-native-sdk/managedidentity/v2"
	"github.com/pulumi/pulumi-azure-native-sdk/resources/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/naming"
)

// registryName is the rule of a registry's name, which is unique in the world and has no hyphens
// (https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules).
var registryName = naming.Rule{Length: 50, HashLength: 6}

// newRegistry makes the registry of the environment's images, and lets the nodes pull from it. There is no user and no
// password.
func (b *builder) newRegistry(
	group *resources.ResourceGroup, kubelet *managedidentity.UserAssignedIdentity,
) (address string, pull pulumi.Resource, err error) {
	name := registryName.WithHash(strings.ReplaceAll(b.spec.Name, "-", ""), map[string]string{"account": b.spec.Account})
	registry, err := containerregistry.NewRegistry(b.ctx, b.name+"-registry", &containerregistry.RegistryArgs{
		RegistryName:      pulumi.String(name),
		ResourceGroupName: group.Name,
		Location:          b.location(),
		Sku:               &containerregistry.SkuArgs{Name: pulumi.String("Standard")},
		AdminUserEnabled:  pulumi.Bool(false),
	}, b.kept()...)
	if err != nil {
		return "", nil, fmt.Errorf("creating the registry: %w", err)
	}
	pull, err = b.newGrant(grant{"pull", acrPull, kubelet.PrincipalId, registry.ID().ToStringOutput()})
	return name + ".azurecr.io", pull, err
}
