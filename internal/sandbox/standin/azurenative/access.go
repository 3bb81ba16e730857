package azurenative

import (
	"crypto/sha256"
	"fmt"
	"slices"

	"github.com/dreamseed/platform/internal/sandbox/standin"
)

// access is who may do what.
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
	}
}

// guid is what Azure draws for an identity; here it follows from the identity's ID.
func guid(role string) standin.Value {
	return func(i standin.Instance) any {
		sum := sha256.Sum256([]byte(role + i.ID))
		return fmt.Sprintf("%x-%x-%x-%x-%x", sum[0:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
	}
}
