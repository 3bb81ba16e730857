package exporter_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"

	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/monitoring/exporter"
)

const (
	accountType        = "kubernetes:core/v1:ServiceAccount"
	daemonSetType      = "kubernetes:apps/v1:DaemonSet"
	deploymentType     = "kubernetes:apps/v1:Deployment"
	namespaceType      = "kubernetes:core/v1:Namespace"
	policyType         = "kubernetes:networking.k8s.io/v1:NetworkPolicy"
	roleType           = "kubernetes:rbac.authorization.k8s.io/v1:Role"
	bindingType        = "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding"
	clusterRoleType    = "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole"
	clusterBindingType = "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding"
	firstType          = "test:index:First"
)

// first is what the exporters wait for.
func first(ctx *pulumi.Context) ([]pulumi.Resource, error) {
	resource := &pulumi.CustomResourceState{}
	return []pulumi.Resource{resource}, ctx.RegisterResource(firstType, "first", nil, resource)
}

// both builds the two exporters.
func both(t *testing.T) *mocktest.Recording {
	t.Helper()
	return mocktest.Run(t, func(ctx *pulumi.Context) error {
		after, err := first(ctx)
		if err != nil {
			return err
		}
		if _, err := exporter.NewKubeStateMetrics(ctx, "state", &exporter.KubeStateMetricsArgs{
			Namespace: "dreamseed-monitoring", Watched: watched(), After: after,
		}); err != nil {
			return err
		}
		_, err = exporter.NewNodeExporter(ctx, "nodes", &exporter.NodeExporterArgs{
			Namespace: exporter.NodeAgentsNamespace, After: after,
		})
		return err
	})
}

// workloads returns the Deployments and the DaemonSet.
func workloads(t *testing.T) []*mocktest.Resource {
	t.Helper()
	built := both(t)
	return slices.Concat(built.Each(t, deploymentType), built.Each(t, daemonSetType))
}

// pod decodes the template of a workload's pods.
func pod(t *testing.T, workload *mocktest.Resource) corev1.PodTemplateSpec {
	t.Helper()
	encoded, err := json.Marshal(workload.At("spec", "template"))
	require.NoError(t, err)
	var template corev1.PodTemplateSpec
	require.NoError(t, json.Unmarshal(encoded, &template))
	require.Len(t, template.Spec.Containers, 1)
	return template
}

func container(t *testing.T, workload *mocktest.Resource) corev1.Container {
	t.Helper()
	return pod(t, workload).Spec.Containers[0]
}

// flags returns the arguments of a workload's container that have a value, by name.
func flags(t *testing.T, workload *mocktest.Resource) map[string]string {
	t.Helper()
	values := map[string]string{}
	for _, argument := range container(t, workload).Args {
		name, value, _ := strings.Cut(argument, "=")
		assert.NotContains(t, values, name, "only one of the two would count")
		values[name] = value
	}
	require.NotEmpty(t, values)
	return values
}

// violation is a rule of the Pod Security Standards that a pod breaks.
type violation struct{ reason, detail string }

// violations returns what a namespace at this level refuses of a pod.
func violations(t *testing.T, level api.Level, template corev1.PodTemplateSpec) []violation {
	t.Helper()
	evaluator, err := policy.NewEvaluator(policy.DefaultChecks(), nil)
	require.NoError(t, err)
	at := api.LevelVersion{Level: level, Version: api.LatestVersion()}
	var all []violation
	for _, result := range evaluator.EvaluatePod(at, &template.ObjectMeta, &template.Spec) {
		if !result.Allowed {
			all = append(all, violation{result.ForbiddenReason, result.ForbiddenDetail})
		}
	}
	return all
}

func TestEveryContainerSaysWhatItNeeds(t *testing.T) {
	for _, workload := range workloads(t) {
		resources := container(t, workload).Resources
		for _, name := range []corev1.ResourceName{
			corev1.ResourceCPU, corev1.ResourceMemory, corev1.ResourceEphemeralStorage,
		} {
			request, limit := resources.Requests[name], resources.Limits[name]
			assert.Positive(t, request.Sign(), "%s of %s", name, workload.Name)
			assert.Positive(t, limit.Cmp(request), "%s of %s may grow", name, workload.Name)
		}
	}
}

func TestEveryContainerIsClosed(t *testing.T) {
	for _, workload := range workloads(t) {
		security := container(t, workload).SecurityContext
		require.NotNil(t, security, workload.Name)
		assert.True(t, *security.ReadOnlyRootFilesystem, workload.Name)
		assert.False(t, *security.AllowPrivilegeEscalation, workload.Name)
		assert.Equal(t, []corev1.Capability{"ALL"}, security.Capabilities.Drop, workload.Name)
		assert.Empty(t, security.Capabilities.Add, workload.Name)
		assert.True(t, *pod(t, workload).Spec.SecurityContext.RunAsNonRoot, workload.Name)
		assert.EqualValues(t, 10001, *pod(t, workload).Spec.SecurityContext.RunAsUser, workload.Name)
	}
}

func TestImagesArePinnedToARelease(t *testing.T) {
	images := map[string]string{}
	for _, workload := range workloads(t) {
		images[workload.Name] = container(t, workload).Image
	}
	assert.Equal(t, map[string]string{
		"state-objects-deployment": "registry.k8s.io/kube-state-metrics/kube-state-metrics:v2.15.0",
		"state-nodes-deployment":   "registry.k8s.io/kube-state-metrics/kube-state-metrics:v2.15.0",
		"nodes-daemonset":          "quay.io/prometheus/node-exporter:v1.12.1",
	}, images)
}

// Where nothing else fits any more is where something has to be looked at.
func TestExportersDisplaceServices(t *testing.T) {
	for _, workload := range workloads(t) {
		assert.Equal(t, "dreamseed-critical", pod(t, workload).Spec.PriorityClassName, workload.Name)
	}
}

func TestExportersRunAsTheirOwnAccounts(t *testing.T) {
	built := both(t)
	accounts := map[string]bool{}
	for _, account := range built.Each(t, accountType) {
		assert.Equal(t, false, account.At("automountServiceAccountToken"), account.Name)
		accounts[account.At("metadata", "name").(string)] = true
	}
	for _, workload := range slices.Concat(built.Each(t, deploymentType), built.Each(t, daemonSetType)) {
		account := pod(t, workload).Spec.ServiceAccountName
		assert.True(t, accounts[account], "%s runs as %s", workload.Name, account)
		delete(accounts, account)
	}
	assert.Empty(t, accounts, "no two share one")
}

func TestOnlyWhatAsksTheAPIServerHasAToken(t *testing.T) {
	tokens := map[string]bool{}
	for _, workload := range workloads(t) {
		tokens[workload.Name] = *pod(t, workload).Spec.AutomountServiceAccountToken
	}
	assert.Equal(t, map[string]bool{
		"state-objects-deployment": true, "state-nodes-deployment": true, "nodes-daemonset": false,
	}, tokens)
}

func TestExportersWaitForWhatComesFirst(t *testing.T) {
	for _, workload := range workloads(t) {
		workload.AssertDependsOn(t, mocktest.Ref(firstType, "first"))
	}
}

// Two workloads whose selectors match the same pod would fight over it.
func TestWorkloadsSelectTheirOwnPodsOnly(t *testing.T) {
	all := workloads(t)
	for _, one := range all {
		selected, _ := one.At("spec", "selector", "matchLabels").(map[string]any)
		require.NotEmpty(t, selected, one.Name)
		for _, other := range all {
			labels, _ := other.At("spec", "template", "metadata", "labels").(map[string]any)
			if one == other {
				assert.Subset(t, labels, selected, one.Name)
				continue
			}
			assert.NotSubset(t, labels, selected, "%s selects the pods of %s", one.Name, other.Name)
		}
	}
}

func TestEverythingIsPartOfItsComponent(t *testing.T) {
	both(t).AssertParents(t, "first", "nodes", "state")
}

func TestPodsAreFoundByTheNameOfTheirProgram(t *testing.T) {
	names := map[string]string{}
	for _, workload := range workloads(t) {
		names[workload.Name] = pod(t, workload).Labels["app.kubernetes.io/name"]
	}
	assert.Equal(t, map[string]string{
		"state-objects-deployment": exporter.KubeStateMetricsName, "state-nodes-deployment": exporter.KubeStateMetricsName,
		"nodes-daemonset": exporter.NodeExporterName,
	}, names)
}

func TestNamesOfWorkloadsAreFixed(t *testing.T) {
	names := map[string]any{}
	for _, workload := range workloads(t) {
		names[workload.Name] = []any{workload.At("metadata", "namespace"), workload.At("metadata", "name")}
		assert.Equal(t, workload.At("spec", "template", "metadata", "labels"), workload.At("metadata", "labels"))
	}
	assert.Equal(t, map[string]any{
		"state-objects-deployment": []any{"dreamseed-monitoring", "kube-state-metrics"},
		"state-nodes-deployment":   []any{"dreamseed-monitoring", "kube-state-metrics-nodes"},
		"nodes-daemonset":          []any{"dreamseed-node-agents", "node-exporter"},
	}, names)
}

func TestServicesAreNoEnvironmentVariables(t *testing.T) {
	for _, workload := range workloads(t) {
		links := pod(t, workload).Spec.EnableServiceLinks
		require.NotNil(t, links, workload.Name)
		assert.False(t, *links, workload.Name)
	}
}

func TestFiveFormerVersionsAreKept(t *testing.T) {
	for _, workload := range workloads(t) {
		assert.Equal(t, 5, workload.At("spec", "revisionHistoryLimit"), workload.Name)
	}
}

func TestANodesCacheOfImagesIsEnough(t *testing.T) {
	for _, workload := range workloads(t) {
		assert.Equal(t, corev1.PullIfNotPresent, container(t, workload).ImagePullPolicy, workload.Name)
	}
}

// A probe that nothing answers has to end before the next one.
func TestProbesEndBeforeTheNext(t *testing.T) {
	for _, workload := range workloads(t) {
		probed := container(t, workload)
		for _, probe := range []*corev1.Probe{probed.LivenessProbe, probed.ReadinessProbe} {
			require.NotNil(t, probe, workload.Name)
			assert.EqualValues(t, 10, probe.PeriodSeconds, workload.Name)
			assert.EqualValues(t, 5, probe.TimeoutSeconds, workload.Name)
		}
	}
}
