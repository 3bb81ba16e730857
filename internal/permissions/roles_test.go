package permissions_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/permissions"
)

const (
	assign       = "Microsoft.Authorization/roleAssignments/write"
	subscription = "5f0c2a10-0000-4000-8000-000000000002"
	owner        = "8e3af657-a8ff-443c-a75c-2fe8c4bcb635"
	networks     = "4d97b98b-1d4f-4787-a291-c67834d212e7"
)

func TestARoleOfAzureHoldsWhatItsPatternsSay(t *testing.T) {
	granted := granted(t, "aks").(*permissions.Assignments).In(subscription)
	const here = "/subscriptions/" + subscription
	asked := func(action, where string) permissions.Request {
		return permissions.Request{Action: action, Where: where}
	}
	assigned := func(role string) permissions.Request {
		return permissions.Request{Action: assign, Where: here, With: map[string]string{
			"role": here + "/providers/Microsoft.Authorization/roleDefinitions/" + role,
		}}
	}
	for reason, c := range map[string]struct {
		request permissions.Request
		want    []string
	}{
		"the subscription itself":     {asked("Microsoft.Network/register/action", here), []string{"Contributor"}},
		"what is in it":               {asked("Microsoft.Network/networks/write", here+"/one"), []string{"Contributor"}},
		"what notActions take out":    {asked("Microsoft.Authorization/locks/write", here), []string{"Locks Contributor"}},
		"another subscription":        {asked("Microsoft.Network/networks/write", "/subscriptions/another"), nil},
		"one that begins as this one": {asked("Microsoft.Network/networks/write", here+"0"), nil},
		"to elevate oneself":          {asked("Microsoft.Authorization/elevateAccess/action", here), nil},
		"to assign no role":           {asked(assign, here), nil},
		"to own the subscription":     {assigned(owner), nil},
		"a role that may be assigned": {
			assigned(networks), []string{"Role Based Access Control Administrator granting " + networks},
		},
	} {
		assert.Equal(t, c.want, granted.Allowing(c.request), reason)
	}
}

// Both actions are named: without the second one, the identity that runs Pulumi could remove any role.
func TestTheConditionOfAzureIsAboutGivingAndTaking(t *testing.T) {
	documents, err := granted(t, "aks").Documents()
	require.NoError(t, err)
	condition := documents["permissions-condition.txt"]
	for _, part := range []string{
		"!(ActionMatches{'Microsoft.Authorization/roleAssignments/write'})",
		"@Request[Microsoft.Authorization/roleAssignments:RoleDefinitionId]",
		"!(ActionMatches{'Microsoft.Authorization/roleAssignments/delete'})",
		"@Resource[Microsoft.Authorization/roleAssignments:RoleDefinitionId]",
		networks,
	} {
		assert.Contains(t, condition, part)
	}
	assert.NotContains(t, condition, owner)
}

func TestARoleOfGoogleCloudGrantsOnlyWhatItsConditionNames(t *testing.T) {
	granted := granted(t, "gke").(*permissions.ProjectRoles)
	grant := func(role string) []string {
		return granted.Allowing(permissions.Request{
			Action: "resourcemanager.projects.setIamPolicy", With: map[string]string{"role": role},
		})
	}
	assert.Equal(t, []string{"roles/resourcemanager.projectIamAdmin granting roles/container.admin"},
		grant("roles/container.admin"))
	assert.Empty(t, grant("roles/owner"))
	assert.Empty(t, granted.Allowing(permissions.Request{Action: "compute.instances.create"}), "no role holds it")
	documents, err := granted.Documents()
	require.NoError(t, err)
	assert.Contains(t, documents["permissions-condition.yaml"], "hasOnly(['roles/container.admin',")
}

// A role that no table knows would hold nothing, and still be granted.
func TestEveryRoleHasASource(t *testing.T) {
	for cloud, roles := range map[string]interface{ Sources() map[string]string }{
		"gke": granted(t, "gke").(*permissions.ProjectRoles), "aks": granted(t, "aks").(*permissions.Assignments),
	} {
		sources := roles.Sources()
		require.NotEmpty(t, sources, cloud)
		for role, source := range sources {
			assert.Regexp(t, public, source, role)
		}
	}
}
