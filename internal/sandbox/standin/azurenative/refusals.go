package azurenative

import (
	"github.com/dreamseed/platform/internal/sandbox/standin"
	"github.com/dreamseed/platform/internal/sandbox/standin/support"
)

const (
	// naming is Microsoft's page about the length and the characters of each name.
	naming = "https://learn.microsoft.com/azure/azure-resource-manager/management/resource-name-rules"
	// existing is the code in which the provider looks for a resource before it creates it.
	existing = "https://github.com/pulumi/pulumi-azure-native/blob/v2.90.0/provider/pkg/provider/provider.go"
	// skew shows the answer for a pool that is newer than its control plane.
	skew = "https://github.com/Azure/terraform-azurerm-aks/issues/465"
)

// versions are AKS's error messages about versions (https://github.com/Azure/kars/issues/516,
// https://github.com/rancher/dashboard/issues/11884).
var versions = standin.VersionAnswers{
	Unsold: "K8sVersionNotSupported: Managed cluster is on version %s, which is not supported in this region, or only " +
		"available for Long-Term Support (LTS). Please use [az aks get-versions] command to get the supported version list",
	Skipped: "OperationNotAllowed: Upgrading Kubernetes version %s to %s is not allowed. " +
		"Please see https://aka.ms/aks-supported-k8s-ver for version details.",
}

// refusals has the well-formed requests that Azure refuses all the same. The provider itself refuses to create a
// resource twice.
func refusals() map[string]standin.Rules {
	return map[string]standin.Rules{
		"azure-native:containerservice/v20240901:ManagedCluster": {
			Limits: []standin.Limit{
				standin.SoldVersion("kubernetesVersion", support.AKS, versions),
				standin.OneMinorUp("kubernetesVersion", "https://github.com/rancher/dashboard/issues/11884", versions),
				standin.Shaped("resourceName", `[a-zA-Z0-9]([a-zA-Z0-9_-]{0,61}[a-zA-Z0-9])?`, naming),
				standin.Shaped("dnsPrefix", `[a-zA-Z0-9]([a-zA-Z0-9-]{0,52}[a-zA-Z0-9])?`, naming),
			},
			Name: once(managedCluster),
		},
		"azure-native:containerservice/v20240901:AgentPool": agentPools(),
		"azure-native:keyvault/v20241101:Vault": {
			Limits: []standin.Limit{standin.Shaped("vaultName", `[a-zA-Z][a-zA-Z0-9-]{1,22}[a-zA-Z0-9]`, naming)},
			Name: &standin.Name{
				// A deleted vault keeps its name while it can be recovered, across all of Azure
				// (https://github.com/Azure/terraform-azurerm-naming/issues/128).
				Source: "https://learn.microsoft.com/azure/key-vault/general/soft-delete-overview",
				Is:     standin.Text("{vaultName}"),
				Taken: "VaultAlreadyExists: The vault name '%s' is already in use, or a vault of this name is in deleted state: " +
					"recover it, or choose another name",
				Outlives: standin.Always,
			},
		},
		"azure-native:containerregistry/v20230701:Registry": {
			Limits: []standin.Limit{standin.Shaped("registryName", `[a-zA-Z0-9]{5,50}`, naming)},
			Name: &standin.Name{
				Source: naming,
				Is:     standin.Text("{registryName}"),
				Taken:  "AlreadyInUse: The registry DNS name %s.azurecr.io is already in use.",
			},
		},
		"azure-native:storage/v20230501:StorageAccount": {
			Limits: []standin.Limit{
				standin.Shaped("accountName", `[a-z0-9]{3,24}`, naming),
				standin.OneOf("minimumTlsVersion", reference+"storage/storageaccount/", "TLS1_0", "TLS1_1", "TLS1_2", "TLS1_3"),
			},
			Name: &standin.Name{
				Source: naming, Is: standin.Text("{accountName}"),
				Taken: "StorageAccountAlreadyTaken: The storage account named %s is already taken.",
			},
		},
		"azure-native:storage/v20230501:BlobContainer": {
			Limits: []standin.Limit{
				standin.Shaped("containerName", `[a-z0-9](-?[a-z0-9]){2,62}`, naming),
				standin.OneOf("publicAccess", reference+"storage/blobcontainer/", "Container", "Blob", "None"),
			},
			Name: once(group + "Microsoft.Storage/storageAccounts/{accountName}/blobServices/default/containers/" +
				"{containerName}"),
		},
		"azure-native:resources/v20241101:ResourceGroup": {
			Limits: []standin.Limit{standin.Shaped("resourceGroupName", `[\p{L}\p{N}_().-]{0,89}[\p{L}\p{N}_()-]`, naming)},
			Name:   once("/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}"),
		},
		"azure-native:managedidentity/v20230131:UserAssignedIdentity": {
			Limits: []standin.Limit{standin.Shaped("resourceName", `[a-zA-Z0-9][a-zA-Z0-9_-]{2,127}`, naming)},
			Name:   once(group + "Microsoft.ManagedIdentity/userAssignedIdentities/{resourceName}"),
		},
		"azure-native:network/v20240501:PublicIPAddress": publicAddresses(),
	}
}

const (
	group          = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers/"
	managedCluster = group + "Microsoft.ContainerService/managedClusters/{resourceName}"
)

func once(id string) *standin.Name {
	return &standin.Name{Source: existing, Is: standin.Text(id), Taken: "cannot create already existing resource '%s'"}
}

func agentPools() standin.Rules {
	source := reference + "containerservice/agentpool/"
	return standin.Rules{
		Limits: []standin.Limit{
			standin.Shaped("agentPoolName", `[a-z][a-z0-9]{0,11}`, naming),
			standin.AtLeast("maxCount", 1, source),
			standin.Ordered(source, "minCount", "maxCount"),
			standin.OneOf("mode", source, "System", "User", "Gateway"),
			standin.OneOf("scaleSetPriority", source, "Spot", "Regular"),
		},
		Clashes: []standin.Limit{standin.NotAbove("orchestratorVersion", skew,
			"NodePoolMcVersionIncompatible: Node pool version %s and control plane version %s are incompatible. Minor "+
				"version of node pool is bigger than control plane version.", plane)},
		Name: once(managedCluster + "/agentPools/{agentPoolName}"),
	}
}

func plane(r standin.Request) (string, bool) {
	version, exists := r.Find("azure-native:containerservice/v20240901:ManagedCluster",
		standin.Text(managedCluster))["kubernetesVersion"].(string)
	return version, exists
}

// publicAddresses are held by the load balancers that name them in an annotation.
func publicAddresses() standin.Rules {
	return standin.Rules{
		Limits: []standin.Limit{
			standin.Shaped("publicIpAddressName", `[a-zA-Z0-9]([a-zA-Z0-9_.-]{0,78}[a-zA-Z0-9_])?`, naming),
		},
		Name: once(group + "Microsoft.Network/publicIPAddresses/{publicIpAddressName}"),
		Hold: &standin.Hold{
			Source:     "https://cloud-provider-azure.sigs.k8s.io/topics/loadbalancer/#loadbalancer-annotations",
			Annotation: "service.beta.kubernetes.io/azure-pip-name",
			Names:      standin.Text("{publicIpAddressName}"),
			// https://github.com/kubernetes/kubernetes/issues/85565
			Says: "PublicIPAddressCannotBeDeleted: Public IP address %s can not be deleted since it is still allocated to a " +
				"load balancer.",
		},
	}
}
