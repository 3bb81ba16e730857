package azurenative

import (
	"crypto/sha256"
	"fmt"
	"slices"

	"github.com/dreamseed/platform/internal/sandbox/standin"
)

// access is who may do what, and with which key.
func access() map[string]standin.Resource {
	return map[string]standin.Resource{
		"azure-native:managedidentity:UserAssignedIdentity": {
			Source:   reference + "managedidentity/user-assigned-identities/create-or-update",
			Inputs:   slices.Concat(place, []string{"resourceName"}),
			Required: []string{"resourceGroupName"},
			Replaces: slices.Concat(place, []string{"resourceName"}),
			ID:       standin.Text(group + "ManagedIdentity/userAssignedIdentities/{resourceName}"),
			Outputs: map[string]standin.Value{
				"name":        standin.Text("{resourceName}"),
				"clientId":    guid("client"),
				"principalId": guid("principal"),
				"tenantId":    standin.Constant(tenant),
			},
		},
		"azure-native:managedidentity:FederatedIdentityCredential": {
			Source: reference + "managedidentity/federated-identity-credentials/create-or-update",
			Inputs: []string{
				"resourceGroupName", "resourceName", "federatedIdentityCredentialResourceName", "issuer", "subject",
				"audiences",
			},
			Required: []string{"resourceGroupName", "resourceName", "issuer", "subject", "audiences"},
			Replaces: []string{"resourceGroupName", "resourceName", "federatedIdentityCredentialResourceName"},
			ID: standin.Text(group + "ManagedIdentity/userAssignedIdentities/{resourceName}" +
				"/federatedIdentityCredentials/{federatedIdentityCredentialResourceName}"),
		},
		"azure-native:authorization:RoleAssignment": {
			Source:   reference + "authorization/role-assignments/create",
			Inputs:   []string{"roleAssignmentName", "scope", "principalId", "principalType", "roleDefinitionId"},
			Required: []string{"scope", "principalId", "roleDefinitionId"},
			Replaces: []string{"roleAssignmentName", "scope", "principalId", "principalType", "roleDefinitionId"},
			ID:       standin.Text("{scope}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}"),
		},
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

// guid is what Azure draws for an identity; here it follows from the identity's ID.
func guid(role string) standin.Value {
	return func(i standin.Instance) any {
		sum := sha256.Sum256([]byte(role + i.ID))
		return fmt.Sprintf("%x-%x-%x-%x-%x", sum[0:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
	}
}
