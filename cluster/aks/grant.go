package aks

import (
	"fmt"
	"strings"

	"github.com/google/uuid"
	authorization "github.com/pulumi/pulumi-azure-native-sdk/authorization/v2/v20220401"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// role is the ID of a built-in role (https://learn.microsoft.com/azure/role-based-access-control/built-in-roles).
type role string

const (
	// networkContributor manages networks and addresses.
	networkContributor role = "4d97b98b-1d4f-4787-a291-c67834d212e7"
	// managedIdentityOperator assigns an identity to machines.
	managedIdentityOperator role = "f1a07417-d97a-45cb-824c-7a7467783830"
	// keyUser encrypts and decrypts with a vault's key.
	keyUser role = "12338af0-0e69-4776-bea7-57ae8d297424"
	// keyServiceUser wraps and unwraps other keys with a vault's key, for Azure services.
	keyServiceUser role = "e147488a-f6f5-4113-8e2d-b22465e65bf6"
	// secretsUser reads the values of secrets.
	secretsUser role = "4633458b-17de-408a-b874-0445c86b69e6" //nolint:gosec // an ID, and nothing secret
	// blobContributor reads, writes and deletes blobs.
	blobContributor role = "ba92f5b4-2d11-453d-a403-e96b0029c9fe"
	// reader reads the configuration of a resource.
	reader role = "acdd72a7-3385-48ef-bd42-f606fba81ae7"
	// acrPull pulls images.
	acrPull role = "7f951dda-4ed3-4680-a7ca-43fe172d538d"
	// clusterUser gets a cluster's kubeconfig, which holds no credential.
	clusterUser role = "4abbcc35-e782-43d8-92c5-2d3f1bd2253f"
)

// principal is the grantee of a role. The name is known before Azure assigns the ID.
type principal struct {
	name, kind string
	id         pulumi.StringInput
}

// scope is the resource that a role is granted on. The name is known before Azure assigns the ID, and is unique in the
// subscription.
type scope struct {
	name string
	id   pulumi.StringInput
}

// newGrant assigns a role. Azure names assignments by GUIDs, and accepts neither a duplicate nor a change of one: so
// the GUID is derived from principal, role and scope, and nothing else.
func (b *builder) newGrant(
	name string, who principal, what role, where scope, opts ...pulumi.ResourceOption,
) (pulumi.Resource, error) {
	content := strings.Join([]string{b.spec.Account, who.name, string(what), where.name}, "/")
	grant, err := authorization.NewRoleAssignment(b.ctx, name, &authorization.RoleAssignmentArgs{
		RoleAssignmentName: pulumi.String(uuid.NewSHA1(uuid.NameSpaceURL, []byte(content)).String()),
		PrincipalId:        who.id,
		PrincipalType:      pulumi.String(who.kind),
		RoleDefinitionId: pulumi.String(fmt.Sprintf(
			"/subscriptions/%s/providers/Microsoft.Authorization/roleDefinitions/%s", b.spec.Account, what)),
		Scope: where.id,
	}, b.child(opts...)...)
	if err != nil {
		return nil, fmt.Errorf("granting %s a role on %s: %w", who.name, where.name, err)
	}
	return grant, nil
}
