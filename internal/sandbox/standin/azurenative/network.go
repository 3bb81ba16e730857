package azurenative

import (
	"slices"

	"github.com/dreamseed/platform/internal/sandbox/standin"
)

func network() map[string]standin.Resource {
	return map[string]standin.Resource{
		"azure-native:resources:ResourceGroup": {
			Source:   reference + "resources/resource-groups/create-or-update",
			Inputs:   []string{"resourceGroupName", "location"},
			Replaces: []string{"resourceGroupName", "location"},
			ID:       standin.Text("/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}"),
			Outputs:  map[string]standin.Value{"name": standin.Text("{resourceGroupName}")},
		},
		"azure-native:network/v20240501:VirtualNetwork": {
			Source: reference + "virtualnetwork/virtual-networks/create-or-update",
			Inputs: slices.Concat(place, []string{
				"virtualNetworkName", "addressSpace.addressPrefixes", "enableDdosProtection", "enableVmProtection",
			}),
			Required: []string{"resourceGroupName"},
			Replaces: slices.Concat(place, []string{"virtualNetworkName"}),
			ID:       standin.Text(group + "Network/virtualNetworks/{virtualNetworkName}"),
			Outputs:  map[string]standin.Value{"name": standin.Text("{virtualNetworkName}")},
		},
		"azure-native:network/v20240501:Subnet": {
			Source: reference + "virtualnetwork/subnets/create-or-update",
			Inputs: []string{
				"resourceGroupName", "virtualNetworkName", "subnetName", "addressPrefix", "defaultOutboundAccess",
				"natGateway.id", "privateEndpointNetworkPolicies", "privateLinkServiceNetworkPolicies",
			},
			Required: []string{"resourceGroupName", "virtualNetworkName"},
			Replaces: []string{"resourceGroupName", "virtualNetworkName", "subnetName"},
			ID:       standin.Text(group + "Network/virtualNetworks/{virtualNetworkName}/subnets/{subnetName}"),
			Outputs:  map[string]standin.Value{"name": standin.Text("{subnetName}")},
		},
		"azure-native:network/v20240501:PublicIPAddress": {
			Source: reference + "virtualnetwork/public-ip-addresses/create-or-update",
			Inputs: slices.Concat(place, []string{
				"publicIpAddressName", "sku.name", "publicIPAllocationMethod", "zones",
			}),
			Required: []string{"resourceGroupName"},
			Replaces: slices.Concat(place, []string{"publicIpAddressName", "sku", "zones"}),
			ID:       standin.Text(group + "Network/publicIPAddresses/{publicIpAddressName}"),
			Outputs: map[string]standin.Value{
				"name":      standin.Text("{publicIpAddressName}"),
				"ipAddress": standin.Constant("203.0.113.30"),
			},
		},
		"azure-native:network/v20240501:NatGateway": {
			Source:   reference + "virtualnetwork/nat-gateways/create-or-update",
			Inputs:   slices.Concat(place, []string{"natGatewayName", "sku.name", "publicIpAddresses.id"}),
			Required: []string{"resourceGroupName"},
			Replaces: slices.Concat(place, []string{"natGatewayName", "sku"}),
			ID:       standin.Text(group + "Network/natGateways/{natGatewayName}"),
			Outputs:  map[string]standin.Value{"name": standin.Text("{natGatewayName}")},
		},
	}
}
