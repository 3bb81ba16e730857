package operator_test

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"

	"github.com/dreamseed/platform/internal/operator"
	"github.com/dreamseed/platform/internal/operator/charttest"
)

// services is the namespace of the services.
const services = charttest.Services

func read(t *testing.T, path ...string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(path...))
	require.NoError(t, err)
	return string(content)
}

// Helm silently ignores a key that the chart does not know. Values that equal the chart's own are left out, too.
func TestEveryValueMakesADifference(t *testing.T) {
	charttest.Each(t, func(t *testing.T, r *charttest.Release) {
		whole, err := r.Render(r.Values(t))
		require.NoError(t, err)
		again, err := r.Render(r.Values(t))
		require.NoError(t, err)
		require.Equal(t, whole, again, "nothing else makes one")
		for _, path := range leaves(r.Values(t)) {
			less := r.Values(t)
			remove(less, path)
			without, err := r.Render(less)
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
	charttest.Each(t, func(t *testing.T, r *charttest.Release) {
		want := map[string]string{
			"cert-manager":     r.Source,
			"external-secrets": strings.TrimPrefix(r.Source, "v"),
			"sealed-secrets":   r.Chart.Metadata.Version,
		}
		assert.Equal(t, r.Chart.Name(), r.At("chart"))
		assert.Equal(t, want[r.Chart.Name()], r.At("version"))
	})
}

func TestImagesAreOfTheVersionThatASandboxBuilds(t *testing.T) {
	charttest.Each(t, func(t *testing.T, r *charttest.Release) {
		for name, pod := range r.Pods(t) {
			for _, container := range pod.Spec.Containers {
				_, tag, _ := strings.Cut(container.Image, ":")
				assert.Equal(t, strings.TrimPrefix(r.Source, "v"), strings.TrimPrefix(tag, "v"), "%s: %s", name, container.Image)
			}
		}
	})
}

// The namespaces of operators enforce the same standard
// (https://kubernetes.io/docs/concepts/security/pod-security-standards).
func TestTheOperatorsPodsAreRestricted(t *testing.T) {
	charttest.Each(t, func(t *testing.T, r *charttest.Release) {
		for name, pod := range r.Pods(t) {
			assert.Empty(t, charttest.Forbidden(t, pod), name)
		}
	})
}

// The control: a pod without any precaution.
func TestAPodThatIsNotRestrictedIsFound(t *testing.T) {
	careless := corev1.PodTemplateSpec{Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: "careless"}}}}
	assert.ElementsMatch(t, []string{
		"allowPrivilegeEscalation != false", "unrestricted capabilities", "runAsNonRoot != true", "seccompProfile",
	}, charttest.Forbidden(t, careless))
}

func TestEveryContainerSaysWhatItNeeds(t *testing.T) {
	charttest.Each(t, func(t *testing.T, r *charttest.Release) {
		for name, pod := range r.Pods(t) {
			for _, container := range pod.Spec.Containers {
				assert.Contains(t, container.Resources.Requests, corev1.ResourceCPU, name)
				assert.Contains(t, container.Resources.Requests, corev1.ResourceMemory, name)
				assert.Contains(t, container.Resources.Limits, corev1.ResourceMemory, name)
			}
		}
	})
}

// controller returns the only pod of a release.
func controller(t *testing.T, r *charttest.Release) corev1.PodTemplateSpec {
	t.Helper()
	pods := slices.Collect(maps.Values(r.Pods(t)))
	require.Len(t, pods, 1)
	return pods[0]
}

func TestANodeCanBeDrainedWithoutAnOperatorStandingStill(t *testing.T) {
	twice := map[operator.Name][]string{
		operator.CertManager:     {"cert-manager", "cert-manager-webhook"},
		operator.ExternalSecrets: {"external-secrets"},
		operator.SealedSecrets:   nil, // It has one replica: it catches up on missed changes when it is back.
	}
	charttest.Each(t, func(t *testing.T, r *charttest.Release) {
		var running []string
		budgets := r.Of("PodDisruptionBudget")
		for _, one := range r.Of("Deployment") {
			if one.At("spec", "replicas") == 2 {
				running = append(running, one.Name())
				assert.True(t, slices.ContainsFunc(budgets, func(budget charttest.Object) bool {
					return budget.At("spec", "minAvailable") == 1 &&
						assert.ObjectsAreEqual(one.At("spec", "selector"), budget.At("spec", "selector"))
				}), "a budget for %s", one.Name())
			}
		}
		assert.Equal(t, twice[operator.Name(r.Chart.Name())], running)
	})
}

func TestAReleaseStaysInItsNamespaceAndTheServices(t *testing.T) {
	charttest.Each(t, func(t *testing.T, r *charttest.Release) {
		for _, one := range r.Objects {
			in := one.At("metadata", "namespace")
			assert.Contains(t, []any{nil, r.At("namespace"), services}, in, "%s %s", one.At("kind"), one.Name())
		}
	})
}

func TestNobodyButTheOperatorIsGivenRights(t *testing.T) {
	charttest.Each(t, func(t *testing.T, r *charttest.Release) {
		var accounts []string
		for _, one := range r.Of("ServiceAccount") {
			accounts = append(accounts, one.Name())
		}
		for _, binding := range r.Of("RoleBinding", "ClusterRoleBinding") {
			subjects := binding.At("subjects").([]any)
			for i := range subjects {
				assert.Equal(t, "ServiceAccount", binding.At("subjects", i, "kind"), binding.Name())
				assert.Equal(t, r.At("namespace"), binding.At("subjects", i, "namespace"), binding.Name())
				assert.Contains(t, accounts, binding.At("subjects", i, "name"), binding.Name())
			}
		}
	})
}

func TestPodsRunAsAnAccountOfTheirRelease(t *testing.T) {
	charttest.Each(t, func(t *testing.T, r *charttest.Release) {
		for name, pod := range r.Pods(t) {
			assert.True(t, slices.ContainsFunc(r.Of("ServiceAccount"), func(account charttest.Object) bool {
				return account.Name() == pod.Spec.ServiceAccountName
			}), "%s runs as %q", name, pod.Spec.ServiceAccountName)
		}
	})
}

// An operator has no identity in the cloud: External Secrets reads with the identity of a service's reader.
func TestNoReleaseHoldsACredential(t *testing.T) {
	charttest.Each(t, func(t *testing.T, r *charttest.Release) {
		assert.Empty(t, r.Secrets)
		assert.Empty(t, r.Of("Secret", "ConfigMap"))
		for _, account := range r.Of("ServiceAccount") {
			annotations, _ := account.At("metadata", "annotations").(map[string]any)
			for name := range annotations {
				assert.Contains(t, name, "helm.sh/", "an identity of %s", account.Name())
			}
		}
		for name, pod := range r.Pods(t) {
			for _, volume := range pod.Spec.Volumes {
				assert.NotNil(t, volume.EmptyDir, "%s: %s", name, volume.Name)
			}
			for _, variable := range pod.Spec.Containers[0].Env {
				assert.Empty(t, variable.Value, "%s: %s", name, variable.Name)
			}
		}
	})
}

// Deleting a kind deletes its objects, and deleting an ExternalSecret deletes its Secret. Helm never deletes the
// content of a chart's crds folder.
func TestKindsOutliveTheirRelease(t *testing.T) {
	charttest.Each(t, func(t *testing.T, r *charttest.Release) {
		kinds := r.Of("CustomResourceDefinition")
		assert.NotZero(t, len(kinds)+len(r.Chart.CRDObjects()))
		for _, kind := range kinds {
			assert.Equal(t, "keep", kind.At("metadata", "annotations", "helm.sh/resource-policy"), kind.Name())
		}
	})
}

// rights returns the resources that the roles of a release give access to: by namespace, or in the whole cluster.
func rights(r *charttest.Release) map[string][]string {
	rights := map[string][]string{}
	for _, role := range r.Of("Role", "ClusterRole") {
		namespace, is := role.At("metadata", "namespace").(string)
		if !is {
			namespace = "the cluster"
		}
		rules, _ := role.At("rules").([]any)
		for i := range rules {
			for _, resource := range role.At("rules", i, "resources").([]any) {
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
