package operator_test

import (
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"

	"github.com/dreamseed/platform/internal/operator"
)

// Helm says nothing about a key that the chart does not know. What the chart does anyway is not said either.
func TestEveryValueMakesADifference(t *testing.T) {
	eachRelease(t, func(t *testing.T, r *release) {
		whole, err := r.render(r.values(t))
		require.NoError(t, err)
		again, err := r.render(r.values(t))
		require.NoError(t, err)
		require.Equal(t, whole, again, "nothing else makes one")
		for _, path := range leaves(r.values(t)) {
			less := r.values(t)
			remove(less, path)
			without, err := r.render(less)
			assert.False(t, err == nil && maps.Equal(whole, without), "%s does nothing", strings.Join(path, "."))
		}
	})
}

func leaves(values map[string]any) [][]string {
	var paths [][]string
	for key, value := range values {
		below, is := value.(map[string]any)
		if !is {
			paths = append(paths, []string{key})
		}
		for _, path := range leaves(below) {
			paths = append(paths, append([]string{key}, path...))
		}
	}
	return paths
}

func remove(values map[string]any, path []string) {
	for _, key := range path[:len(path)-1] {
		values = values[key].(map[string]any)
	}
	delete(values, path[len(path)-1])
}

func TestAReleaseIsOfTheChartInTheSourceThatASandboxBuilds(t *testing.T) {
	eachRelease(t, func(t *testing.T, r *release) {
		want := map[string]string{
			"cert-manager":     r.source,
			"external-secrets": strings.TrimPrefix(r.source, "v"),
			"sealed-secrets":   r.chart.Metadata.Version,
		}
		assert.Equal(t, r.chart.Name(), r.At("chart"))
		assert.Equal(t, want[r.chart.Name()], r.At("version"))
	})
}

func TestImagesAreOfTheVersionThatASandboxBuilds(t *testing.T) {
	eachRelease(t, func(t *testing.T, r *release) {
		for name, pod := range r.pods(t) {
			for _, container := range pod.Spec.Containers {
				_, tag, _ := strings.Cut(container.Image, ":")
				assert.Equal(t, strings.TrimPrefix(r.source, "v"), strings.TrimPrefix(tag, "v"), "%s: %s", name, container.Image)
			}
		}
	})
}

// The namespaces of operators enforce the same (https://kubernetes.io/docs/concepts/security/pod-security-standards).
func TestTheOperatorsPodsAreRestricted(t *testing.T) {
	eachRelease(t, func(t *testing.T, r *release) {
		for name, pod := range r.pods(t) {
			assert.Empty(t, forbidden(t, pod), name)
		}
	})
}

// The control: a pod without any precaution.
func TestAPodThatIsNotRestrictedIsFound(t *testing.T) {
	careless := corev1.PodTemplateSpec{Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "careless"}}}}
	assert.ElementsMatch(t, []string{
		"allowPrivilegeEscalation != false", "unrestricted capabilities", "runAsNonRoot != true", "seccompProfile",
	}, forbidden(t, careless))
}

// forbidden is what admission would say against a pod.
func forbidden(t *testing.T, pod corev1.PodTemplateSpec) []string {
	t.Helper()
	evaluator, err := policy.NewEvaluator(policy.DefaultChecks(), nil)
	require.NoError(t, err)
	restricted := api.LevelVersion{Level: api.LevelRestricted, Version: api.LatestVersion()}
	var reasons []string
	for _, result := range evaluator.EvaluatePod(restricted, &pod.ObjectMeta, &pod.Spec) {
		if !result.Allowed {
			reasons = append(reasons, result.ForbiddenReason)
		}
	}
	return reasons
}

func TestEveryContainerSaysWhatItNeeds(t *testing.T) {
	eachRelease(t, func(t *testing.T, r *release) {
		for name, pod := range r.pods(t) {
			for _, container := range pod.Spec.Containers {
				assert.Contains(t, container.Resources.Requests, corev1.ResourceCPU, name)
				assert.Contains(t, container.Resources.Requests, corev1.ResourceMemory, name)
				assert.Contains(t, container.Resources.Limits, corev1.ResourceMemory, name)
			}
		}
	})
}

// pods are the templates of the release's pods by the names of what makes them.
func (r *release) pods(t *testing.T) map[string]corev1.PodTemplateSpec {
	t.Helper()
	pods := map[string]corev1.PodTemplateSpec{}
	for _, one := range r.of("Deployment", "Job") {
		text, err := json.Marshal(one.at("spec", "template"))
		require.NoError(t, err)
		decoder := json.NewDecoder(strings.NewReader(string(text)))
		decoder.DisallowUnknownFields()
		var pod corev1.PodTemplateSpec
		require.NoError(t, decoder.Decode(&pod))
		require.Empty(t, pod.Spec.InitContainers, "no test here looks at them")
		pods[one.name()] = pod
	}
	require.NotEmpty(t, pods)
	require.Empty(t, r.of("Pod", "StatefulSet", "DaemonSet", "ReplicaSet", "CronJob"), "no test here looks at them")
	return pods
}

// controller is the only pod of a release.
func (r *release) controller(t *testing.T) corev1.PodTemplateSpec {
	t.Helper()
	pods := slices.Collect(maps.Values(r.pods(t)))
	require.Len(t, pods, 1)
	return pods[0]
}

func TestANodeCanBeDrainedWithoutAnOperatorStandingStill(t *testing.T) {
	twice := map[operator.Name][]string{
		operator.CertManager:     {"cert-manager", "cert-manager-webhook"},
		operator.ExternalSecrets: {"external-secrets"},
		operator.SealedSecrets:   nil, // It runs once: a change that it misses is one that it sees when it is back.
	}
	eachRelease(t, func(t *testing.T, r *release) {
		var running []string
		budgets := r.of("PodDisruptionBudget")
		for _, one := range r.of("Deployment") {
			if one.at("spec", "replicas") == 2 {
				running = append(running, one.name())
				assert.True(t, slices.ContainsFunc(budgets, func(budget object) bool {
					return budget.at("spec", "minAvailable") == 1 &&
						assert.ObjectsAreEqual(one.at("spec", "selector"), budget.at("spec", "selector"))
				}), "a budget for %s", one.name())
			}
		}
		assert.Equal(t, twice[operator.Name(r.chart.Name())], running)
	})
}

func TestAReleaseStaysInItsNamespaceAndTheServices(t *testing.T) {
	eachRelease(t, func(t *testing.T, r *release) {
		for _, one := range r.objects {
			in := one.at("metadata", "namespace")
			assert.Contains(t, []any{nil, r.At("namespace"), services}, in, "%s %s", one.at("kind"), one.name())
		}
	})
}

func TestNobodyButTheOperatorIsGivenRights(t *testing.T) {
	eachRelease(t, func(t *testing.T, r *release) {
		var accounts []string
		for _, one := range r.of("ServiceAccount") {
			accounts = append(accounts, one.name())
		}
		for _, binding := range r.of("RoleBinding", "ClusterRoleBinding") {
			subjects := binding.at("subjects").([]any)
			for i := range subjects {
				assert.Equal(t, "ServiceAccount", binding.at("subjects", i, "kind"), binding.name())
				assert.Equal(t, r.At("namespace"), binding.at("subjects", i, "namespace"), binding.name())
				assert.Contains(t, accounts, binding.at("subjects", i, "name"), binding.name())
			}
		}
	})
}

func TestPodsRunAsAnAccountOfTheirRelease(t *testing.T) {
	eachRelease(t, func(t *testing.T, r *release) {
		for name, pod := range r.pods(t) {
			assert.True(t, slices.ContainsFunc(r.of("ServiceAccount"), func(account object) bool {
				return account.name() == pod.Spec.ServiceAccountName
			}), "%s runs as %q", name, pod.Spec.ServiceAccountName)
		}
	})
}

// An operator is nobody in the cloud: External Secrets reads in the name of a service's reader.
func TestNoReleaseHoldsACredential(t *testing.T) {
	eachRelease(t, func(t *testing.T, r *release) {
		assert.Empty(t, r.Secrets)
		assert.Empty(t, r.of("Secret", "ConfigMap"))
		for _, account := range r.of("ServiceAccount") {
			annotations, _ := account.at("metadata", "annotations").(map[string]any)
			for name := range annotations {
				assert.Contains(t, name, "helm.sh/", "an identity of %s", account.name())
			}
		}
		for name, pod := range r.pods(t) {
			for _, volume := range pod.Spec.Volumes {
				assert.NotNil(t, volume.EmptyDir, "%s: %s", name, volume.Name)
			}
			for _, variable := range pod.Spec.Containers[0].Env {
				assert.Empty(t, variable.Value, "%s: %s", name, variable.Name)
			}
		}
	})
}

// Without its kind an object is gone, and with an ExternalSecret its Secret. Helm never deletes what is in a chart's
// folder crds.
func TestKindsOutliveTheirRelease(t *testing.T) {
	eachRelease(t, func(t *testing.T, r *release) {
		kinds := r.of("CustomResourceDefinition")
		assert.NotZero(t, len(kinds)+len(r.chart.CRDObjects()))
		for _, kind := range kinds {
			assert.Equal(t, "keep", kind.at("metadata", "annotations", "helm.sh/resource-policy"), kind.name())
		}
	})
}

// rights are what the roles of a release allow to work on: by namespace, or in the whole cluster.
func (r *release) rights() map[string][]string {
	rights := map[string][]string{}
	for _, role := range r.of("Role", "ClusterRole") {
		namespace, is := role.at("metadata", "namespace").(string)
		if !is {
			namespace = "the cluster"
		}
		rules, _ := role.at("rules").([]any)
		for i := range rules {
			for _, resource := range role.at("rules", i, "resources").([]any) {
				rights[namespace] = append(rights[namespace], resource.(string))
			}
		}
	}
	for namespace, resources := range rights {
		slices.Sort(resources)
		rights[namespace] = slices.Compact(resources)
	}
	return rights
}
