package azurenative

import "github.com/dreamseed/platform/internal/sandbox/standin"

// blobs has the account of the blobs, what is set up for it, and its containers.
func blobs() map[string]standin.Resource {
	const account = "Microsoft.Storage/storageAccounts/{accountName}"
	const encryption, version = "encryption.", "policy.rules.definition.actions.version."
	return map[string]standin.Resource{
		"azure-native:storage/v20230501:StorageAccount": {
			Source: reference + "storage/storageaccount/",
			Inputs: []string{
				"accountName", "resourceGroupName", "location", "kind", "sku.name", "allowBlobPublicAccess",
				"allowSharedKeyAccess", "allowCrossTenantReplication", "enableHttpsTrafficOnly", "minimumTlsVersion",
				"identity.type", "identity.userAssignedIdentities", encryption + "keySource",
				encryption + "keyVaultProperties.keyName", encryption + "keyVaultProperties.keyVaultUri",
				encryption + "encryptionIdentity.encryptionUserAssignedIdentity",
			},
			Required: []string{"resourceGroupName", "kind", "sku.name", "identity.type"},
			Replaces: []string{"accountName", "resourceGroupName", "location"},
			ID:       inGroup(account),
			Outputs:  map[string]standin.Value{"name": standin.Text("{accountName}")},
		},
		"azure-native:storage/v20230501:BlobServiceProperties": {
			Source: reference + "storage/blobserviceproperties/",
			Inputs: []string{
				"accountName", "resourceGroupName", "blobServicesName", "isVersioningEnabled",
				"deleteRetentionPolicy.enabled", "deleteRetentionPolicy.days",
				"containerDeleteRetentionPolicy.enabled", "containerDeleteRetentionPolicy.days",
			},
			Required: []string{"accountName", "resourceGroupName"},
			Replaces: []string{"accountName", "resourceGroupName", "blobServicesName"},
			ID:       inGroup(account + "/blobServices/{blobServicesName}"),
		},
		"azure-native:storage/v20230501:ManagementPolicy": {
			Source: reference + "storage/managementpolicy/",
			Inputs: []string{
				"accountName", "resourceGroupName", "managementPolicyName", "policy.rules.name", "policy.rules.type",
				"policy.rules.enabled", "policy.rules.definition.filters.blobTypes",
				version + "delete.daysAfterCreationGreaterThan",
			},
			Required: []string{"accountName", "resourceGroupName", "policy"},
			Replaces: []string{"accountName", "resourceGroupName", "managementPolicyName"},
			ID:       inGroup(account + "/managementPolicies/{managementPolicyName}"),
		},
		"azure-native:storage/v20230501:BlobContainer": {
			Source: reference + "storage/blobcontainer/",
			Inputs: []string{"accountName", "resourceGroupName", "containerName", "publicAccess"},
			Required: []string{
				"accountName", "resourceGroupName",
			},
			Replaces: []string{"accountName", "resourceGroupName", "containerName"},
			ID:       inGroup(account + "/blobServices/default/containers/{containerName}"),
			Outputs:  map[string]standin.Value{"name": standin.Text("{containerName}")},
		},
	}
}
