package config_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/invalid"
	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/services/availability"
	"github.com/dreamseed/platform/services/catalogue"
)

func TestTheTrackedStacksLoad(t *testing.T) {
	for _, stack := range mocktest.Stacks() {
		t.Run(stack, func(t *testing.T) {
			cfg, err := config.Load(mocktest.StackConfig(t, stack), nil)
			require.NoError(t, err)
			assert.Equal(t, config.Environment(stack), cfg.Environment)
			assert.Equal(t, "dreamseed-"+stack, cfg.Cluster.Name)
			names := []string{}
			for _, service := range cfg.Services {
				names = append(names, service.Name)
			}
			assert.Equal(t, catalogue.Names(), names)
		})
	}
}

func TestTheDocumentedSectionsOfTheCloudsLoad(t *testing.T) {
	for _, cloud := range []cluster.Cloud{cluster.EKS, cluster.AKS} {
		for _, stack := range []string{"staging", "production"} {
			t.Run(stack+" on "+string(cloud), func(t *testing.T) {
				cfg, err := config.Load(mocktest.StackConfigOn(t, stack, string(cloud)), nil)
				require.NoError(t, err)
				assert.Equal(t, cloud, cfg.Cluster.Cloud)
				assert.Equal(t, "dreamseed-"+stack, cfg.Cluster.Name)
			})
		}
	}
}

func TestAClusterIsProtectedUnlessItsEnvironmentOptsOut(t *testing.T) {
	assert.True(t, load(t, "production", nil).Cluster.Protect)
	assert.False(t, load(t, "staging", nil).Cluster.Protect)
	assert.True(t, load(t, "staging", changes{"cluster.protect": absent}).Cluster.Protect)
}

func TestTheRegistryHoldsTheImagesOfTheServices(t *testing.T) {
	cfg := load(t, "production", nil)
	var workloads []string
	for _, service := range cfg.Services {
		workloads = append(workloads, service.Workload())
	}
	assert.Equal(t, workloads, cfg.Cluster.Images)
}

func TestAnImageIsFoundInSomeRegistry(t *testing.T) {
	existing := changes{"cluster": map[string]any{
		"cloud": "existing", "name": "ours", "region": "here", "zones": []any{"here-a"},
		"nodePools": []any{map[string]any{"name": "all", "minNodes": 1, "maxNodes": 9, "cpu": "8", "memory": "32Gi"}},
		"existing":  map[string]any{"kubeconfigPath": "kubeconfig", "context": "ours"},
	}, "data.objects": map[string]any{"mode": "inCluster"}}
	_, err := config.Load(given(t, "production", existing), nil)
	var found invalid.Problems
	require.ErrorAs(t, err, &found)
	assert.Len(t, found, 7, "an existing cluster has no registry of its own")
	for _, problem := range found {
		assert.Contains(t, problem.Error(), catalogue.ErrImageRegistry.Error())
	}
	load(t, "production", changes{"services.auth.image": "registry.example.com/sign-in" + digest})
}

func TestWhatIsGivenReplacesADefault(t *testing.T) {
	local := load(t, "local", nil)
	assert.Equal(t, catalogue.LogLevel("DEBUG"), local.LogLevel)
	assert.Equal(t, 60, local.RolloutDeadlineSeconds)
	for _, service := range local.Services {
		assert.Equal(t, catalogue.LogLevel("DEBUG"), service.LogLevel, "%s logs what all log", service.Name)
	}
}

func TestAServiceMayDifferFromTheOthers(t *testing.T) {
	cfg := load(t, "production", changes{
		"services.auth.logLevel":             "ERROR",
		"services.auth.resources.limits.cpu": "2",
		"services.auth.config":               map[string]any{"features.json": "{}"},
		"services.auth.egress":               []any{map[string]any{"cidr": "192.0.2.0/24", "ports": []any{25}}},
	})
	for _, service := range cfg.Services {
		if service.Name != "auth" {
			assert.Equal(t, catalogue.LogLevel("INFO"), service.LogLevel, service.Name)
			assert.Empty(t, service.Config, service.Name)
			continue
		}
		assert.Equal(t, catalogue.LogLevel("ERROR"), service.LogLevel)
		assert.Equal(t, "2", service.Resources.Limits.CPU.String())
		assert.Equal(t, "1Gi", service.Resources.Limits.Memory.String(), "the rest of an object keeps its default")
		assert.Equal(t, "250m", service.Resources.Requests.CPU.String(), "the rest of an object keeps its default")
		assert.Equal(t, map[string]string{"features.json": "{}"}, service.Config)
		assert.Equal(t, []catalogue.Egress{{CIDR: "192.0.2.0/24", Ports: []int{25}}}, service.Egress)
	}
}

func TestAQuantityMayBeWrittenAsANumber(t *testing.T) {
	cfg := load(t, "production", changes{"cluster.nodePools.0.cpu": 8})
	assert.Equal(t, "8", cfg.Cluster.NodePools[0].CPU.String())
}

func TestTheQuotaDefaultsToThePeak(t *testing.T) {
	for _, stack := range mocktest.Stacks() {
		cfg := load(t, stack, nil)
		assert.Empty(t, cmp.Diff(cfg.Peak(), cfg.Quotas.Services), stack)
	}
}

func TestTheQuotaFollowsTheServices(t *testing.T) {
	before, after := load(t, "staging", nil), load(t, "staging", changes{"services.auth.autoscaling.maxReplicas": 8})
	assert.Equal(t, before.Quotas.Services.Pods+5, after.Quotas.Services.Pods, "four more, and one to surge")
}

// The seed has the target in one place, the autoscaler of assessment.
func TestRequestsAreATargetOfTheServicesThatSaySo(t *testing.T) {
	made := changes{"services.auth.autoscaling.requestsPerSecond": 300}
	want := map[string]int{"assessment": 1000, "auth": 300}
	for _, service := range load(t, "staging", made).Services {
		assert.Equal(t, want[service.Name], service.Autoscaling.RequestsPerSecond, service.Name)
	}
}

func TestCanaryIsAllowedBecauseThereIsAJudge(t *testing.T) {
	cfg := load(t, "staging", changes{
		"services.auth.release.strategy": "canary",
	})
	for _, service := range cfg.Services {
		assert.Equal(t, service.Name == "auth", service.Release.Strategy == catalogue.Canary, service.Name)
	}
}

func TestPlaceIsWhatTheClusterHas(t *testing.T) {
	cfg := load(t, "production", nil)
	assert.Equal(t, availability.Place{
		Zones: 3, SpotGraceSeconds: 25,
		OnDemandPools: []availability.Pool{{MinNodes: 3}}, SpotPools: []availability.Pool{{MinNodes: 0}},
	}, config.Place(&cfg.Cluster))
}

func TestAFigureOfAQuotaMayBeLargerThanThePeak(t *testing.T) {
	cfg := load(t, "staging", changes{"quotas.services.pods": 500})
	assert.Equal(t, 500, cfg.Quotas.Services.Pods)
	peak := cfg.Peak()
	peak.Pods = 500
	assert.Empty(t, cmp.Diff(peak, cfg.Quotas.Services), "the other figures keep their default")
}

func TestMonitoringHasItsDefaultQuota(t *testing.T) {
	cfg := load(t, "staging", changes{"quotas.monitoring.pods": 41})
	assert.Equal(t, 41, cfg.Quotas.Monitoring.Pods)
	assert.Equal(t, "8", cfg.Quotas.Monitoring.Requests.CPU.String())
	assert.Equal(t, "48Gi", cfg.Quotas.Monitoring.Limits.Memory.String())
}

// Pulumi.yaml documents the defaults and the engine applies them; a program that runs without them must agree.
func TestTheDefaultsInThePulumiProjectAreThoseOfTheProgram(t *testing.T) {
	for _, stack := range mocktest.Stacks() {
		with := load(t, stack, nil)
		without, err := config.Load(mocktest.StackFile(t, stack), nil)
		require.NoError(t, err)
		assert.Empty(t, cmp.Diff(with, without, cmpopts.EquateEmpty()), stack)
	}
}
