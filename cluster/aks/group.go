package aks

import (
	"fmt"

	resources "github.com/pulumi/pulumi-azure-native-sdk/resources/v2/v20241101"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"

	"github.com/dreamseed/platform/internal/naming"
)

// groupRule leaves room for a suffix: a resource group's name has at most 90 characters
// (https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules#microsoftresources).
var groupRule = naming.Rule{Length: 60, Separator: "-", HashLength: 6}

// groupName returns the name of the environment's resource group. A group cannot move to another region, and its
// content does not exist in another subscription: the hash covers both, so that everything is built anew there.
func (b *builder) groupName() string {
	return groupRule.WithHash(b.spec.Name, b.place())
}

// place returns the properties that distinguish an environment's resources from those of the same name elsewhere.
func (b *builder) place() map[string]string {
	return map[string]string{"account": b.spec.Account, "region": b.spec.Region, "name": b.spec.Name}
}

func (b *builder) useGroup() error {
	group, err := b.newGroup(b.name+"-group", b.groupName())
	if err != nil {
		return err
	}
	b.group = group.Name
	return nil
}

func (b *builder) newGroup(name, physical string) (*resources.ResourceGroup, error) {
	group, err := resources.NewResourceGroup(b.ctx, name, &resources.ResourceGroupArgs{
		ResourceGroupName: pulumi.String(physical),
		Location:          pulumi.String(b.spec.Region),
	}, b.kept()...)
	if err != nil {
		return nil, fmt.Errorf("creating resource group %s: %w", physical, err)
	}
	return group, nil
}
