package aks

import (
	"fmt"

	network2024 "github.com/pulumi/pulumi-azure-native-sdk/network/v2/v20240501"
	"github.com/pulumi/pulumi-azure-native-sdk/resources/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// network is what the cluster's nodes live in.
type network struct {
	network *network2024.VirtualNetwork
	subnet  *network2024.Subnet
}

func (b *builder) newResourceGroup() (*resources.ResourceGroup, error) {
	group, err := resources.NewResourceGroup(b.ctx, b.name+"-group", &resources.ResourceGroupArgs{
		ResourceGroupName: pulumi.String(b.spec.Name),
		Location:          b.location(),
	}, b.kept()...)
	if err != nil {
		return nil, fmt.Errorf("creating the resource group: %w", err)
	}
	return group, nil
}

func (b *builder) newNetwork(group *resources.ResourceGroup) (*network, error) {
	vnet, err := network2024.NewVirtualNetwork(b.ctx, b.name+"-network", &network2024.VirtualNetworkArgs{
		VirtualNetworkName: pulumi.String(b.spec.Identity()),
		ResourceGroupName:  group.Name,
		Location:           b.location(),
		AddressSpace: &network2024.AddressSpaceArgs{
			AddressPrefixes: pulumi.ToStringArray([]string{b.spec.Network.Nodes}),
		},
		// The subnet is a resource of its own. What Azure says about it here would take it away again.
	}, b.kept(pulumi.IgnoreChanges([]string{"subnets"}))...)
	if err != nil {
		return nil, fmt.Errorf("creating the virtual network: %w", err)
	}
	nat, err := b.newNAT(group)
	if err != nil {
		return nil, fmt.Errorf("creating the way to the internet: %w", err)
	}
	subnet, err := network2024.NewSubnet(b.ctx, b.name+"-subnet", &network2024.SubnetArgs{
		SubnetName:            pulumi.String("nodes"),
		VirtualNetworkName:    vnet.Name,
		ResourceGroupName:     group.Name,
		AddressPrefix:         pulumi.String(b.spec.Network.Nodes),
		DefaultOutboundAccess: pulumi.Bool(false),
		NatGateway:            &network2024.SubResourceArgs{Id: nat.ID()},
	}, b.kept()...)
	if err != nil {
		return nil, fmt.Errorf("creating the subnet: %w", err)
	}
	return &network{network: vnet, subnet: subnet}, nil
}

// newNAT is in no zone, which leaves it to Azure to put it where there is one: a NAT gateway cannot span zones
// (https://learn.microsoft.com/azure/nat-gateway/nat-availability-zones).
func (b *builder) newNAT(group *resources.ResourceGroup) (*network2024.NatGateway, error) {
	address, err := network2024.NewPublicIPAddress(b.ctx, b.name+"-nat-address", &network2024.PublicIPAddressArgs{
		PublicIpAddressName:      pulumi.String(b.spec.Identity() + "-nat"),
		ResourceGroupName:        group.Name,
		Location:                 b.location(),
		Sku:                      &network2024.PublicIPAddressSkuArgs{Name: pulumi.String("Standard")},
		PublicIPAllocationMethod: pulumi.String("Static"),
	}, b.child()...)
	if err != nil {
		return nil, err
	}
	return network2024.NewNatGateway(b.ctx, b.name+"-nat", &network2024.NatGatewayArgs{
		NatGatewayName:    pulumi.String(b.spec.Identity()),
		ResourceGroupName: group.Name,
		Location:          b.location(),
		Sku:               &network2024.NatGatewaySkuArgs{Name: pulumi.String("Standard")},
		PublicIpAddresses: network2024.SubResourceArray{&network2024.SubResourceArgs{Id: address.ID()}},
	}, b.child()...)
}
