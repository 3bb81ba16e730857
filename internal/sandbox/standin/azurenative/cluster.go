package azurenative

import (
	"fmt"

	"github.com/dreamseed/platform/internal/sandbox/standin"
)

func clusters(names *serverNames) map[string]standin.Resource {
	return map[string]standin.Resource{
		"azure-native:containerservice/v20240901:ManagedCluster": {
			Source:   reference + "containerservice/managedcluster/",
			Inputs:   append(clusterInputs(), below("agentPoolProfiles", append(poolInputs(), "name"))...),
			Required: []string{"resourceGroupName", "agentPoolProfiles.name"},
			Replaces: []string{
				"resourceName", "resourceGroupName", "location", "dnsPrefix", "nodeResourceGroup", "networkProfile",
				"diskEncryptionSetID",
			},
			ID: inGroup("Microsoft.ContainerService/managedClusters/{resourceName}"),
			Outputs: map[string]standin.Value{
				"name":                        standin.Text("{resourceName}"),
				"fqdn":                        standin.Text("{dnsPrefix}-5f0c2a10.hcp.{location}.azmk8s.io"),
				"privateFQDN":                 names.private,
				"oidcIssuerProfile.issuerURL": issuer,
				"currentKubernetesVersion":    standin.Text("{kubernetesVersion}.4"),
			},
		},
		"azure-native:containerservice/v20240901:AgentPool": {
			Source: reference + "containerservice/agentpool/",
			Inputs: append(poolInputs(), "agentPoolName", "resourceName", "resourceGroupName", "enableNodePublicIP",
				"kubeletDiskType", "minCount", "maxCount", "scaleSetPriority", "scaleSetEvictionPolicy", "spotMaxPrice",
				"nodeLabels.*"),
			Required: []string{"resourceName", "resourceGroupName"},
			Replaces: []string{"agentPoolName", "resourceName", "resourceGroupName", "vmSize"},
			ID:       inGroup("Microsoft.ContainerService/managedClusters/{resourceName}/agentPools/{agentPoolName}"),
			Outputs:  map[string]standin.Value{"name": standin.Text("{agentPoolName}")},
		},
		"azure-native:containerservice/v20240901:MaintenanceConfiguration": {
			Source: reference + "containerservice/maintenanceconfiguration/",
			Inputs: []string{
				"configName", "resourceName", "resourceGroupName", "maintenanceWindow.startTime",
				"maintenanceWindow.utcOffset", "maintenanceWindow.durationHours",
				"maintenanceWindow.schedule.weekly.dayOfWeek", "maintenanceWindow.schedule.weekly.intervalWeeks",
			},
			Required: []string{"resourceName", "resourceGroupName"},
			Replaces: []string{"configName", "resourceName", "resourceGroupName"},
			ID: inGroup("Microsoft.ContainerService/managedClusters/{resourceName}" +
				"/maintenanceConfigurations/{configName}"),
		},
	}
}

func clusterInputs() []string {
	return []string{
		"resourceName", "resourceGroupName", "location", "nodeResourceGroup", "nodeResourceGroupProfile.restrictionLevel",
		"dnsPrefix", "sku.name", "sku.tier", "supportPlan", "kubernetesVersion", "networkProfile.networkPlugin",
		"networkProfile.networkPluginMode", "networkProfile.networkDataplane", "networkProfile.networkPolicy",
		"networkProfile.podCidr", "networkProfile.serviceCidr", "networkProfile.dnsServiceIP",
		"networkProfile.loadBalancerSku", "networkProfile.outboundType", "apiServerAccessProfile.enablePrivateCluster",
		"apiServerAccessProfile.disableRunCommand", "apiServerAccessProfile.privateDNSZone",
		"apiServerAccessProfile.enablePrivateClusterPublicFQDN", "apiServerAccessProfile.authorizedIPRanges",
		"disableLocalAccounts", "enableRBAC", "aadProfile.managed", "aadProfile.enableAzureRBAC",
		"aadProfile.adminGroupObjectIDs", "identity.type", "identity.userAssignedIdentities",
		"identityProfile.kubeletidentity.resourceId", "identityProfile.kubeletidentity.clientId",
		"identityProfile.kubeletidentity.objectId", "oidcIssuerProfile.enabled",
		"securityProfile.workloadIdentity.enabled", "securityProfile.azureKeyVaultKms.enabled",
		"securityProfile.azureKeyVaultKms.keyId", "securityProfile.azureKeyVaultKms.keyVaultNetworkAccess",
		"diskEncryptionSetID", "autoUpgradeProfile.upgradeChannel", "autoUpgradeProfile.nodeOSUpgradeChannel",
		"autoScalerProfile.expander", "autoScalerProfile.skipNodesWithLocalStorage",
		"storageProfile.diskCSIDriver.enabled", "storageProfile.fileCSIDriver.enabled",
		"storageProfile.snapshotController.enabled", "metricsProfile.costAnalysis.enabled",
	}
}

// poolInputs returns the inputs of any pool, either a resource of its own or part of its cluster's creation.
func poolInputs() []string {
	return []string{
		"mode", "type", "vmSize", "osType", "osSKU", "osDiskType", "osDiskSizeGB", "enableEncryptionAtHost",
		"securityProfile.enableSecureBoot", "securityProfile.enableVTPM", "orchestratorVersion", "availabilityZones",
		"vnetSubnetID", "maxPods", "enableAutoScaling", "count", "nodeTaints",
		"upgradeSettings.maxSurge", "upgradeSettings.drainTimeoutInMinutes",
	}
}

func below(parent string, paths []string) []string {
	var all []string
	for _, path := range paths {
		all = append(all, parent+"."+path)
	}
	return all
}

func issuer(i standin.Instance) any {
	location, _ := i.Input("location")
	return fmt.Sprintf("https://%v.oic.prod-aks.azure.com/%s/%v/", location, tenant, guid("issuer")(i))
}
