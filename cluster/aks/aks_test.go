package aks_test

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/cluster/aks"
	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/internal/sandbox/standin/azurenative"
)

const (
	clusterType  = "azure-native:containerservice/v20240901:ManagedCluster"
	poolType     = "azure-native:containerservice/v20240901:AgentPool"
	groupType    = "azure-native:resources/v20241101:ResourceGroup"
	networkType  = "azure-native:network/v20240501:VirtualNetwork"
	subnetType   = "azure-native:network/v20240501:Subnet"
	addressType  = "azure-native:network/v20240501:PublicIPAddress"
	vaultType    = "azure-native:keyvault/v20241101:Vault"
	keyType      = "azure-native:keyvault/v20241101:Key"
	disksType    = "azure-native:compute/v20240302:DiskEncryptionSet"
	registryType = "azure-native:containerregistry/v20230701:Registry"
	identityType = "azure-native:managedidentity/v20230131:UserAssignedIdentity"
	grantType    = "azure-native:authorization/v20220401:RoleAssignment"
	lockType     = "azure-native:authorization/v20200501:ManagementLockByScope"
	providerType = "pulumi:providers:kubernetes"
)

// subscription is the environment's subscription; platformTeam and pulumiGroup are the groups that administer it.
const (
	subscription = "5f0c2a10-0000-4000-8000-000000000002"
	platformTeam = "5f0c2a10-0000-4000-8000-000000000012"
	pulumiGroup  = "5f0c2a10-0000-4000-8000-000000000022"
)

// production returns a protected cluster without a public endpoint.
func production() *cluster.Spec {
	pool := func(name string, spot bool) cluster.NodePool {
		return cluster.NodePool{
			Name: name, Spot: spot, MinNodes: 4, MaxNodes: 10, MachineTypes: []string{"Standard_D8as_v5"},
			CPU: resource.MustParse("8"), Memory: resource.MustParse("32Gi"),
		}
	}
	return &cluster.Spec{
		Cloud: cluster.AKS, Name: "dreamseed-test", Account: subscription, Region: "westeurope",
		Zones:             []string{"westeurope-1", "westeurope-2", "westeurope-3"},
		KubernetesVersion: "1.35",
		Network:           cluster.Network{Nodes: "10.0.0.0/16", Pods: "10.64.0.0/14", Services: "10.1.0.0/20"},
		API:               cluster.APIAccess{Administrators: []string{pulumiGroup, platformTeam}},
		DNS:               cluster.DNS{Host: "learn.dreamseed.ai", Zone: "dns/dreamseed.ai"},
		NodePools:         []cluster.NodePool{pool("ondemand", false), pool("spot", true)},
		Protect:           true,
	}
}

// public returns the same cluster with a public endpoint for one range.
func public() *cluster.Spec {
	spec := production()
	spec.API.AuthorizedRanges = []string{"198.51.100.0/24"}
	return spec
}

// build builds a cluster, and gives a service account in it an identity.
func build(t *testing.T, spec *cluster.Spec) (*mocktest.Recording, *cluster.Cluster) {
	t.Helper()
	require.NoError(t, spec.Validate())
	var built *cluster.Cluster
	recording := mocktest.Run(t, func(ctx *pulumi.Context) error {
		var err error
		if built, err = aks.New(ctx, "cluster", spec); err != nil {
			return err
		}
		identity, err := built.NewIdentity(ctx, "auth", &cluster.IdentityArgs{
			Namespace: "dreamseed", ServiceAccount: "auth-service",
		})
		if err != nil {
			return err
		}
		ctx.Export("annotations", identity.Annotations)
		ctx.Export("podLabels", identity.PodLabels)
		ctx.Export("principal", identity.Principal)
		ctx.Export("annotationsOfIngress", built.PublicAddress.ServiceAnnotations)
		ctx.Export("addresses", built.PublicAddress.Addresses)
		return nil
	}, azurenative.Cloud())
	return recording, built
}

// groupID returns the ID of the environment's resource group.
func groupID(t *testing.T, built *mocktest.Recording) string {
	t.Helper()
	return "/subscriptions/" + subscription + "/resourceGroups/" +
		built.Get(t, groupType, "cluster-group").At("resourceGroupName").(string)
}

func TestTheProviderIsOfTheSubscriptionAndTheRegion(t *testing.T) {
	built, _ := build(t, production())
	azure := built.Get(t, "pulumi:providers:azure-native", "cluster-azure")
	assert.Equal(t, subscription, azure.At("subscriptionId"))
	assert.Equal(t, "westeurope", azure.At("location"))
}

func TestWhatDataDependsOnIsProtected(t *testing.T) {
	for _, protect := range []bool{true, false} {
		spec := production()
		spec.Protect = protect
		built, _ := build(t, spec)
		for _, one := range []struct{ token, name string }{
			{clusterType, "cluster-cluster"},
			{groupType, "cluster-group"},
			{groupType, "cluster-ingress-group"},
			{networkType, "cluster-network"},
			{subnetType, "cluster-subnet"},
			{vaultType, "cluster-vault"},
			{keyType, "cluster-secrets-key"},
			{keyType, "cluster-disks-key"},
			{disksType, "cluster-disks"},
			{registryType, "cluster-registry"},
			{addressType, "cluster-address"},
		} {
			assert.Equal(t, protect, built.Get(t, one.token, one.name).Protect, one.name)
		}
	}
}

func TestTheAddressIsLockedInTheCloudWhileItIsProtected(t *testing.T) {
	built, _ := build(t, production())
	lock := built.Get(t, lockType, "cluster-address-lock")
	assert.Equal(t, "CanNotDelete", lock.At("level"))
	assert.True(t, strings.HasSuffix(lock.At("scope").(string), "/publicIPAddresses/dreamseed-test-ingress"))
	assert.False(t, lock.Protect, "it goes in the run that switches protection off")
	assert.Len(t, built.OfType(lockType), 1, "one on the cluster would keep node pools from being replaced")

	spec := production()
	spec.Protect = false
	open, _ := build(t, spec)
	assert.Empty(t, open.OfType(lockType))
}

// A resource group cannot move and its name stays taken, so the group in the other place needs another name.
func TestAnotherPlaceIsAnotherResourceGroup(t *testing.T) {
	here, _ := build(t, production())
	spec := production()
	spec.Region, spec.Zones = "northeurope", []string{"northeurope-1", "northeurope-2", "northeurope-3"}
	there, _ := build(t, spec)
	moved := production()
	moved.Account = "5f0c2a10-0000-4000-8000-000000000001"
	elsewhere, _ := build(t, moved)
	for _, one := range []struct{ token, name, property string }{
		{groupType, "cluster-group", "resourceGroupName"},
		{groupType, "cluster-ingress-group", "resourceGroupName"},
		{vaultType, "cluster-vault", "vaultName"},
		{registryType, "cluster-registry", "registryName"},
	} {
		before := here.Get(t, one.token, one.name).At(one.property)
		assert.NotEqual(t, before, there.Get(t, one.token, one.name).At(one.property), one.name)
		assert.NotEqual(t, before, elsewhere.Get(t, one.token, one.name).At(one.property), one.name)
	}

	other := production()
	other.Network.Services = "10.2.0.0/20"
	beside, _ := build(t, other)
	assert.Equal(t, groupID(t, here), groupID(t, beside), "another cluster of the environment shares its group")
}

// https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules
func TestNamesAreWhatAzureTakes(t *testing.T) {
	for reason, name := range map[string]string{
		"short": "d", "long": strings.Repeat("n", 33), "a digit first": "2nd", "two hyphens": "a--b",
		"a hyphen where it is cut": "abcdefghijklm-nopqrstuvwxyz-abc",
	} {
		spec := production()
		spec.Name = name
		built, told := build(t, spec)
		assert.Regexp(t, `^[a-z][a-z0-9]{2,23}$`, built.Get(t, vaultType, "cluster-vault").At("vaultName"), reason)
		registry := built.Get(t, registryType, "cluster-registry").At("registryName")
		assert.Regexp(t, `^[a-z0-9]{5,50}$`, registry, reason)
		assert.Equal(t, registry.(string)+".azurecr.io", told.Registry, reason)
		plane := built.Get(t, clusterType, "cluster-cluster")
		assert.LessOrEqual(t, len(plane.At("dnsPrefix").(string)), 54, reason)
		assert.LessOrEqual(t, len(plane.At("nodeResourceGroup").(string)), 80, reason)
		for _, pool := range built.Each(t, poolType) {
			assert.Regexp(t, `^[a-z][a-z0-9]{0,11}$`, pool.At("agentPoolName"), reason)
		}
	}
}

func TestTheClusterIsReadyWithItsNodesAndItsStorage(t *testing.T) {
	built, told := build(t, production())
	assert.Equal(t, told.Name, built.Get(t, clusterType, "cluster-cluster").At("resourceName"))
	assert.Len(t, told.Ready, 5, "two pools, the rights to pull and to join the address, the storage class")
}

func TestVolumesAreEncryptedAndKept(t *testing.T) {
	built, told := build(t, production())
	class := built.Get(t, "kubernetes:storage.k8s.io/v1:StorageClass", "cluster-storage")
	assert.Equal(t, told.StorageClass, class.At("metadata", "name"))
	assert.Equal(t, map[string]any{
		"skuName": "Premium_ZRS", "networkAccessPolicy": "DenyAll",
		"diskEncryptionSetID": groupID(t, built) + "/providers/Microsoft.Compute/diskEncryptionSets/dreamseed-test",
	}, class.At("parameters"))
	assert.Equal(t, "Retain", class.At("reclaimPolicy"))
	assert.Equal(t, mocktest.Ref(providerType, "cluster-kubernetes"), class.Provider)
}
