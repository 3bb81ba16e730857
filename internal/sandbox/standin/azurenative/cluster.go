package azurenative

import (
	"slices"

	"github.com/dreamseed/platform/internal/sandbox/standin"
)

const version = "azure-native:containerservice/v20240901:"

// pool are the inputs that a pool has whether it is part of the cluster or a resource of its own.
var pool = []string{
	"mode", "type", "enableAutoScaling", "minCount", "maxCount", "count", "vmSize", "osSKU", "osDiskSizeGB",
	"availabilityZones", "vnetSubnetID", "maxPods", "nodeTaints", "nodeLabels.*", "enableEncryptionAtHost",
	"orchestratorVersion", "upgradeSettings.maxSurge",
}

// fixedPool are those of them that cannot be changed.
var fixedPool = []string{
	"type", "vmSize", "osDiskSizeGB", "availabilityZones", "vnetSubnetID", "maxPods", "enableEncryptionAtHost",
}

func below(parent string, names []string) []string {
	var paths []string
	for _, name := range names {
		paths = append(paths, parent+"."+name)
	}
	return paths
}

func clusters() map[string]standin.Resource {
	return map[string]standin.Resource{
		version + "ManagedCluster": {
			Source: reference + "aks/managed-clusters/create-or-update",
			Inputs: slices.Concat(place, below("agentPoolProfiles", append([]string{"name"}, pool...)), []string{
				"resourceName", "nodeResourceGroup", "dnsPrefix", "kubernetesVersion", "sku.name", "sku.tier",
				"identity.type", "identity.userAssignedIdentities", "identityProfile.kubeletidentity.resourceId",
				"identityProfile.kubeletidentity.clientId", "identityProfile.kubeletidentity.objectId",
				"networkProfile.networkPlugin", "networkProfile.networkPluginMode", "networkProfile.networkDataplane",
				"networkProfile.networkPolicy", "networkProfile.podCidr", "networkProfile.serviceCidr",
				"networkProfile.dnsServiceIP", "networkProfile.loadBalancerSku", "networkProfile.outboundType",
				"apiServerAccessProfile.enablePrivateCluster", "apiServerAccessProfile.disableRunCommand",
				"apiServerAccessProfile.privateDNSZone", "apiServerAccessProfile.enablePrivateClusterPublicFQDN",
				"apiServerAccessProfile.authorizedIPRanges", "disableLocalAccounts", "enableRBAC", "aadProfile.managed",
				"aadProfile.enableAzureRBAC", "aadProfile.adminGroupObjectIDs", "oidcIssuerProfile.enabled",
				"securityProfile.azureKeyVaultKms.enabled", "securityProfile.azureKeyVaultKms.keyId",
				"securityProfile.azureKeyVaultKms.keyVaultNetworkAccess", "securityProfile.workloadIdentity.enabled",
				"diskEncryptionSetID", "autoUpgradeProfile.upgradeChannel", "autoUpgradeProfile.nodeOSUpgradeChannel",
			}),
			Required: []string{"resourceGroupName"},
			Replaces: slices.Concat(place, below("agentPoolProfiles", fixedPool), []string{
				"resourceName", "nodeResourceGroup", "dnsPrefix", "networkProfile.networkPlugin", "networkProfile.podCidr",
				"networkProfile.serviceCidr", "networkProfile.dnsServiceIP", "networkProfile.loadBalancerSku",
				"apiServerAccessProfile.enablePrivateCluster", "enableRBAC", "diskEncryptionSetID",
			}),
			ID: standin.Text(group + "ContainerService/managedClusters/{resourceName}"),
			Outputs: map[string]standin.Value{
				"name": standin.Text("{resourceName}"),
				"oidcIssuerProfile.issuerURL": standin.Text(
					"https://{location}.oic.prod-aks.azure.com/" + tenant + "/{resourceName}/"),
				"currentKubernetesVersion": standin.Text("{kubernetesVersion}.4"),
				"fqdn":                     standin.Text("{dnsPrefix}-0123abcd.hcp.{location}.azmk8s.io"),
			},
		},
		version + "AgentPool": {
			Source: reference + "aks/agent-pools/create-or-update",
			Inputs: slices.Concat(pool, []string{
				"resourceGroupName", "resourceName", "agentPoolName", "scaleSetPriority", "scaleSetEvictionPolicy",
				"spotMaxPrice",
			}),
			Required: []string{"resourceGroupName", "resourceName"},
			Replaces: slices.Concat(fixedPool, []string{
				"resourceGroupName", "resourceName", "agentPoolName", "scaleSetPriority", "scaleSetEvictionPolicy",
				"spotMaxPrice",
			}),
			ID:      standin.Text(group + "ContainerService/managedClusters/{resourceName}/agentPools/{agentPoolName}"),
			Outputs: map[string]standin.Value{"name": standin.Text("{agentPoolName}")},
		},
		version + "MaintenanceConfiguration": {
			Source: reference + "aks/maintenance-configurations/create-or-update",
			Inputs: []string{
				"resourceGroupName", "resourceName", "configName", "maintenanceWindow.schedule.weekly.dayOfWeek",
				"maintenanceWindow.schedule.weekly.intervalWeeks", "maintenanceWindow.startTime",
				"maintenanceWindow.utcOffset", "maintenanceWindow.durationHours",
			},
			Required: []string{"resourceGroupName", "resourceName"},
			Replaces: []string{"resourceGroupName", "resourceName", "configName"},
			ID: standin.Text(group +
				"ContainerService/managedClusters/{resourceName}/maintenanceConfigurations/{configName}"),
		},
	}
}
