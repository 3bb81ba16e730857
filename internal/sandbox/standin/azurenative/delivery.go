package azurenative

import "github.com/dreamseed/platform/internal/sandbox/standin"

// delivery has the resources that deliver images to the nodes, and traffic to the services.
func delivery() map[string]standin.Resource {
	return map[string]standin.Resource{
		"azure-native:containerregistry/v20230701:Registry": {
			Source: reference + "containerregistry/registry/",
			Inputs: []string{
				"registryName", "resourceGroupName", "location", "sku.name", "adminUserEnabled", "networkRuleBypassOptions",
				"publicNetworkAccess", "zoneRedundancy",
			},
			Required: []string{"resourceGroupName", "sku.name"},
			Replaces: []string{"registryName", "resourceGroupName", "location"},
			ID:       inGroup("Microsoft.ContainerRegistry/registries/{registryName}"),
			Outputs: map[string]standin.Value{
				"name":        standin.Text("{registryName}"),
				"loginServer": standin.Text("{registryName}.azurecr.io"),
			},
		},
		"azure-native:network/v20180501:RecordSet": {
			Source: reference + "network/recordset/",
			Inputs: []string{
				"resourceGroupName", "zoneName", "relativeRecordSetName", "recordType", "ttl", "aRecords.ipv4Address",
			},
			Required: []string{"resourceGroupName", "zoneName", "recordType"},
			Replaces: []string{"resourceGroupName", "zoneName", "relativeRecordSetName", "recordType"},
			ID:       inGroup("Microsoft.Network/dnsZones/{zoneName}/{recordType}/{relativeRecordSetName}"),
			Outputs:  map[string]standin.Value{"fqdn": standin.Text("{relativeRecordSetName}.{zoneName}.")},
		},
	}
}
