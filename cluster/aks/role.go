package aks

import (
	"fmt"

	"github.com/google/uuid"
	"github.com/pulumi/pulumi-azure-native-sdk/authorization/v2"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// The built-in roles that are granted here
// (https://learn.microsoft.com/azure/role-based-access-control/built-in-roles).
const (
	acrPull                 = "7f951dda-4ed3-4680-a7ca-43fe172d538d"
	cryptoEncryptionUser    = "e147488a-f6f5-4113-8e2d-b22465e65bf6"
	cryptoUser              = "12338af0-0e69-4776-bea7-57ae8d297424"
	managedIdentityOperator = "f1a07417-d97a-45cb-824c-7a7467783830"
	networkContributor      = "4d97b98b-1d4f-4787-a291-c67834d212e7"
	reader                  = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
)

// grant is a role for somebody on something.
type grant struct {
	// name is the end of the grant's logical name.
	name string
	role string
	to   pulumi.StringOutput
	on   pulumi.StringInput
}

// newGrant names a grant by its cluster and its logical name: Azure wants a UUID, and the same one each time.
func (b *builder) newGrant(wanted grant) (pulumi.Resource, error) {
	logical := b.name + "-grant-" + wanted.name
	id := uuid.NewSHA1(uuid.NameSpaceURL, []byte(b.spec.Account+"/"+b.spec.Identity()+"/"+logical))
	granted, err := authorization.NewRoleAssignment(b.ctx, logical, &authorization.RoleAssignmentArgs{
		RoleAssignmentName: pulumi.String(id.String()),
		Scope:              wanted.on,
		PrincipalId:        wanted.to,
		PrincipalType:      pulumi.String("ServicePrincipal"),
		RoleDefinitionId: pulumi.String(fmt.Sprintf("/subscriptions/%s/providers/Microsoft.Authorization/roleDefinitions/%s",
			b.spec.Account, wanted.role)),
	}, b.child()...)
	if err != nil {
		return nil, fmt.Errorf("granting %s: %w", wanted.name, err)
	}
	return granted, nil
}

func (b *builder) newGrants(wanted ...grant) ([]pulumi.Resource, error) {
	var granted []pulumi.Resource
	for _, one := range wanted {
		created, err := b.newGrant(one)
		if err != nil {
			return nil, err
		}
		granted = append(granted, created)
	}
	return granted, nil
}
