package aks_test

import (
	"path"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/mocktest"
)

// kubeletOf and planeOf return the Entra IDs of the identities of the nodes and the control plane.
func kubeletOf(t *testing.T, built *mocktest.Recording) string {
	t.Helper()
	return built.Get(t, clusterType, "cluster-cluster").At("identityProfile", "kubeletidentity", "objectId").(string)
}

// granted summarises a role assignment.
type granted struct{ who, role, where string }

func grants(t *testing.T, built *mocktest.Recording) []granted {
	t.Helper()
	names := map[string]string{kubeletOf(t, built): "kubelet"}
	plane := built.Get(t, grantType, "cluster-network-grant")
	names[plane.At("principalId").(string)] = "control plane"
	disks := built.Get(t, grantType, "cluster-disks-key-grant")
	names[disks.At("principalId").(string)] = "disks"
	var all []granted
	for _, one := range built.Each(t, grantType) {
		who := one.At("principalId").(string)
		if name, known := names[who]; known {
			who = name
		}
		where := strings.TrimPrefix(one.At("scope").(string), "/subscriptions/"+subscription+"/resourceGroups/")
		all = append(all, granted{who, path.Base(one.At("roleDefinitionId").(string)), where})
	}
	return all
}

func TestNobodyMayMoreInAzureThanIsNeeded(t *testing.T) {
	built, told := build(t, production())
	group := path.Base(groupID(t, built))
	in := func(resource string) string { return group + "/providers/Microsoft." + resource }
	vault := in("KeyVault/vaults/" + built.Get(t, vaultType, "cluster-vault").At("vaultName").(string))
	registry := strings.TrimSuffix(told.Registry, ".azurecr.io")
	const networkContributor = "4d97b98b-1d4f-4787-a291-c67834d212e7"
	assert.ElementsMatch(t, []granted{
		{"control plane", networkContributor, in("Network/virtualNetworks/" + told.Name)},
		{"control plane", networkContributor, group + "-ingress"},
		{
			"control plane", "f1a07417-d97a-45cb-824c-7a7467783830", // Managed Identity Operator
			in("ManagedIdentity/userAssignedIdentities/" + told.Name + "-kubelet"),
		},
		{"control plane", "12338af0-0e69-4776-bea7-57ae8d297424", vault + "/keys/secrets"}, // Key Vault Crypto User
		{
			"control plane", "acdd72a7-3385-48ef-bd42-f606fba81ae7", // Reader
			in("Compute/diskEncryptionSets/dreamseed-test"),
		},
		// Key Vault Crypto Service Encryption User
		{"disks", "e147488a-f6f5-4113-8e2d-b22465e65bf6", vault + "/keys/disks"},
		// AcrPull
		{"kubelet", "7f951dda-4ed3-4680-a7ca-43fe172d538d", in("ContainerRegistry/registries/" + registry)},
		// Azure Kubernetes Service Cluster User
		{
			platformTeam, "4abbcc35-e782-43d8-92c5-2d3f1bd2253f",
			in("ContainerService/managedClusters/" + told.Name),
		},
		{pulumiGroup, "4abbcc35-e782-43d8-92c5-2d3f1bd2253f", in("ContainerService/managedClusters/" + told.Name)},
	}, grants(t, built))
}

func TestTheControlPlaneHasItsRightsFirst(t *testing.T) {
	built, _ := build(t, production())
	built.Get(t, clusterType, "cluster-cluster").AssertDependsOn(t,
		mocktest.Ref(grantType, "cluster-network-grant"), mocktest.Ref(grantType, "cluster-kubelet-grant"))
}

// The group of the ingress holds only the address.
func TestTheRightToTheAddressIsNoRightToAnythingElse(t *testing.T) {
	built, _ := build(t, production())
	ingress := path.Base(groupID(t, built)) + "-ingress"
	var inside []string
	for _, one := range built.Resources {
		if one.At("resourceGroupName") == ingress && one.Type != groupType {
			inside = append(inside, one.Name)
		}
	}
	assert.Equal(t, []string{"cluster-address"}, inside)
}

// Azure accepts neither a duplicate of a role assignment nor a change of one.
func TestAGrantHasAnotherNameExactlyWhenItIsAnotherGrant(t *testing.T) {
	names := func(spec *cluster.Spec) map[string]string {
		built, _ := build(t, spec)
		found := map[string]string{}
		for _, one := range built.Each(t, grantType) {
			name := one.At("roleAssignmentName").(string)
			require.NoError(t, uuid.Validate(name))
			found[one.Name] = name
		}
		return found
	}
	before := names(production())
	distinct := map[string]bool{}
	for _, name := range before {
		distinct[name] = true
	}
	assert.Len(t, distinct, len(before))
	upgraded := production()
	upgraded.KubernetesVersion = "1.36"
	assert.Equal(t, before, names(upgraded), "the same grants")

	spec := production()
	spec.Network.Services = "10.2.0.0/20"
	after := names(spec)
	for name := range before {
		if name == "cluster-disks-key-grant" {
			assert.Equal(t, before[name], after[name], "the disks are those of the environment")
			continue
		}
		assert.NotEqual(t, before[name], after[name], "%s is that of another cluster", name)
	}
}

func TestAGroupKeepsItsRightWhenAnotherOneGoes(t *testing.T) {
	both, _ := build(t, production())
	spec := production()
	spec.API.Administrators = []string{pulumiGroup, pulumiGroup}
	one, _ := build(t, spec)
	assert.Equal(t, []string{"cluster-administrator-" + platformTeam, "cluster-cluster"}, mocktest.Changed(both, one),
		"the grant, and the cluster's own list")
}

func TestThePreviewIdentityGetsTheKubeconfigAndIsNoAdministrator(t *testing.T) {
	const previewers = "33333333-0000-4000-8000-000000000003"
	spec := production()
	spec.API.PreviewIdentity = previewers
	built, told := build(t, spec)
	assert.Equal(t, &cluster.Subject{Kind: cluster.Group, Name: previewers}, told.Previewer)
	var granted []string
	for _, grant := range built.Each(t, grantType) {
		if grant.At("principalId") == previewers {
			granted = append(granted, path.Base(grant.At("roleDefinitionId").(string)))
		}
	}
	// Cluster User: https://learn.microsoft.com/azure/role-based-access-control/built-in-roles
	assert.Equal(t, []string{"4abbcc35-e782-43d8-92c5-2d3f1bd2253f"}, granted)
	plane := built.Get(t, clusterType, "cluster-cluster")
	assert.NotContains(t, plane.At("aadProfile", "adminGroupObjectIDs"), previewers)
	assert.NotEmpty(t, plane.At("aadProfile", "adminGroupObjectIDs"), "the control")

	_, told = build(t, production())
	assert.Nil(t, told.Previewer, "nobody is asked for")
}

func TestOnlyTheNodesMayPullAndOnlyFromThisRegistry(t *testing.T) {
	built, told := build(t, production())
	assert.Equal(t, false, built.Get(t, registryType, "cluster-registry").At("adminUserEnabled"), "there is no password")
	pull := built.Get(t, grantType, "cluster-registry-grant")
	assert.Equal(t, kubeletOf(t, built), pull.At("principalId"))
	assert.Equal(t, "ServicePrincipal", pull.At("principalType"), "Entra may not know of it yet")
	assert.True(t, strings.HasSuffix(pull.At("scope").(string), "/"+strings.TrimSuffix(told.Registry, ".azurecr.io")))
}

func TestTheClusterIsWhoItWasGrantedTo(t *testing.T) {
	built, told := build(t, production())
	plane := built.Get(t, clusterType, "cluster-cluster")
	assert.Equal(t, []any{groupID(t, built) + "/providers/Microsoft.ManagedIdentity/userAssignedIdentities/" +
		told.Name + "-control-plane"}, plane.At("identity", "userAssignedIdentities"))
	assert.Equal(t, groupID(t, built)+"/providers/Microsoft.ManagedIdentity/userAssignedIdentities/"+
		told.Name+"-kubelet", plane.At("identityProfile", "kubeletidentity", "resourceId"))
}

func TestAnIdentityIsOfOneServiceAccount(t *testing.T) {
	built, told := build(t, production())
	const token = "azure-native:managedidentity/v20230131:FederatedIdentityCredential"
	assert.Len(t, built.OfType(token), 1)
	federation := built.Get(t, token, "auth-federation")
	assert.Equal(t, "system:serviceaccount:dreamseed:auth-service", federation.At("subject"))
	assert.Equal(t, []any{"api://AzureADTokenExchange"}, federation.At("audiences"))
	assert.Regexp(t, `^https://westeurope\.oic\.prod-aks\.azure\.com/`, federation.At("issuer"))
	assert.Equal(t, told.Name, federation.At("federatedIdentityCredentialResourceName"),
		"while one cluster takes the place of another, both are trusted")
	identity := built.Get(t, identityType, "auth-identity")
	assert.Equal(t, identity.At("resourceName"), federation.At("resourceName"))
	federation.AssertDependsOn(t, mocktest.Ref(clusterType, "cluster-cluster"))

	annotations := built.Outputs["annotations"].(map[string]any)
	require.NoError(t, uuid.Validate(annotations["azure.workload.identity/client-id"].(string)))
	assert.Len(t, annotations, 1)
	assert.Equal(t, map[string]any{"azure.workload.identity/use": "true"}, built.Outputs["podLabels"])
	require.NoError(t, uuid.Validate(built.Outputs["principal"].(string)))
	assert.NotEqual(t, annotations["azure.workload.identity/client-id"], built.Outputs["principal"])
}
