package aks

import (
	"fmt"
	"strings"

	containerregistry "github.com/pulumi/pulumi-azure-native-sdk/containerregistry/v2/v20230701"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/naming"
)

// registryRule is the naming rule for a registry. The name is globally unique
// (https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftcontainerregistry).
var registryRule = naming.Rule{Length: 50, HashLength: 8}

// newRegistry creates the registry of the environment's images, and lets the nodes pull from it. It has no password and
// no anonymous access. Tier Standard: nothing here uses the additions of Premium, private endpoints and replicas in
// other regions (https://learn.microsoft.com/azure/container-registry/container-registry-skus).
func (b *builder) newRegistry(ids *identities) (address string, pull pulumi.Resource, err error) {
	name := registryRule.WithHash(strings.ReplaceAll(b.spec.Name, "-", ""), b.place())
	registry, err := containerregistry.NewRegistry(b.ctx, b.name+"-registry", &containerregistry.RegistryArgs{
		RegistryName:      pulumi.String(name),
		ResourceGroupName: b.group,
		Location:          pulumi.String(b.spec.Region),
		Sku:               &containerregistry.SkuArgs{Name: pulumi.String("Standard")},
		AdminUserEnabled:  pulumi.Bool(false),
	}, b.kept()...)
	if err != nil {
		return "", nil, fmt.Errorf("creating the registry: %w", err)
	}
	grant, err := b.newGrant(b.name+"-registry-grant", ids.kubelet.principal(), acrPull,
		scope{name, registry.ID().ToStringOutput()})
	if err != nil {
		return "", nil, err
	}
	return name + ".azurecr.io", grant, nil
}
