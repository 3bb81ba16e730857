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
	grantType    = "azure-native:authorization:RoleAssignment"
	identityType = "azure-native:managedidentity:UserAssignedIdentity"

	subscription = "5f0c2a10-0000-4000-8000-000000000001"
	group        = "/subscriptions/" + subscription + "/resourceGroups/dreamseed-test"
)

// production is a protected cluster without a public endpoint.
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
		KubernetesVersion: "1.33",
		Network:           cluster.Network{Nodes: "10.0.0.0/16", Pods: "10.64.0.0/14", Services: "10.1.0.0/20"},
		API:               cluster.APIAccess{Administrators: []string{"5f0c2a10-0000-4000-8000-000000000011"}},
		DNS:               cluster.DNS{Host: "learn.dreamseed.ai", Zone: "dns/dreamseed.ai"},
		NodePools:         []cluster.NodePool{pool("ondemand", false), pool("spot", true)},
		Protect:           true,
	}
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
		identity, err := built.NewIdentity(ctx, "auth-identity", &cluster.IdentityArgs{
			Namespace: "dreamseed", ServiceAccount: "auth-service",
		})
		if err != nil {
			return err
		}
		ctx.Export("annotations", identity.Annotations)
		ctx.Export("podLabels", identity.PodLabels)
		ctx.Export("store", built.Secrets.StoreProvider)
		ctx.Export("annotationsOfIngress", built.Ingress.ServiceAnnotations)
		ctx.Export("addresses", built.Ingress.Addresses)
		return nil
	}, azurenative.Cloud())
	return recording, built
}

func TestEveryResourceHasItsParentAndItsProvider(t *testing.T) {
	built, _ := build(t, production())
	built.AssertParents(t, "cluster")
	built.AssertExplicitProviders(t)
	own := built.Get(t, "pulumi:providers:azure-native", "cluster-azure")
	assert.Equal(t, subscription, own.At("subscriptionId"), "no other subscription is touched")
	for _, one := range built.Resources {
		if strings.HasPrefix(one.Type, "azure-native:") {
			assert.Equal(t, own.Ref(), one.Provider, one.Name)
		}
	}
}

func TestTheAPIServerIsPrivateUnlessRangesAreNamed(t *testing.T) {
	private, _ := build(t, production())
	access := private.Get(t, clusterType, "cluster-cluster").At("apiServerAccessProfile")
	assert.Equal(t, map[string]any{
		"enablePrivateCluster": true, "enablePrivateClusterPublicFQDN": false, "privateDNSZone": "system",
		"disableRunCommand": true,
	}, access)

	spec := production()
	spec.API.AuthorizedRanges = []string{"203.0.113.0/24"}
	public, _ := build(t, spec)
	assert.Equal(t, map[string]any{
		"enablePrivateCluster": false, "authorizedIPRanges": []any{"203.0.113.0/24"}, "disableRunCommand": true,
	}, public.Get(t, clusterType, "cluster-cluster").At("apiServerAccessProfile"))
}

func TestTheClusterIsHardened(t *testing.T) {
	built, _ := build(t, production())
	plane := built.Get(t, clusterType, "cluster-cluster")
	for reason, c := range map[string]struct {
		want any
		path []any
	}{
		"nobody has a password":              {true, []any{"disableLocalAccounts"}},
		"roles decide":                       {true, []any{"enableRBAC"}},
		"Azure's roles, too":                 {true, []any{"aadProfile", "enableAzureRBAC"}},
		"Cilium routes":                      {"cilium", []any{"networkProfile", "networkDataplane"}},
		"Cilium enforces network policies":   {"cilium", []any{"networkProfile", "networkPolicy"}},
		"pods lie behind the nodes":          {"overlay", []any{"networkProfile", "networkPluginMode"}},
		"pods have the range of theirs":      {"10.64.0.0/14", []any{"networkProfile", "podCidr"}},
		"the tenth address resolves names":   {"10.1.0.10", []any{"networkProfile", "dnsServiceIP"}},
		"nodes go out through the NAT":       {"userAssignedNATGateway", []any{"networkProfile", "outboundType"}},
		"service accounts are identities":    {true, []any{"securityProfile", "workloadIdentity", "enabled"}},
		"identities trust the cluster":       {true, []any{"oidcIssuerProfile", "enabled"}},
		"secrets are encrypted":              {true, []any{"securityProfile", "azureKeyVaultKms", "enabled"}},
		"patches come by themselves":         {"patch", []any{"autoUpgradeProfile", "upgradeChannel"}},
		"nodes' images, too":                 {"NodeImage", []any{"autoUpgradeProfile", "nodeOSUpgradeChannel"}},
		"the version is the configuration's": {"1.33", []any{"kubernetesVersion"}},
	} {
		assert.Equal(t, c.want, plane.At(c.path...), reason)
	}
	assert.Equal(t, []any{"5f0c2a10-0000-4000-8000-000000000011"}, plane.At("aadProfile", "adminGroupObjectIDs"))
	assert.Equal(t, group+"/providers/Microsoft.Compute/diskEncryptionSets/dreamseed-test",
		plane.At("diskEncryptionSetID"))
	for _, name := range []string{"network", "kubelet", "secrets", "disks"} {
		plane.AssertDependsOn(t, mocktest.Ref(grantType, "cluster-grant-"+name))
	}
	vault := built.Get(t, "azure-native:keyvault:Vault", "cluster-vault")
	assert.Equal(t, true, vault.At("properties", "enablePurgeProtection"))
	assert.Equal(t, true, vault.At("properties", "enableRbacAuthorization"))
	assert.LessOrEqual(t, len(vault.At("vaultName").(string)), 24)
}

func TestWhatHoldsDataIsProtected(t *testing.T) {
	for _, protect := range []bool{true, false} {
		spec := production()
		spec.Protect = protect
		built, _ := build(t, spec)
		for _, one := range []struct{ token, name string }{
			{clusterType, "cluster-cluster"},
			{"azure-native:resources:ResourceGroup", "cluster-group"},
			{"azure-native:keyvault:Vault", "cluster-vault"},
			{"azure-native:keyvault:Key", "cluster-key"},
			{"azure-native:compute/v20240302:DiskEncryptionSet", "cluster-disks"},
			{"azure-native:containerregistry:Registry", "cluster-registry"},
			{"azure-native:network/v20240501:PublicIPAddress", "cluster-address"},
			{"azure-native:network/v20240501:VirtualNetwork", "cluster-network"},
		} {
			assert.Equal(t, protect, built.Get(t, one.token, one.name).Protect, one.name)
		}
	}
}

func TestTheAutoscalerOwnsTheCountOfNodes(t *testing.T) {
	built, _ := build(t, production())
	for _, pool := range built.OfType(poolType) {
		assert.Equal(t, true, pool.At("enableAutoScaling"), pool.Name)
		assert.Equal(t, 4, pool.At("minCount"))
		assert.Equal(t, 10, pool.At("maxCount"))
		assert.Equal(t, []string{"count"}, pool.IgnoreChanges)
		assert.Equal(t, []any{"1", "2", "3"}, pool.At("availabilityZones"))
		assert.Equal(t, true, pool.At("enableEncryptionAtHost"))
		assert.LessOrEqual(t, len(pool.At("agentPoolName").(string)), 12)
	}
	plane := built.Get(t, clusterType, "cluster-cluster")
	assert.Equal(t, []string{"agentPoolProfiles[0].count"}, plane.IgnoreChanges)
	assert.Equal(t, []any{"CriticalAddonsOnly=true:NoSchedule"}, plane.At("agentPoolProfiles", 0, "nodeTaints"),
		"services stay off the system's nodes")
	assert.Equal(t, cluster.SystemNodes, plane.At("agentPoolProfiles", 0, "maxCount"), "what the ranges were checked for")
}

func TestAPoolThatIsSwitchedOffIsLeftOut(t *testing.T) {
	spec := production()
	spec.NodePools[1].MinNodes, spec.NodePools[1].MaxNodes = 0, 0
	built, _ := build(t, spec)
	assert.Equal(t, []string{"cluster-pool-ondemand"}, mocktest.Names(built.OfType(poolType)))
}

// AKS itself puts the label on spot nodes, and the taint, which the pool has to name as well.
func TestSpotNodesCarryWhatTheClusterTellsWorkloads(t *testing.T) {
	built, told := build(t, production())
	assert.Equal(t, "kubernetes.azure.com/scalesetpriority", told.Spot.Key)
	assert.Equal(t, "spot", told.Spot.Value)
	spot := built.Get(t, poolType, "cluster-pool-spot")
	assert.Equal(t, "Spot", spot.At("scaleSetPriority"))
	assert.Equal(t, "Delete", spot.At("scaleSetEvictionPolicy"))
	assert.Equal(t, -1, spot.At("spotMaxPrice"), "up to the price on demand")
	assert.Equal(t, []any{told.Spot.Key + "=" + told.Spot.Value + ":NoSchedule"}, spot.At("nodeTaints"))
	assert.Nil(t, spot.At("upgradeSettings"), "AKS refuses a surge of spot nodes")

	onDemand := built.Get(t, poolType, "cluster-pool-ondemand")
	assert.Nil(t, onDemand.At("scaleSetPriority"))
	assert.Empty(t, onDemand.At("nodeTaints"))
	assert.Equal(t, "1", onDemand.At("upgradeSettings", "maxSurge"))
}

func TestIdentitiesMayDoLittle(t *testing.T) {
	built, _ := build(t, production())
	granted := map[string]string{}
	for _, grant := range built.OfType(grantType) {
		role := grant.At("roleDefinitionId").(string)
		scope := strings.TrimPrefix(grant.At("scope").(string), group+"/providers/Microsoft.")
		granted[grant.Name] = role[strings.LastIndex(role, "/")+1:] + " on " + scope
		assert.Equal(t, "ServicePrincipal", grant.At("principalType"))
	}
	name := production().Identity()
	vault := "KeyVault/vaults/" + built.Get(t, "azure-native:keyvault:Vault", "cluster-vault").At("vaultName").(string)
	registry := built.Get(t, "azure-native:containerregistry:Registry", "cluster-registry").At("registryName").(string)
	const (
		networkContributor = "4d97b98b-1d4f-4787-a291-c67834d212e7 on "
		identityOperator   = "f1a07417-d97a-45cb-824c-7a7467783830 on "
		cryptoUser         = "12338af0-0e69-4776-bea7-57ae8d297424 on "
		encryptionUser     = "e147488a-f6f5-4113-8e2d-b22465e65bf6 on "
		reader             = "acdd72a7-3385-48ef-bd42-f606fba81ae7 on "
		acrPull            = "7f951dda-4ed3-4680-a7ca-43fe172d538d on "
	)
	assert.Equal(t, map[string]string{
		"cluster-grant-network":         networkContributor + "Network/virtualNetworks/" + name,
		"cluster-grant-kubelet":         identityOperator + "ManagedIdentity/userAssignedIdentities/" + name + "-kubelet",
		"cluster-grant-secrets":         cryptoUser + vault,
		"cluster-grant-disk-encryption": encryptionUser + vault,
		"cluster-grant-disks":           reader + "Compute/diskEncryptionSets/dreamseed-test",
		"cluster-grant-address":         networkContributor + "Network/publicIPAddresses/dreamseed-test-ingress",
		"cluster-grant-pull":            acrPull + "ContainerRegistry/registries/" + registry,
	}, granted)
	pull := built.Get(t, grantType, "cluster-grant-pull")
	kubelet := built.Get(t, clusterType, "cluster-cluster").At("identityProfile", "kubeletidentity", "objectId")
	assert.Equal(t, kubelet, pull.At("principalId"), "the nodes pull, and nobody else")
	assert.Equal(t, false,
		built.Get(t, "azure-native:containerregistry:Registry", "cluster-registry").At("adminUserEnabled"))
}

func TestTheKubeconfigHoldsNoCredential(t *testing.T) {
	spec := production()
	built, _ := build(t, spec)
	provider := built.Get(t, "pulumi:providers:kubernetes", "cluster-kubernetes")
	assert.Equal(t, []string{"kubeconfig"}, provider.Secrets)
	assert.Equal(t, spec.Identity(), provider.At("clusterIdentifier"))
	assert.Equal(t, spec.Identity(), provider.At("context"))
	mocktest.AssertExecKubeconfig(t, provider.At("kubeconfig").(string), spec.Identity(), "kubelogin",
		"get-token", "--login", "azurecli", "--server-id", "6dae42f8-4368-4678-94ff-3960e28e3630")
	assert.NotContains(t, provider.At("kubeconfig"), "devicecode", "nothing is left of the user that AKS hands out")
}

func TestAnIdentityIsOfOneServiceAccount(t *testing.T) {
	built, _ := build(t, production())
	federation := built.Get(t, "azure-native:managedidentity:FederatedIdentityCredential", "auth-identity-federation")
	assert.Equal(t, "system:serviceaccount:dreamseed:auth-service", federation.At("subject"))
	assert.Equal(t, []any{"api://AzureADTokenExchange"}, federation.At("audiences"))
	assert.Contains(t, federation.At("issuer"), production().Identity())
	identity := built.Get(t, identityType, "auth-identity-identity")
	assert.Equal(t, identity.At("resourceName"), federation.At("resourceName"))
	assert.Contains(t, built.Outputs["annotations"], "azure.workload.identity/client-id")
	assert.Equal(t, map[string]any{"azure.workload.identity/use": "true"}, built.Outputs["podLabels"])
}

func TestTheHostLeadsToTheReservedAddress(t *testing.T) {
	built, told := build(t, production())
	record := built.Get(t, "azure-native:network/v20180501:RecordSet", "cluster-record")
	assert.Equal(t, "dns", record.At("resourceGroupName"))
	assert.Equal(t, "dreamseed.ai", record.At("zoneName"))
	assert.Equal(t, "learn", record.At("relativeRecordSetName"))
	address := record.At("aRecords", 0, "ipv4Address")
	assert.Equal(t, []any{address}, built.Outputs["addresses"])
	assert.Equal(t, "learn.dreamseed.ai", told.Ingress.Host)
	assert.Equal(t, map[string]any{
		"service.beta.kubernetes.io/azure-pip-name":                     "dreamseed-test-ingress",
		"service.beta.kubernetes.io/azure-load-balancer-resource-group": "dreamseed-test",
	}, built.Outputs["annotationsOfIngress"])
}

func TestTheClusterSaysWhatThePlatformAsks(t *testing.T) {
	built, told := build(t, production())
	assert.Equal(t, production().Identity(), told.Name)
	registry := built.Get(t, "azure-native:containerregistry:Registry", "cluster-registry").At("registryName")
	assert.Equal(t, registry.(string)+".azurecr.io", told.Registry)
	class := built.Get(t, "kubernetes:storage.k8s.io/v1:StorageClass", "cluster-storage")
	assert.Equal(t, told.StorageClass, class.At("metadata", "name"))
	assert.NotEmpty(t, class.At("parameters", "diskEncryptionSetID"))
	vault := built.Get(t, "azure-native:keyvault:Vault", "cluster-vault").At("vaultName").(string)
	assert.Equal(t, map[string]any{"azurekv": map[string]any{"vaultUrl": "https://" + vault + ".vault.azure.net/"}},
		built.Outputs["store"])
	assert.Len(t, told.Ready, 4, "two pools, the right to pull, the storage class")
}
