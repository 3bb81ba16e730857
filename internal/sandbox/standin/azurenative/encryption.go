package azurenative

import (
	"slices"

	"github.com/dreamseed/platform/internal/sandbox/standin"
)

func encryption() map[string]standin.Resource {
	return map[string]standin.Resource{
		"azure-native:keyvault:Vault": {
			Source: reference + "keyvault/keyvault/vaults/create-or-update",
			Inputs: slices.Concat(place, []string{
				"vaultName", "properties.tenantId", "properties.sku.family", "properties.sku.name",
				"properties.enableRbacAuthorization", "properties.enableSoftDelete", "properties.enablePurgeProtection",
				"properties.softDeleteRetentionInDays", "properties.publicNetworkAccess",
			}),
			Required: []string{"resourceGroupName", "properties.tenantId", "properties.sku"},
			Replaces: slices.Concat(place, []string{"vaultName"}),
			ID:       standin.Text(group + "KeyVault/vaults/{vaultName}"),
			Outputs: map[string]standin.Value{
				"name":                standin.Text("{vaultName}"),
				"properties.vaultUri": standin.Text("https://{vaultName}.vault.azure.net/"),
			},
		},
		"azure-native:keyvault:Key": {
			Source:   reference + "keyvault/keyvault/keys/create-if-not-exist",
			Inputs:   []string{"resourceGroupName", "vaultName", "keyName", "properties.kty", "properties.keySize"},
			Required: []string{"resourceGroupName", "vaultName", "properties"},
			Replaces: []string{"resourceGroupName", "vaultName", "keyName", "properties.kty", "properties.keySize"},
			ID:       standin.Text(group + "KeyVault/vaults/{vaultName}/keys/{keyName}"),
			Outputs: map[string]standin.Value{
				"keyUri":            standin.Text("https://{vaultName}.vault.azure.net/keys/{keyName}"),
				"keyUriWithVersion": standin.Text("https://{vaultName}.vault.azure.net/keys/{keyName}/0123456789abcdef"),
			},
		},
		"azure-native:compute/v20240302:DiskEncryptionSet": {
			Source: reference + "compute/disk-encryption-sets/create-or-update",
			Inputs: slices.Concat(place, []string{
				"diskEncryptionSetName", "encryptionType", "activeKey.keyUrl", "identity.type",
				"identity.userAssignedIdentities", "rotationToLatestKeyVersionEnabled",
			}),
			Required: []string{"resourceGroupName"},
			Replaces: slices.Concat(place, []string{"diskEncryptionSetName", "encryptionType"}),
			ID:       standin.Text(group + "Compute/diskEncryptionSets/{diskEncryptionSetName}"),
			Outputs:  map[string]standin.Value{"name": standin.Text("{diskEncryptionSetName}")},
		},
	}
}
