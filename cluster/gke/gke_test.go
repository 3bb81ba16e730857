package gke_test

import (
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
	clusterType  = "gcp:container/cluster:Cluster"
	poolType     = "gcp:container/nodePool:NodePool"
	grantType    = "gcp:projects/iAMMember:IAMMember"
	keyGrantType = "gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember"
	providerType = "pulumi:providers:kubernetes"
)

// key is the environment's key in the project.
const key = "projects/dreamseed-project/locations/europe-west4/keyRings/dreamseed-test/cryptoKeys/cluster"

// production returns a protected cluster without a public endpoint.
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
		KubernetesVersion: "1.35",
		Network: cluster.Network{
			Nodes: "10.0.0.0/16", Pods: "10.64.0.0/14", Services: "10.1.0.0/20", ControlPlane: "10.2.0.0/28",
		},
		API: cluster.APIAccess{Administrators: []string{
			"serviceAccount:pulumi@dreamseed-project.iam.gserviceaccount.com", "group:platform@dreamseed.ai",
		}},
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
		ctx.Export("annotationsOfIngress", built.PublicAddress.ServiceAnnotations)
		ctx.Export("addresses", built.PublicAddress.Addresses)
		return nil
	}, gcp.Cloud())
	return recording, built
}

func TestTheProviderIsOfTheProjectAndTheRegion(t *testing.T) {
	built, _ := build(t, production())
	project := built.Get(t, "pulumi:providers:gcp", "cluster-gcp")
	assert.Equal(t, "dreamseed-project", project.At("project"))
	assert.Equal(t, "europe-west4", project.At("region"))
}

func TestWhatDataDependsOnIsProtected(t *testing.T) {
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
			{"gcp:compute/subnetwork:Subnetwork", "cluster-subnet"},
		} {
			assert.Equal(t, protect, built.Get(t, one.token, one.name).Protect, one.name)
		}
		assert.Equal(t, protect, built.Get(t, clusterType, "cluster-cluster").At("deletionProtection"), "in the cloud, too")
	}
}

func TestTheClusterIsReadyWithItsNodesAndItsStorage(t *testing.T) {
	built, told := build(t, production())
	assert.Equal(t, told.Name, built.Get(t, clusterType, "cluster-cluster").At("name"))
	assert.Len(t, told.Ready, 4, "two pools, the right to pull, the storage class")
}

func TestVolumesAreEncryptedAndKept(t *testing.T) {
	built, told := build(t, production())
	class := built.Get(t, "kubernetes:storage.k8s.io/v1:StorageClass", "cluster-storage")
	assert.Equal(t, told.StorageClass, class.At("metadata", "name"))
	assert.Equal(t, map[string]any{"type": "pd-balanced", "disk-encryption-kms-key": key}, class.At("parameters"))
	assert.Equal(t, "Retain", class.At("reclaimPolicy"))
	assert.Equal(t, mocktest.Ref(providerType, "cluster-kubernetes"), class.Provider)
}
