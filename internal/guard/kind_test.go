package guard_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/urn"
	"github.com/pulumi/pulumi/sdk/v3/go/common/tokens"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/changeset"
	"github.com/dreamseed/platform/internal/guard"
)

func urnType(of string) urn.URN { return urn.URN(tokens.Type(of)) }

// replaceable are the kinds that a run may replace and delete: the next run makes them anew, with nothing lost. Each
// has its reason.
var replaceable = map[string]string{
	"aws:ec2/launchTemplate:LaunchTemplate":                                "each change of a node makes a version",
	"aws:ec2/routeTableAssociation:RouteTableAssociation":                  "made anew with its subnet, which is guarded",
	"aws:ecr/lifecyclePolicy:LifecyclePolicy":                              "says which images go, and has none",
	"aws:eks/accessEntry:AccessEntry":                                      "a right, which configuration gives and takes",
	"aws:eks/accessPolicyAssociation:AccessPolicyAssociation":              "a right, which configuration gives and takes",
	"aws:eks/addon:Addon":                                                  "has no data",
	"aws:eks/podIdentityAssociation:PodIdentityAssociation":                "a right, which configuration gives and takes",
	"aws:iam/openIdConnectProvider:OpenIdConnectProvider":                  "made anew from the cluster",
	"aws:iam/role:Role":                                                    "a right, which configuration gives and takes",
	"aws:iam/rolePolicy:RolePolicy":                                        "a right, which configuration gives and takes",
	"aws:iam/rolePolicyAttachment:RolePolicyAttachment":                    "a right, which configuration gives and takes",
	"aws:kms/alias:Alias":                                                  "a name of a key, which is guarded",
	"aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2": "says which versions go, and has none",
	"azure-native:authorization/v20220401:RoleAssignment":                  "a right, which configuration gives and takes",
	"azure-native:containerservice/v20240901:MaintenanceConfiguration":     "a time, and no data",
	"azure-native:managedidentity/v20230131:FederatedIdentityCredential":   "a right, which configuration gives and takes",
	"azure-native:managedidentity/v20230131:UserAssignedIdentity":          "a right, which configuration gives and takes",
	"azure-native:storage/v20230501:ManagementPolicy":                      "says which versions go, and has none",
	"gcp:artifactregistry/repositoryIamMember:RepositoryIamMember":         "a right, which configuration gives and takes",
	"gcp:kms/cryptoKeyIAMMember:CryptoKeyIAMMember":                        "a right, which configuration gives and takes",
	"gcp:projects/iAMMember:IAMMember":                                     "a right, which configuration gives and takes",
	"gcp:serviceaccount/account:Account":                                   "a right, which configuration gives and takes",
	"gcp:serviceaccount/iAMMember:IAMMember":                               "a right, which configuration gives and takes",
	"gcp:storage/bucketIAMMember:BucketIAMMember":                          "a right, which configuration gives and takes",
	"kubernetes:apps/v1:DaemonSet":                                         "its pods keep nothing",
	"kubernetes:apps/v1:Deployment":                                        "its pods keep nothing",
	"kubernetes:argoproj.io/v1alpha1:AnalysisTemplate":                     "says how a canary is judged",
	"kubernetes:argoproj.io/v1alpha1:Rollout":                              "a strategy turns it into a Deployment",
	"kubernetes:autoscaling/v2:HorizontalPodAutoscaler":                    "the count stays while it is gone",
	"kubernetes:batch/v1:Job":                                              "each release has one of its own",
	"kubernetes:batch/v1:CronJob":                                          "its runs keep nothing of their own",
	"kubernetes:cert-manager.io/v1:Certificate":                            "is issued anew",
	"kubernetes:core/v1:ConfigMap":                                         "named by its content",
	"kubernetes:core/v1:Service":                                           "a strategy adds and takes one",
	"kubernetes:core/v1:ServiceAccount":                                    "a name, which configuration gives and takes",
	"kubernetes:external-secrets.io/v1:ExternalSecret":                     "the value stays in its store",
	"kubernetes:generators.external-secrets.io/v1alpha1:Password":          "the value stays in its store",
	"kubernetes:kafka.strimzi.io/v1:KafkaUser":                             "a right; the password stays in its Secret",
	"kubernetes:keda.sh/v1alpha1:ScaledObject":                             "the count stays while it is gone",
	"kubernetes:kibana.k8s.elastic.co/v1:Kibana":                           "keeps nothing itself",
	"kubernetes:networking.k8s.io/v1:Ingress":                              "a route, which configuration gives and takes",
	"kubernetes:rbac.authorization.k8s.io/v1:ClusterRole":                  "a right, which configuration gives and takes",
	"kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding":           "a right, which configuration gives and takes",
	"kubernetes:rbac.authorization.k8s.io/v1:Role":                         "a right, which configuration gives and takes",
	"kubernetes:rbac.authorization.k8s.io/v1:RoleBinding":                  "a right, which configuration gives and takes",
	"kubernetes:scheduling.k8s.io/v1:PriorityClass":                        "pods that run keep their priority",
	"kubernetes:traefik.io/v1alpha1:Middleware":                            "a route, which configuration gives and takes",
}

// registered returns the types that the platform registers, from the inventories of every stack on every cloud.
func registered(t *testing.T) []string {
	t.Helper()
	files, err := filepath.Glob("../platform/testdata/*-*.golden")
	require.NoError(t, err)
	types := map[string]bool{}
	for _, file := range files {
		content, err := os.ReadFile(file)
		require.NoError(t, err)
		for line := range strings.Lines(string(content)) {
			of, _, _ := strings.Cut(line, " ")
			if strings.Count(of, ":") == 2 && !strings.HasPrefix(of, "dreamseed:") {
				types[of] = true
			}
		}
	}
	require.Greater(t, len(types), 80, "the control: the inventories were read")
	return slices.Sorted(maps.Keys(types))
}

func TestEveryTypeOfThePlatformIsGuardedOrReplaceable(t *testing.T) {
	for _, of := range registered(t) {
		guarded := len(guard.Find(changed(of, changeset.Delete, &changeset.State{}, nil))) > 0
		reason, free := replaceable[of]
		assert.NotEqual(t, guarded, free && reason != "",
			"%s: a new type has to be in the table of guarded kinds or in that of replaceable ones, and in one alone", of)
	}
}
