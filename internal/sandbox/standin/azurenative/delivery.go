package azurenative

import (
	"slices"

	"github.com/dreamseed/platform/internal/sandbox/standin"
)

// delivery is how images come to the nodes, and users to the services.
func delivery() map[string]standin.Resource {
	return map[string]standin.Resource{
		"azure-native:containerregistry:Registry": {
			Source: reference + "containerregistry/registries/create",
			Inputs: slices.Concat(place, []string{
				"registryName", "sku.name", "adminUserEnabled", "networkRuleBypassOptions", "publicNetworkAccess",
				"zoneRedundancy",
			}),
			Required: []string{"resourceGroupName", "sku"},
			Replaces: slices.Concat(place, []string{"registryName"}),
			ID:       standin.Text(group + "ContainerRegistry/registries/{registryName}"),
			Outputs: map[string]standin.Value{
				"name":        standin.Text("{registryName}"),
				"loginServer": standin.Text("{registryName}.azurecr.io"),
			},
		},
		"azure-native:network/v20180501:RecordSet": {
			Source: reference + "dns/record-sets/create-or-update",
			Inputs: []string{
				"resourceGroupName", "zoneName", "relativeRecordSetName", "recordType", "ttl", "aRecords.ipv4Address",
			},
			Required: []string{"resourceGroupName", "zoneName", "recordType"},
			Replaces: []string{"resourceGroupName", "zoneName", "relativeRecordSetName", "recordType"},
			ID:       standin.Text(group + "Network/dnsZones/{zoneName}/{recordType}/{relativeRecordSetName}"),
		},
	}
}
