package azurenative

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"

	"github.com/dreamseed/platform/internal/sandbox/standin"
)

func encryption() map[string]standin.Resource {
	return map[string]standin.Resource{
		"azure-native:keyvault/v20241101:Vault": {
			Source: reference + "keyvault/vault/",
			Inputs: []string{
				"vaultName", "resourceGroupName", "location", "properties.tenantId", "properties.sku.family",
				"properties.sku.name", "properties.enableRbacAuthorization", "properties.enablePurgeProtection",
				"properties.enableSoftDelete", "properties.softDeleteRetentionInDays", "properties.enabledForDeployment",
				"properties.enabledForDiskEncryption", "properties.enabledForTemplateDeployment", "properties.publicNetworkAccess",
			},
			Required: []string{"resourceGroupName", "properties.tenantId", "properties.sku.family", "properties.sku.name"},
			Replaces: []string{"vaultName", "resourceGroupName"},
			ID:       inGroup("Microsoft.KeyVault/vaults/{vaultName}"),
			Outputs: map[string]standin.Value{
				"name":                standin.Text("{vaultName}"),
				"properties.vaultUri": standin.Text("https://{vaultName}.vault.azure.net/"),
			},
		},
		"azure-native:keyvault/v20241101:Key": {
			Source: reference + "keyvault/key/",
			Inputs: []string{
				"keyName", "vaultName", "resourceGroupName", "properties.kty", "properties.keySize",
				"properties.rotationPolicy.lifetimeActions.action.type",
				"properties.rotationPolicy.lifetimeActions.trigger.timeAfterCreate",
			},
			Required: []string{"vaultName", "resourceGroupName", "properties"},
			Replaces: []string{"keyName", "vaultName", "resourceGroupName"},
			ID:       inGroup("Microsoft.KeyVault/vaults/{vaultName}/keys/{keyName}"),
			Outputs: map[string]standin.Value{
				"name":              standin.Text("{keyName}"),
				"keyUri":            standin.Text(keyAddress),
				"keyUriWithVersion": keyVersion,
			},
		},
		"azure-native:compute/v20240302:DiskEncryptionSet": {
			Source: reference + "compute/diskencryptionset/",
			Inputs: []string{
				"diskEncryptionSetName", "resourceGroupName", "location", "encryptionType", "activeKey.keyUrl",
				"activeKey.sourceVault.id", "rotationToLatestKeyVersionEnabled", "identity.type",
			},
			Required: []string{"resourceGroupName", "activeKey.keyUrl"},
			Replaces: []string{"diskEncryptionSetName", "resourceGroupName", "location"},
			ID:       inGroup("Microsoft.Compute/diskEncryptionSets/{diskEncryptionSetName}"),
			Outputs: map[string]standin.Value{
				"name":                 standin.Text("{diskEncryptionSetName}"),
				"identity.principalId": guid("principal"),
				"identity.tenantId":    standin.Constant(tenant),
			},
		},
	}
}

const keyAddress = "https://{vaultName}.vault.azure.net/keys/{keyName}"

// keyVersion returns the address of a key's first version.
func keyVersion(i standin.Instance) any {
	address := standin.Text(keyAddress)(i)
	version := sha256.Sum256([]byte(i.ID))
	return fmt.Sprintf("%v/%s", address, hex.EncodeToString(version[:16]))
}
