package platform_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/services/catalogue"
)

const (
	previewComponent       = "dreamseed:preview:Identity"
	admissionType          = "kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy"
	admissionBindingType   = "kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicyBinding"
	clusterRoleType        = "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole"
	clusterRoleBindingType = "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding"
)

// previewers are the condition and the subject for the preview identity of each tracked stack.
var previewers = map[string]struct{ condition, kind, name string }{
	"local-existing": {
		`has(request.userInfo.username) && request.userInfo.username == "dreamseed-preview"`, "User", "dreamseed-preview",
	},
	"staging-gke": {
		`has(request.userInfo.username) && request.userInfo.username == ` +
			`"pulumi-preview@dreamseed-staging.iam.gserviceaccount.com"`,
		"User", "pulumi-preview@dreamseed-staging.iam.gserviceaccount.com",
	},
	"production-gke": {
		`has(request.userInfo.username) && request.userInfo.username == ` +
			`"pulumi-preview@dreamseed-production.iam.gserviceaccount.com"`,
		"User", "pulumi-preview@dreamseed-production.iam.gserviceaccount.com",
	},
	"staging-eks": {
		`has(request.userInfo.groups) && "dreamseed-preview" in request.userInfo.groups`, "Group", "dreamseed-preview",
	},
	"production-eks": {
		`has(request.userInfo.groups) && "dreamseed-preview" in request.userInfo.groups`, "Group", "dreamseed-preview",
	},
	"staging-aks": {
		`has(request.userInfo.groups) && "5f0c2a10-0000-4000-8000-000000000031" in request.userInfo.groups`,
		"Group", "5f0c2a10-0000-4000-8000-000000000031",
	},
	"production-aks": {
		`has(request.userInfo.groups) && "5f0c2a10-0000-4000-8000-000000000032" in request.userInfo.groups`,
		"Group", "5f0c2a10-0000-4000-8000-000000000032",
	},
}

// https://kubernetes.io/docs/reference/access-authn-authz/validating-admission-policy
func TestEveryChangeByThePreviewIdentityIsRefused(t *testing.T) {
	eachStack(t, func(t *testing.T, cfg *config.Config, built *mocktest.Recording) {
		want, known := previewers[string(cfg.Environment)+"-"+string(cfg.Cluster.Cloud)]
		require.True(t, known)
		policy := built.Get(t, admissionType, "preview-identity-policy")
		assert.Equal(t, "Fail", policy.At("spec", "failurePolicy"), "an error refuses, too")
		assert.Equal(t, []any{map[string]any{"name": "preview-identity", "expression": want.condition}},
			policy.At("spec", "matchConditions"), "and nobody else's")
		assert.Equal(t, map[string]any{
			"matchPolicy": "Equivalent", "namespaceSelector": map[string]any{}, "objectSelector": map[string]any{},
			"resourceRules": []any{map[string]any{
				"apiGroups": []any{"*"}, "apiVersions": []any{"*"}, "operations": []any{"*"}, "resources": []any{"*/*"},
				"scope": "*",
			}},
		}, policy.At("spec", "matchConstraints"), "in every namespace, and the API server has nothing to default")
		validations, _ := policy.At("spec", "validations").([]any)
		require.Len(t, validations, 1)
		assert.Equal(t, "has(request.dryRun) && request.dryRun", mocktest.At(validations[0], "expression"))
		assert.Equal(t, "Forbidden", mocktest.At(validations[0], "reason"))

		binding := built.Get(t, admissionBindingType, "preview-identity-policy-binding")
		assert.Equal(t, policy.At("metadata", "name"), binding.At("spec", "policyName"))
		assert.Contains(t, binding.At("spec", "validationActions"), "Deny")
		assert.Nil(t, binding.At("spec", "matchResources"), "no namespace is left out")
	})
}

func TestThePreviewIdentityHasItsRightsOnlyWhileItHasItsLimits(t *testing.T) {
	eachStack(t, func(t *testing.T, cfg *config.Config, built *mocktest.Recording) {
		want := previewers[string(cfg.Environment)+"-"+string(cfg.Cluster.Cloud)]
		limits := built.Get(t, admissionBindingType, "preview-identity-policy-binding")
		limits.AssertDependsOn(t, mocktest.Ref(admissionType, "preview-identity-policy"))
		rights := built.Get(t, clusterRoleBindingType, "preview-identity-binding")
		rights.AssertDependsOn(t, limits.Ref(), mocktest.Ref(clusterRoleType, "preview-identity-role"))
		assert.Equal(t, []any{map[string]any{
			"apiGroup": "rbac.authorization.k8s.io", "kind": want.kind, "name": want.name,
		}}, rights.At("subjects"))
		assert.Equal(t, "dreamseed-preview", rights.At("roleRef", "name"))
	})
}

// With the same names, the former identity would lose its limits in an update that comes before the one of its rights.
func TestAnotherPreviewIdentityTakesNoLimitsFromTheFormerOne(t *testing.T) {
	names := func(identity string) []any {
		cfg := stackConfig(t, "staging")
		cfg.Cluster.API.PreviewIdentity = identity
		built := build(t, cfg)
		return []any{
			built.Get(t, admissionType, "preview-identity-policy").At("metadata", "name"),
			built.Get(t, admissionBindingType, "preview-identity-policy-binding").At("metadata", "name"),
			built.Get(t, clusterRoleBindingType, "preview-identity-binding").At("metadata", "name"),
		}
	}
	first, second := names("user:first@dreamseed.ai"), names("user:second@dreamseed.ai")
	for i := range 3 {
		assert.NotEqual(t, first[i], second[i])
	}
	assert.Equal(t, first, names("user:first@dreamseed.ai"), "the control")
}

func TestWithoutAPreviewIdentityNothingIsInstalledForIt(t *testing.T) {
	cfg := stackConfig(t, "staging")
	cfg.Cluster.API.PreviewIdentity = ""
	built := build(t, cfg)
	assert.Empty(t, built.OfType(previewComponent))
	assert.Empty(t, built.OfType(admissionType))
	assert.NotEmpty(t, build(t, stackConfig(t, "staging")).OfType(admissionType), "the control")
}

// previewVerbs returns the verbs that the preview identity has on resources, as group/resource.
func previewVerbs(t *testing.T, built *mocktest.Recording) map[string][]string {
	t.Helper()
	verbs := map[string][]string{}
	rules, _ := built.Get(t, clusterRoleType, "preview-identity-role").At("rules").([]any)
	require.NotEmpty(t, rules)
	for _, rule := range rules {
		for _, group := range listAt(rule, "apiGroups") {
			for _, resource := range listAt(rule, "resources") {
				verbs[group+"/"+resource] = append(verbs[group+"/"+resource], listAt(rule, "verbs")...)
			}
		}
	}
	return verbs
}

func listAt(object any, key string) []string {
	var texts []string
	values, _ := mocktest.At(object, key).([]any)
	for _, value := range values {
		texts = append(texts, value.(string))
	}
	return texts
}

// registeredResources returns the resources of all kinds that any stack registers, as group/resource.
func registeredResources(t *testing.T) map[string]bool {
	t.Helper()
	found := map[string]bool{}
	add := func(built *mocktest.Recording) {
		for _, object := range objects(built) {
			version, _ := object.At("apiVersion").(string)
			kind, _ := object.At("kind").(string)
			plural, _ := meta.UnsafeGuessKindToResource(schema.FromAPIVersionAndKind(version, kind))
			name := plural.Resource
			if kind == "Elasticsearch" { // the guess knows no plural of this ending
				name = "elasticsearches"
			}
			found[plural.Group+"/"+name] = true
		}
	}
	eachStack(t, func(_ *testing.T, _ *config.Config, built *mocktest.Recording) { add(built) })
	add(releasing(t, catalogue.Canary))
	eachBackend(t, func(_ *testing.T, _ backend, _ *config.Config, built *mocktest.Recording, _ workload) { add(built) })
	return found
}

// exempt are the kinds that no admission policy covers, so that a right to a dry run would be one to change them
// (https://github.com/kubernetes/apiserver/blob/v0.35.4/pkg/admission/plugin/policy/generic/plugin.go,
// admissionResources).
var exempt = []string{
	"admissionregistration.k8s.io/validatingadmissionpolicies",
	"admissionregistration.k8s.io/validatingadmissionpolicybindings",
	"admissionregistration.k8s.io/mutatingadmissionpolicies",
	"admissionregistration.k8s.io/mutatingadmissionpolicybindings",
}

// A kind without its right is previewed as a guess, without a word.
func TestThePreviewIdentityMayTryEveryKindThatIsRegisteredAndNoOther(t *testing.T) {
	verbs := previewVerbs(t, build(t, stackConfig(t, "staging")))
	registered := registeredResources(t)
	for resource := range registered {
		assert.Subset(t, verbs[resource], []string{"get", "list", "watch"}, resource)
		if !slices.Contains(exempt, resource) {
			assert.Subset(t, verbs[resource], []string{"create", "patch"}, resource)
		}
	}
	for resource, allowed := range verbs {
		if !registered[resource] {
			assert.ElementsMatch(t, []string{"get", "list", "watch"}, allowed, resource)
		}
	}
	assert.Greater(t, len(verbs), len(registered), "the control: something is read that nothing registers")
}

func TestThePreviewIdentityHasNoRightThatItsLimitsDoNotCover(t *testing.T) {
	verbs := previewVerbs(t, build(t, stackConfig(t, "staging")))
	for _, resource := range exempt {
		assert.NotContains(t, verbs[resource], "patch", resource)
		assert.NotContains(t, verbs[resource], "create", resource)
	}
	for resource, allowed := range verbs {
		assert.NotContains(t, resource, "*", "a pattern would include Secrets")
		assert.NotEqual(t, "/secrets", resource, "a dry run shows what is in it")
		assert.Equal(t, 1, strings.Count(resource, "/"), "%s is a subresource: exec, token, eviction", resource)
		assert.Subset(t, []string{"get", "list", "watch", "create", "patch", "bind", "escalate"}, allowed,
			"%s: impersonate and approve are no changes to admission", resource)
	}
	assert.NotEmpty(t, verbs["/configmaps"], "the control")
}
