package eks_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/mocktest"
)

func autoscaler(t *testing.T, built *mocktest.Recording) *mocktest.Resource {
	t.Helper()
	return built.Get(t, "kubernetes:apps/v1:Deployment", "cluster-autoscaler")
}

func TestTheAutoscalerScalesTheGroupsOfThisClusterAlone(t *testing.T) {
	built, _ := build(t, production())
	arguments := autoscaler(t, built).At("spec", "template", "spec", "containers", 0, "args")
	assert.Contains(t, arguments, "--node-group-auto-discovery=asg:tag=k8s.io/cluster-autoscaler/enabled,"+
		"k8s.io/cluster-autoscaler/"+production().Identity())
	scaling := 0
	policy := built.Get(t, "aws:iam/rolePolicy:RolePolicy", "cluster-cluster-autoscaler-policy")
	for _, statement := range statements(t, policy.At("policy")) {
		changes := slices.ContainsFunc(statement["Action"].([]any), func(action any) bool {
			_, verb, _ := strings.Cut(action.(string), ":")
			return !strings.HasPrefix(verb, "Describe") && !strings.HasPrefix(verb, "Get")
		})
		if changes {
			scaling++
			assert.Equal(t, map[string]any{"StringEquals": map[string]any{
				"aws:ResourceTag/k8s.io/cluster-autoscaler/" + production().Identity(): "owned",
			}}, statement["Condition"])
		}
	}
	assert.Equal(t, 1, scaling)
}

func TestTheAutoscalerFollowsTheVersionOfTheCluster(t *testing.T) {
	spec := production()
	spec.KubernetesVersion = "1.36"
	built, _ := build(t, spec)
	assert.Equal(t, "registry.k8s.io/autoscaling/cluster-autoscaler:v1.36.0",
		autoscaler(t, built).At("spec", "template", "spec", "containers", 0, "image"))
}

func TestTheAutoscalerStartsOnNodesThatStayAndWithItsIdentity(t *testing.T) {
	built, _ := build(t, production())
	assert.NotContains(t, autoscaler(t, built).At("spec", "template", "spec"), "tolerations", "not on spot nodes")
	autoscaler(t, built).AssertDependsOn(t,
		mocktest.Ref("aws:eks/podIdentityAssociation:PodIdentityAssociation", "cluster-autoscaler-association"))
	autoscaler(t, built).AssertDependsOn(t, mocktest.Refs(built.OfType(poolType))...)
}

func TestHowTheAutoscalerDecides(t *testing.T) {
	built, _ := build(t, production())
	arguments := autoscaler(t, built).At("spec", "template", "spec", "containers", 0, "args")
	for argument, reason := range map[string]string{
		"--skip-nodes-with-local-storage=false": "each pod of a service has an emptyDir: no node would ever go",
		"--skip-nodes-with-system-pods=false":   "nor would one that CoreDNS happens to run on",
		"--balance-similar-node-groups":         "the zones grow evenly",
		"--balancing-label=dreamseed.ai/pool":   "the groups of a pool are alike, also while one of them is empty",
	} {
		assert.Contains(t, arguments, argument, reason)
	}
}

// Without one of these permissions the autoscaler waits forever and scales nothing.
func TestTheAutoscalerMaySeeWhatItWaitsFor(t *testing.T) {
	built, _ := build(t, production())
	role := built.Get(t, "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole", "cluster-autoscaler-cluster-role")
	watched := map[string][]any{}
	for _, rule := range role.At("rules").([]any) {
		rule := rule.(map[string]any)
		if slices.Contains(rule["verbs"].([]any), any("watch")) {
			group := rule["apiGroups"].([]any)[0].(string)
			watched[group] = append(watched[group], rule["resources"].([]any)...)
		}
	}
	require.NotEmpty(t, watched)
	for group, resources := range map[string][]any{
		"":                {"nodes", "pods", "namespaces", "services", "persistentvolumes", "persistentvolumeclaims"},
		"apps":            {"daemonsets", "replicasets", "statefulsets"},
		"policy":          {"poddisruptionbudgets"},
		"resource.k8s.io": {"deviceclasses", "resourceclaims", "resourceslices"},
		"storage.k8s.io":  {"csidrivers", "csinodes", "csistoragecapacities", "storageclasses", "volumeattachments"},
	} {
		assert.Subset(t, watched[group], resources, "API group %q", group)
	}
}
