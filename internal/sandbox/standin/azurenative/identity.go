package azurenative

import "github.com/dreamseed/platform/internal/sandbox/standin"

func identity() map[string]standin.Resource {
	return map[string]standin.Resource{
		"azure-native:managedidentity/v20230131:UserAssignedIdentity": {
			Source:   reference + "managedidentity/userassignedidentity/",
			Inputs:   []string{"resourceName", "resourceGroupName", "location"},
			Required: []string{"resourceGroupName"},
			Replaces: []string{"resourceName", "resourceGroupName", "location"},
			ID:       inGroup("Microsoft.ManagedIdentity/userAssignedIdentities/{resourceName}"),
			Outputs: map[string]standin.Value{
				"name":        standin.Text("{resourceName}"),
				"principalId": guid("principal"),
				"clientId":    guid("client"),
				"tenantId":    standin.Constant(tenant),
			},
		},
		"azure-native:managedidentity/v20230131:FederatedIdentityCredential": {
			Source: reference + "managedidentity/federatedidentitycredential/",
			Inputs: []string{
				"federatedIdentityCredentialResourceName", "resourceName", "resourceGroupName", "issuer", "subject", "audiences",
			},
			Required: []string{"resourceName", "resourceGroupName", "issuer", "subject", "audiences"},
			Replaces: []string{"federatedIdentityCredentialResourceName", "resourceName", "resourceGroupName"},
			ID: inGroup("Microsoft.ManagedIdentity/userAssignedIdentities/{resourceName}" +
				"/federatedIdentityCredentials/{federatedIdentityCredentialResourceName}"),
		},
		"azure-native:authorization/v20220401:RoleAssignment": {
			Source:   reference + "authorization/roleassignment/",
			Inputs:   []string{"roleAssignmentName", "principalId", "principalType", "roleDefinitionId", "scope"},
			Required: []string{"principalId", "roleDefinitionId", "scope"},
			Replaces: []string{"roleAssignmentName", "principalId", "scope"},
			ID:       standin.Text("{scope}/providers/Microsoft.Authorization/roleAssignments/{roleAssignmentName}"),
		},
		"azure-native:authorization/v20200501:ManagementLockByScope": {
			Source:   reference + "authorization/managementlockbyscope/",
			Inputs:   []string{"lockName", "scope", "level", "notes"},
			Required: []string{"scope", "level"},
			Replaces: []string{"lockName", "scope"},
			ID:       standin.Text("{scope}/providers/Microsoft.Authorization/locks/{lockName}"),
		},
	}
}
