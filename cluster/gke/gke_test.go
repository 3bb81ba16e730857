package gke_test

import (
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/cluster/gke"
	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/internal/sandbox/standin/gcp"
)

const (
	clusterType = "gcp:container/cluster:Cluster"
	poolType    = "gcp:container/nodePool:NodePool"
)

// production is a protected cluster without a public endpoint.
func production() *cluster.Spec {
	pool := func(name string, spot bool) cluster.NodePool {
		return cluster.NodePool{
			Name: name, Spot: spot, MinNodes: 4, MaxNodes: 10, MachineTypes: []string{"n2-standard-8"},
			CPU: resource.MustParse("8"), Memory: resource.MustParse("32Gi"),
		}
	}
	return &cluster.Spec{
		Cloud: cluster.GKE, Name: "dreamseed-test", Account: "dreamseed-project", Region: "europe-west4",
		Zones:             []string{"europe-west4-a", "europe-west4-b", "europe-west4-c"},
		KubernetesVersion: "1.33",
		Network: cluster.Network{
			Nodes: "10.0.0.0/16", Pods: "10.64.0.0/14", Services: "10.1.0.0/20", ControlPlane: "10.2.0.0/28",
		},
		API:       cluster.APIAccess{Administrators: []string{"group:platform@dreamseed.ai"}},
		DNS:       cluster.DNS{Host: "learn.dreamseed.ai", Zone: "dreamseed-ai"},
		NodePools: []cluster.NodePool{pool("on-demand", false), pool("spot", true)},
		Protect:   true,
	}
}

// build builds a cluster, and gives a service account in it an identity.
func build(t *testing.T, spec *cluster.Spec) (*mocktest.Recording, *cluster.Cluster) {
	t.Helper()
	require.NoError(t, spec.Validate())
	var built *cluster.Cluster
	recording := mocktest.Run(t, func(ctx *pulumi.Context) error {
		var err error
		if built, err = gke.New(ctx, "cluster", spec); err != nil {
			return err
		}
		identity, err := built.NewIdentity(ctx, "auth-identity", &cluster.IdentityArgs{
			Namespace: "dreamseed", ServiceAccount: "auth-service",
		})
		if err != nil {
			return err
		}
		ctx.Export("annotations", identity.Annotations)
		ctx.Export("principal", identity.Principal)
		ctx.Export("annotationsOfIngress", built.Ingress.ServiceAnnotations)
		ctx.Export("addresses", built.Ingress.Addresses)
		return nil
	}, gcp.Cloud())
	return recording, built
}

func TestEveryResourceHasItsParentAndItsProvider(t *testing.T) {
	built, _ := build(t, production())
	built.AssertParents(t, "cluster")
	built.AssertExplicitProviders(t)
	project := built.Get(t, "pulumi:providers:gcp", "cluster-gcp")
	assert.Equal(t, "dreamseed-project", project.At("project"))
	for _, one := range built.Resources {
		if strings.HasPrefix(one.Type, "gcp:") {
			assert.Equal(t, project.Ref(), one.Provider, one.Name)
		}
	}
}

func TestTheAPIServerIsPrivateUnlessRangesAreNamed(t *testing.T) {
	private, _ := build(t, production())
	plane := private.Get(t, clusterType, "cluster-cluster")
	assert.Equal(t, true, plane.At("privateClusterConfig", "enablePrivateNodes"))
	assert.Equal(t, true, plane.At("privateClusterConfig", "enablePrivateEndpoint"))
	assert.Equal(t, []any{}, plane.At("masterAuthorizedNetworksConfig", "cidrBlocks"), "left out, everybody may come")

	spec := production()
	spec.API.AuthorizedRanges = []string{"203.0.113.0/24"}
	public, _ := build(t, spec)
	plane = public.Get(t, clusterType, "cluster-cluster")
	assert.Equal(t, true, plane.At("privateClusterConfig", "enablePrivateNodes"), "the nodes stay private")
	assert.Equal(t, false, plane.At("privateClusterConfig", "enablePrivateEndpoint"))
	assert.Equal(t, []any{map[string]any{"cidrBlock": "203.0.113.0/24"}},
		plane.At("masterAuthorizedNetworksConfig", "cidrBlocks"))
	assert.Equal(t, false, plane.At("masterAuthorizedNetworksConfig", "gcpPublicCidrsAccessEnabled"))
}

func TestTheClusterIsHardened(t *testing.T) {
	built, _ := build(t, production())
	plane := built.Get(t, clusterType, "cluster-cluster")
	for reason, c := range map[string]struct {
		want any
		path []any
	}{
		"pods are separated by eBPF":   {"ADVANCED_DATAPATH", []any{"datapathProvider"}},
		"nodes prove what they booted": {true, []any{"enableShieldedNodes"}},
		"no permissions beside RBAC":   {false, []any{"enableLegacyAbac"}},
		"no static credential": {
			false, []any{"masterAuth", "clientCertificateConfig", "issueClientCertificate"},
		},
		"service accounts have identities": {
			"dreamseed-project.svc.id.goog", []any{"workloadIdentityConfig", "workloadPool"},
		},
		"secrets are encrypted":       {"ENCRYPTED", []any{"databaseEncryption", "state"}},
		"upgrades come by themselves": {"REGULAR", []any{"releaseChannel", "channel"}},
		"upgrades come at night": {
			"2024-01-06T01:00:00Z", []any{"maintenancePolicy", "recurringWindow", "startTime"},
		},
		"the default pool does not stay":       {true, []any{"removeDefaultNodePool"}},
		"the version is the configuration's":   {"1.33", []any{"minMasterVersion"}},
		"pods have the range that was checked": {"pods", []any{"ipAllocationPolicy", "clusterSecondaryRangeName"}},
	} {
		assert.Equal(t, c.want, plane.At(c.path...), reason)
	}
	key := "projects/dreamseed-project/locations/europe-west4/keyRings/dreamseed-test/cryptoKeys/cluster"
	assert.Equal(t, key, plane.At("databaseEncryption", "keyName"))
	plane.AssertDependsOn(t, mocktest.Ref("gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember", "cluster-key-database"))
}

func TestWhatHoldsDataIsProtected(t *testing.T) {
	for _, protect := range []bool{true, false} {
		spec := production()
		spec.Protect = protect
		built, _ := build(t, spec)
		for _, one := range []struct{ token, name string }{
			{clusterType, "cluster-cluster"},
			{"gcp:kms/keyRing:KeyRing", "cluster-keyring"},
			{"gcp:kms/cryptoKey:CryptoKey", "cluster-key"},
			{"gcp:artifactregistry/repository:Repository", "cluster-registry"},
			{"gcp:compute/address:Address", "cluster-address"},
			{"gcp:compute/network:Network", "cluster-network"},
		} {
			assert.Equal(t, protect, built.Get(t, one.token, one.name).Protect, one.name)
		}
		assert.Equal(t, protect, built.Get(t, clusterType, "cluster-cluster").At("deletionProtection"), "in the cloud, too")
	}
}

func TestTheAutoscalerOwnsTheCountOfNodes(t *testing.T) {
	built, _ := build(t, production())
	for _, pool := range built.OfType(poolType) {
		assert.Equal(t, map[string]any{
			"totalMinNodeCount": 4, "totalMaxNodeCount": 10,
			"locationPolicy": map[string]string{"cluster-pool-on-demand": "BALANCED", "cluster-pool-spot": "ANY"}[pool.Name],
		}, pool.At("autoscaling"), pool.Name)
		assert.Equal(t, []string{"initialNodeCount"}, pool.IgnoreChanges)
		assert.Equal(t, 2, pool.At("initialNodeCount"), "four nodes over three zones")
		assert.Nil(t, pool.At("nodeCount"))
		assert.Equal(t, map[string]any{"autoRepair": true, "autoUpgrade": true}, pool.At("management"))
		assert.Equal(t, 0, pool.At("upgradeSettings", "maxUnavailable"), "the new node comes first")
	}
}

func TestSpotNodesCarryWhatTheClusterTellsWorkloads(t *testing.T) {
	built, told := build(t, production())
	spot := built.Get(t, poolType, "cluster-pool-spot")
	assert.Equal(t, true, spot.At("nodeConfig", "spot"))
	assert.Equal(t, told.Spot.Value, spot.At("nodeConfig", "labels", told.Spot.Key))
	assert.Equal(t, []any{map[string]any{"key": told.Spot.Key, "value": told.Spot.Value, "effect": "NO_SCHEDULE"}},
		spot.At("nodeConfig", "taints"), "what is not meant for spot stays off")

	onDemand := built.Get(t, poolType, "cluster-pool-on-demand")
	assert.Equal(t, false, onDemand.At("nodeConfig", "spot"))
	assert.NotContains(t, onDemand.At("nodeConfig", "labels"), told.Spot.Key)
	assert.Empty(t, onDemand.At("nodeConfig", "taints"))
}

func TestNodesMayDoLittle(t *testing.T) {
	built, _ := build(t, production())
	account := "dreamseed-test-nodes"
	granted := map[string]string{}
	for _, grant := range built.OfType("gcp:projects/iAMMember:IAMMember") {
		granted[grant.Name] = grant.At("role").(string)
	}
	assert.Equal(t, map[string]string{
		"cluster-nodes-role":      "roles/container.defaultNodeServiceAccount",
		"cluster-administrator-0": "roles/container.admin",
	}, granted, account)
	email := built.Get(t, "gcp:projects/iAMMember:IAMMember", "cluster-nodes-role").At("member")
	for _, pool := range built.OfType(poolType) {
		assert.Equal(t, email, "serviceAccount:"+pool.At("nodeConfig", "serviceAccount").(string))
		assert.NotContains(t, pool.At("nodeConfig", "oauthScopes"), "https://www.googleapis.com/auth/cloud-platform")
		assert.Equal(t, "GKE_METADATA", pool.At("nodeConfig", "workloadMetadataConfig", "mode"), "pods are not the node")
		assert.Equal(t, "true", pool.At("nodeConfig", "metadata", "disable-legacy-endpoints"))
		assert.Equal(t, true, pool.At("nodeConfig", "shieldedInstanceConfig", "enableSecureBoot"))
		assert.NotEmpty(t, pool.At("nodeConfig", "bootDiskKmsKey"), "disks are encrypted with the environment's key")
	}
	pull := built.Get(t, "gcp:artifactregistry/repositoryIamMember:RepositoryIamMember", "cluster-registry-pull")
	assert.Equal(t, email, pull.At("member"))
	assert.Equal(t, "roles/artifactregistry.reader", pull.At("role"))
	assert.Equal(t, "dreamseed-test", pull.At("repository"), "this registry and no other")
}

func TestTheKubeconfigHoldsNoCredential(t *testing.T) {
	spec := production()
	built, _ := build(t, spec)
	provider := built.Get(t, "pulumi:providers:kubernetes", "cluster-kubernetes")
	assert.Equal(t, []string{"kubeconfig"}, provider.Secrets)
	assert.Equal(t, spec.Identity(), provider.At("clusterIdentifier"))
	assert.Equal(t, spec.Identity(), provider.At("context"))
	mocktest.AssertExecKubeconfig(t, provider.At("kubeconfig").(string), spec.Identity(), "gke-gcloud-auth-plugin")
}

func TestAnIdentityIsOfOneServiceAccount(t *testing.T) {
	built, _ := build(t, production())
	user := built.Get(t, "gcp:serviceaccount/iAMMember:IAMMember", "auth-identity-user")
	assert.Equal(t, "roles/iam.workloadIdentityUser", user.At("role"))
	assert.Equal(t, "serviceAccount:dreamseed-project.svc.id.goog[dreamseed/auth-service]", user.At("member"))
	account := built.Get(t, "gcp:serviceaccount/account:Account", "auth-identity-account")
	account.AssertDependsOn(t, mocktest.Ref(clusterType, "cluster-cluster"))
	email := account.At("accountId").(string) + "@dreamseed-project.iam.gserviceaccount.com"
	assert.Equal(t, map[string]any{"iam.gke.io/gcp-service-account": email}, built.Outputs["annotations"])
	assert.Equal(t, "serviceAccount:"+email, built.Outputs["principal"])
}

func TestTheHostLeadsToTheReservedAddress(t *testing.T) {
	built, told := build(t, production())
	record := built.Get(t, "gcp:dns/recordSet:RecordSet", "cluster-record")
	assert.Equal(t, "learn.dreamseed.ai.", record.At("name"))
	assert.Equal(t, built.Outputs["addresses"], record.At("rrdatas"))
	assert.Equal(t, "learn.dreamseed.ai", told.Ingress.Host)
	assert.Equal(t, map[string]any{
		"cloud.google.com/l4-rbs":                      "enabled",
		"networking.gke.io/load-balancer-ip-addresses": "dreamseed-test-ingress",
	}, built.Outputs["annotationsOfIngress"])
}

func TestTheClusterSaysWhatThePlatformAsks(t *testing.T) {
	built, told := build(t, production())
	assert.Equal(t, production().Identity(), told.Name)
	assert.Equal(t, "europe-west4-docker.pkg.dev/dreamseed-project/dreamseed-test", told.Registry)
	class := built.Get(t, "kubernetes:storage.k8s.io/v1:StorageClass", "cluster-storage")
	assert.Equal(t, told.StorageClass, class.At("metadata", "name"))
	assert.NotEmpty(t, class.At("parameters", "disk-encryption-kms-key"))
	assert.Equal(t, "Retain", class.At("reclaimPolicy"))
	assert.Len(t, told.Ready, 4, "two pools, the right to pull, the storage class")
}
