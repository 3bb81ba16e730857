package azurenative

import (
	"crypto/sha256"
	"fmt"

	"github.com/dreamseed/platform/internal/sandbox/standin"
)

func network() map[string]standin.Resource {
	return map[string]standin.Resource{
		"azure-native:network/v20240501:VirtualNetwork": {
			Source: reference + "network/virtualnetwork/",
			Inputs: []string{
				"virtualNetworkName", "resourceGroupName", "location", "addressSpace.addressPrefixes",
				"enableDdosProtection", "enableVmProtection",
			},
			Required: []string{"resourceGroupName"},
			Replaces: []string{"virtualNetworkName", "resourceGroupName", "location"},
			ID:       inGroup("Microsoft.Network/virtualNetworks/{virtualNetworkName}"),
			Outputs:  map[string]standin.Value{"name": standin.Text("{virtualNetworkName}")},
		},
		"azure-native:network/v20240501:Subnet": {
			Source: reference + "network/subnet/",
			Inputs: []string{
				"subnetName", "resourceGroupName", "virtualNetworkName", "addressPrefix", "natGateway.id",
				"defaultOutboundAccess", "privateEndpointNetworkPolicies", "privateLinkServiceNetworkPolicies",
			},
			Required: []string{"resourceGroupName", "virtualNetworkName"},
			Replaces: []string{"subnetName", "resourceGroupName", "virtualNetworkName"},
			ID:       inGroup("Microsoft.Network/virtualNetworks/{virtualNetworkName}/subnets/{subnetName}"),
		},
		"azure-native:network/v20240501:NatGateway": {
			Source:   reference + "network/natgateway/",
			Inputs:   []string{"natGatewayName", "resourceGroupName", "location", "sku.name", "publicIpAddresses.id"},
			Required: []string{"resourceGroupName"},
			Replaces: []string{"natGatewayName", "resourceGroupName"},
			ID:       inGroup("Microsoft.Network/natGateways/{natGatewayName}"),
		},
		"azure-native:network/v20240501:PublicIPAddress": {
			Source: reference + "network/publicipaddress/",
			Inputs: []string{
				"publicIpAddressName", "resourceGroupName", "location", "sku.name", "publicIPAllocationMethod", "zones",
			},
			Required: []string{"resourceGroupName"},
			Replaces: []string{"publicIpAddressName", "resourceGroupName", "location", "sku"},
			ID:       inGroup("Microsoft.Network/publicIPAddresses/{publicIpAddressName}"),
			Outputs: map[string]standin.Value{
				"name":      standin.Text("{publicIpAddressName}"),
				"ipAddress": address,
			},
		},
	}
}

// address returns an address that no real machine has.
func address(i standin.Instance) any {
	return fmt.Sprintf("203.0.113.%d", sha256.Sum256([]byte(i.ID))[0])
}
