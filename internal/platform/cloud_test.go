package platform_test

import (
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/mocktest"
)

// poolTypes are the node pools of the clouds.
var poolTypes = map[cluster.Cloud]string{
	cluster.GKE: "gcp:container/nodePool:NodePool",
	cluster.EKS: "aws:eks/nodeGroup:NodeGroup",
	cluster.AKS: "azure-native:containerservice/v20240901:AgentPool",
}

// bindings are the resources that give a service account its identity, by the logical name of the service.
var bindings = map[cluster.Cloud]func(service string) string{
	cluster.GKE: func(service string) string {
		return mocktest.Ref("gcp:serviceaccount/iAMMember:IAMMember", service+"-identity-user")
	},
	cluster.EKS: func(service string) string {
		return mocktest.Ref("aws:eks/podIdentityAssociation:PodIdentityAssociation", service+"-identity-association")
	},
	cluster.AKS: func(service string) string {
		return mocktest.Ref("azure-native:managedidentity/v20230131:FederatedIdentityCredential",
			service+"-identity-federation")
	},
}

// Without nodes no pod starts; a pod that starts without its identity has none until it is restarted.
func TestPodsWaitForTheirNodesAndTheirIdentity(t *testing.T) {
	eachWorkload(t, func(t *testing.T, cfg *config.Config, built *mocktest.Recording, w workload) {
		cloud := cfg.Cluster.Cloud
		if !cloud.Managed() {
			return
		}
		w.deployment.AssertDependsOn(t, bindings[cloud](w.Name))
		w.deployment.AssertDependsOn(t, mocktest.Refs(built.OfType(poolTypes[cloud]))...)
	})
}

// The annotations and labels that an identity needs on the service account and on its pods depend on the cloud.
func TestServiceAccountsCarryTheirIdentity(t *testing.T) {
	annotation := map[cluster.Cloud]string{
		cluster.GKE: "iam.gke.io/gcp-service-account", cluster.AKS: "azure.workload.identity/client-id",
	}
	eachWorkload(t, func(t *testing.T, cfg *config.Config, _ *mocktest.Recording, w workload) {
		wanted := annotation[cfg.Cluster.Cloud]
		if wanted == "" {
			assert.Equal(t, plainAnnotations, w.account.At("metadata", "annotations"))
		} else {
			assert.NotEmpty(t, w.account.At("metadata", "annotations", wanted))
		}
		label := w.deployment.At("spec", "template", "metadata", "labels", "azure.workload.identity/use")
		assert.Equal(t, cfg.Cluster.Cloud == cluster.AKS, label == "true")
	})
}

func TestNoTwoServicesShareAnIdentity(t *testing.T) {
	eachStack(t, func(t *testing.T, cfg *config.Config, built *mocktest.Recording) {
		if !cfg.Cluster.Cloud.Managed() {
			return
		}
		seen := map[string]bool{}
		for _, service := range cfg.Services {
			ref := bindings[cfg.Cluster.Cloud](service.Name)
			for _, one := range built.Resources {
				if one.Ref() == ref {
					seen[text(t, one.Inputs)] = true
				}
			}
		}
		assert.Len(t, seen, 7)
	})
}

// Compiling a cloud's SDK takes minutes and gigabytes, so only code that needs it may import it.
func TestOnlyTheProgramAndItsCloudsCompileACloudSDK(t *testing.T) {
	listed, err := exec.Command("go", "list", "-deps", "../../cmd/dreamseed", "../../internal/...", "../../services/...").
		CombinedOutput()
	require.NoError(t, err, string(listed))
	for _, sdk := range []string{"pulumi-gcp", "pulumi-aws", "pulumi-azure"} {
		assert.NotContains(t, string(listed), sdk)
	}
	assert.Contains(t, strings.Fields(string(listed)), "github.com/dreamseed/platform/cluster", "the control")
}
