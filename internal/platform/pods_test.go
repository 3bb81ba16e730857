package platform_test

import (
	"maps"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/services/catalogue"
)

// workload holds the registered resources of a service.
type workload struct {
	catalogue.Service
	deployment, configMap, account, service *mocktest.Resource
	// pod and container are the template's specs.
	pod, container map[string]any
}

// eachWorkload runs the test for the seven services of every stack.
func eachWorkload(t *testing.T, test func(t *testing.T, cfg *config.Config, built *mocktest.Recording, w workload)) {
	t.Helper()
	eachStack(t, func(t *testing.T, cfg *config.Config, built *mocktest.Recording) {
		require.Len(t, built.OfType(serviceComponent), 7)
		for _, service := range cfg.Services {
			t.Run(service.Name, func(t *testing.T) { test(t, cfg, built, workloadOf(t, built, service)) })
		}
	})
}

func workloadOf(t *testing.T, built *mocktest.Recording, service catalogue.Service) workload {
	t.Helper()
	deployment := built.Get(t, deploymentType, service.Name+"-deployment")
	pod, _ := deployment.At("spec", "template", "spec").(map[string]any)
	require.Len(t, pod["containers"], 1)
	container, _ := mocktest.At(pod, "containers", 0).(map[string]any)
	return workload{
		Service:    service,
		deployment: deployment,
		configMap:  configMap(t, built, service.Name),
		account:    built.Get(t, accountType, service.Name+"-account"),
		service:    built.Get(t, serviceType, service.Name+"-service"),
		pod:        pod,
		container:  container,
	}
}

// configMap returns the ConfigMap of a service. Its name contains the hash of its content.
func configMap(t *testing.T, built *mocktest.Recording, service string) *mocktest.Resource {
	t.Helper()
	for _, one := range built.Each(t, configMapType) {
		if strings.HasPrefix(one.Name, service+"-config-") {
			return one
		}
	}
	require.Fail(t, "no config map", service)
	return nil
}

func TestWorkloadNamesAreFixed(t *testing.T) {
	eachWorkload(t, func(t *testing.T, _ *config.Config, _ *mocktest.Recording, w workload) {
		for _, object := range []*mocktest.Resource{w.deployment, w.account, w.service} {
			assert.Equal(t, w.Name+"-service", object.At("metadata", "name"), object.Type)
		}
		assert.Equal(t, w.Name+"-service", w.container["name"])
	})
}

func TestPodsRunAsNobody(t *testing.T) {
	eachWorkload(t, func(t *testing.T, _ *config.Config, _ *mocktest.Recording, w workload) {
		assert.Equal(t, true, mocktest.At(w.pod, "securityContext", "runAsNonRoot"))
		for _, id := range []string{"runAsUser", "runAsGroup", "fsGroup"} {
			assert.Equal(t, 10001, mocktest.At(w.pod, "securityContext", id), id)
		}
	})
}

func TestPodsUseTheRuntimesSeccompProfile(t *testing.T) {
	eachWorkload(t, func(t *testing.T, _ *config.Config, _ *mocktest.Recording, w workload) {
		assert.Equal(t, "RuntimeDefault", mocktest.At(w.pod, "securityContext", "seccompProfile", "type"))
	})
}

func TestContainersHaveNoCapabilities(t *testing.T) {
	eachWorkload(t, func(t *testing.T, _ *config.Config, _ *mocktest.Recording, w workload) {
		assert.Equal(t, map[string]any{"drop": []any{"ALL"}}, mocktest.At(w.container, "securityContext", "capabilities"))
	})
}

func TestContainersCannotGainPrivileges(t *testing.T) {
	eachWorkload(t, func(t *testing.T, _ *config.Config, _ *mocktest.Recording, w workload) {
		assert.Equal(t, false, mocktest.At(w.container, "securityContext", "allowPrivilegeEscalation"))
		assert.Nil(t, mocktest.At(w.container, "securityContext", "privileged"))
	})
}

func TestRootFileSystemsAreReadOnly(t *testing.T) {
	eachWorkload(t, func(t *testing.T, _ *config.Config, _ *mocktest.Recording, w workload) {
		assert.Equal(t, true, mocktest.At(w.container, "securityContext", "readOnlyRootFilesystem"))
	})
}

func TestTemporaryFilesHaveABoundedPlace(t *testing.T) {
	eachWorkload(t, func(t *testing.T, _ *config.Config, _ *mocktest.Recording, w workload) {
		assert.Contains(t, w.container["volumeMounts"], map[string]any{"name": "tmp", "mountPath": "/tmp"})
		assert.Contains(t, w.pod["volumes"],
			map[string]any{"name": "tmp", "emptyDir": map[string]any{"sizeLimit": "64Mi"}})
	})
}

func TestPodsMountNoToken(t *testing.T) {
	eachWorkload(t, func(t *testing.T, _ *config.Config, _ *mocktest.Recording, w workload) {
		assert.Equal(t, false, w.pod["automountServiceAccountToken"], "the pod")
		assert.Equal(t, false, w.account.At("automountServiceAccountToken"), "the account")
	})
}

func TestPodsRunAsTheirOwnAccount(t *testing.T) {
	eachWorkload(t, func(t *testing.T, _ *config.Config, _ *mocktest.Recording, w workload) {
		assert.Equal(t, w.account.At("metadata", "name"), w.pod["serviceAccountName"])
		w.deployment.AssertDependsOn(t, w.account.Ref())
	})
}

func TestOtherServicesAreNoEnvironmentVariables(t *testing.T) {
	eachWorkload(t, func(t *testing.T, _ *config.Config, _ *mocktest.Recording, w workload) {
		assert.Equal(t, false, w.pod["enableServiceLinks"])
	})
}

func TestProbesAreThoseOfTheSeed(t *testing.T) {
	eachWorkload(t, func(t *testing.T, _ *config.Config, _ *mocktest.Recording, w workload) {
		assert.Equal(t, []any{map[string]any{"name": "http", "containerPort": 8000, "protocol": "TCP"}},
			w.container["ports"])
		assert.Equal(t, map[string]any{
			"httpGet":             map[string]any{"path": "/health", "port": "http"},
			"initialDelaySeconds": 30,
			"periodSeconds":       10,
		}, w.container["livenessProbe"])
		assert.Equal(t, map[string]any{
			"httpGet":             map[string]any{"path": "/ready", "port": "http"},
			"initialDelaySeconds": 5,
			"periodSeconds":       5,
		}, w.container["readinessProbe"])
	})
}

func TestResourcesAreThoseOfTheSeed(t *testing.T) {
	eachWorkload(t, func(t *testing.T, _ *config.Config, _ *mocktest.Recording, w workload) {
		assert.Equal(t, map[string]any{
			"requests": map[string]any{"cpu": "250m", "memory": "512Mi", "ephemeral-storage": "64Mi"},
			"limits":   map[string]any{"cpu": "500m", "memory": "1Gi", "ephemeral-storage": "256Mi"},
		}, w.container["resources"])
	})
}

func TestImagesAreTheConfiguredOnes(t *testing.T) {
	eachWorkload(t, func(t *testing.T, cfg *config.Config, built *mocktest.Recording, w workload) {
		assert.Equal(t, pulled(built, w.Image), w.container["image"])
		assert.Equal(t, cfg.Environment != config.Local, strings.Contains(w.Image, "@sha256:"))
	})
}

func TestPodsBeginAtTheAutoscalersMinimum(t *testing.T) {
	eachWorkload(t, func(t *testing.T, _ *config.Config, _ *mocktest.Recording, w workload) {
		assert.Equal(t, w.Autoscaling.MinReplicas, w.deployment.At("spec", "replicas"))
		assert.Equal(t, []string{"spec.replicas"}, w.deployment.IgnoreChanges, "from then on it is the autoscaler's")
	})
	production := build(t, stackConfig(t, "production"))
	assert.Equal(t, 5, production.Get(t, deploymentType, "assessment-deployment").At("spec", "replicas"))
}

func TestAPodServesOnWhileItIsTakenOutOfRotation(t *testing.T) {
	eachWorkload(t, func(t *testing.T, _ *config.Config, _ *mocktest.Recording, w workload) {
		drain, _ := mocktest.At(w.container, "lifecycle", "preStop", "sleep", "seconds").(int)
		grace, _ := w.pod["terminationGracePeriodSeconds"].(int)
		assert.Positive(t, drain)
		assert.Greater(t, grace, drain, "time is left for the requests that still run")
	})
}

func TestPodsSpreadOverZonesAndNodes(t *testing.T) {
	eachWorkload(t, func(t *testing.T, _ *config.Config, _ *mocktest.Recording, w workload) {
		over := func(domain, unsatisfiable string, skew int) any {
			return map[string]any{
				"maxSkew":           skew,
				"topologyKey":       domain,
				"whenUnsatisfiable": unsatisfiable,
				"labelSelector":     selecting(map[string]any{"app.kubernetes.io/name": w.Name + "-service"}),
				"nodeTaintsPolicy":  "Honor",
				"matchLabelKeys":    []any{"pod-template-hash", "rollouts-pod-template-hash"},
			}
		}
		want := []any{
			over("topology.kubernetes.io/zone", "DoNotSchedule", 1), over("kubernetes.io/hostname", "ScheduleAnyway", 1),
		}
		if w.Spot.Allowed {
			skew := max(1, w.Autoscaling.MinReplicas-2*w.Spot.OnDemandFloor+1)
			want = append(want, over("dreamseed.ai/capacity", "DoNotSchedule", skew))
		}
		assert.Equal(t, want, w.pod["topologySpreadConstraints"])
	})
}

func TestAReleaseNeverGoesBelowTheCountThatServes(t *testing.T) {
	eachWorkload(t, func(t *testing.T, _ *config.Config, _ *mocktest.Recording, w workload) {
		assert.Equal(t, map[string]any{
			"type":          "RollingUpdate",
			"rollingUpdate": map[string]any{"maxUnavailable": 0, "maxSurge": "25%"},
		}, w.deployment.At("spec", "strategy"))
	})
}

// A selector cannot be changed later, so it must not contain anything that might change.
func TestSelectorsHoldOnlyTheName(t *testing.T) {
	eachWorkload(t, func(t *testing.T, _ *config.Config, _ *mocktest.Recording, w workload) {
		name := map[string]any{"app.kubernetes.io/name": w.Name + "-service"}
		assert.Equal(t, selecting(name), w.deployment.At("spec", "selector"))
		assert.Equal(t, name, w.service.At("spec", "selector"))
		labels, _ := w.deployment.At("spec", "template", "metadata", "labels").(map[string]any)
		assert.Subset(t, labels, name, "the pods are selected, by the network policies, too")
	})
}

func TestEachServiceHasItsPriority(t *testing.T) {
	want := map[string]string{
		"ai-tutor":   "dreamseed-standard",
		"analytics":  "dreamseed-background",
		"assessment": "dreamseed-standard",
		"auth":       "dreamseed-critical",
		"content":    "dreamseed-standard",
		"payment":    "dreamseed-critical",
		"user":       "dreamseed-standard",
	}
	eachWorkload(t, func(t *testing.T, _ *config.Config, _ *mocktest.Recording, w workload) {
		assert.Equal(t, want[w.Name], w.pod["priorityClassName"])
	})
}

func TestTheEnvironmentComesFromTheServicesConfigMap(t *testing.T) {
	eachWorkload(t, func(t *testing.T, cfg *config.Config, _ *mocktest.Recording, w workload) {
		given := map[string]any{
			"ENVIRONMENT": string(cfg.Environment),
			"LOG_LEVEL":   string(w.LogLevel),
		}
		for _, bucket := range w.Needs.Buckets {
			given["OBJECT_STORAGE_BUCKET_"+strings.ToUpper(bucket)] = cfg.Data.Objects.NameIn(&cfg.Cluster, w.Name+"-"+bucket)
		}
		data := maps.Clone(given)
		for name := range plainFiles(t, w.pod, w.configMap) {
			data[name] = w.configMap.At("data", name)
		}
		assert.Equal(t, data, w.configMap.At("data"))
		for name := range given {
			assert.Contains(t, w.container["env"], map[string]any{
				"name": name,
				"valueFrom": map[string]any{
					"configMapKeyRef": map[string]any{"name": w.configMap.At("metadata", "name"), "key": name},
				},
			})
		}
		assert.Len(t, w.container["env"], len(given), "and no secret among it")
	})
}

func TestAServiceHasNoVariablesOfAStoreThatItDoesNotNeed(t *testing.T) {
	cfg := stackConfig(t, "staging")
	service(t, cfg, "user").Needs = catalogue.Needs{Redis: true}
	user := workloadOf(t, build(t, cfg), *service(t, cfg, "user"))

	var names []any
	for _, variable := range user.container["env"].([]any) {
		names = append(names, mocktest.At(variable, "name"))
	}
	assert.Equal(t, []any{"ENVIRONMENT", "LOG_LEVEL"}, names)
	assert.NotContains(t, user.configMap.At("data"), "OBJECT_STORAGE_BUCKET_AVATARS")
}

func TestTheConfigurationIsMountedReadOnly(t *testing.T) {
	eachWorkload(t, func(t *testing.T, _ *config.Config, _ *mocktest.Recording, w workload) {
		assert.Contains(t, w.container["volumeMounts"],
			map[string]any{"name": "config", "mountPath": "/app/config", "readOnly": true})
		assert.Contains(t, w.pod["volumes"], map[string]any{
			"name": "config", "configMap": map[string]any{"name": w.configMap.At("metadata", "name")},
		})
		w.deployment.AssertDependsOn(t, w.configMap.Ref())
	})
}

func TestConfigMapsNeverChange(t *testing.T) {
	eachWorkload(t, func(t *testing.T, _ *config.Config, _ *mocktest.Recording, w workload) {
		assert.Equal(t, true, w.configMap.At("immutable"))
	})
}

func TestTheServiceLeadsToThePort(t *testing.T) {
	eachWorkload(t, func(t *testing.T, _ *config.Config, _ *mocktest.Recording, w workload) {
		assert.Equal(t, "ClusterIP", w.service.At("spec", "type"))
		assert.Equal(t, []any{map[string]any{"name": "http", "port": 8000, "targetPort": "http", "protocol": "TCP"}},
			w.service.At("spec", "ports"))
	})
}

// A pod that starts earlier starts unbounded.
func TestNoPodStartsBeforeItsBoundsExist(t *testing.T) {
	eachWorkload(t, func(t *testing.T, _ *config.Config, built *mocktest.Recording, w workload) {
		home := mocktest.Refs(built.Children(built.Get(t, namespaceComponent, "services")))
		for _, one := range []string{"services-namespace", "services-quota", "services-limits", "services-default-deny"} {
			require.Contains(t, strings.Join(home, " "), one)
		}
		w.deployment.AssertDependsOn(t, home...)
		w.deployment.AssertDependsOn(t, mocktest.Refs(built.OfType(priorityClassType))...)
	})
}

// The Deployment's own message gives the reason for a failed release; the provider's gives only the timeout.
func TestTheDeploymentGivesUpBeforeTheEngineDoes(t *testing.T) {
	eachWorkload(t, func(t *testing.T, cfg *config.Config, _ *mocktest.Recording, w workload) {
		assert.Equal(t, cfg.RolloutDeadlineSeconds, w.deployment.At("spec", "progressDeadlineSeconds"))
		for _, timeout := range []string{w.deployment.CreateTimeout, w.deployment.UpdateTimeout} {
			assert.Greater(t, seconds(t, timeout), cfg.RolloutDeadlineSeconds)
		}
	})
}
