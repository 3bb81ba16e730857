package platform_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/dreamseed/platform/cluster"
	"github.com/dreamseed/platform/data/store"
	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/monitoring/logging"
	"github.com/dreamseed/platform/services/catalogue"
)

func TestInventory(t *testing.T) {
	eachStack(t, func(t *testing.T, cfg *config.Config, built *mocktest.Recording) {
		name := string(cfg.Environment) + "-" + string(cfg.Cluster.Cloud)
		if cfg.Data.Postgres.Mode == store.Managed {
			name += "-managed"
		}
		built.AssertGolden(t, name)
	})
}

// Whatever the environment's default is, an environment may have any store.
func TestInventoryOfEveryStore(t *testing.T) {
	for _, kept := range logging.Stores() {
		cfg := stackConfig(t, "local")
		cfg.Logs = logging.Default(kept)
		build(t, cfg).AssertGolden(t, "local-logs-"+string(kept))
	}
}

func TestEveryChildHasItsParent(t *testing.T) {
	eachStack(t, func(t *testing.T, cfg *config.Config, built *mocktest.Recording) {
		roots := append(catalogue.Names(), "cluster", "services", "monitoring",
			"dreamseed-critical-priority", "dreamseed-standard-priority", "dreamseed-background-priority")
		for _, name := range catalogue.Names() {
			roots = append(roots, name+"-secrets")
		}
		roots = append(roots, "node-agents", "monitoring-stack", "preview-identity")
		roots = append(roots, installed(cfg)...)
		if cfg.Ingress.Enabled() {
			roots = append(roots, "ingress")
		}
		if cfg.Logs.Enabled() {
			roots = append(roots, "logs")
		}
		if cfg.Data.Provided() {
			roots = append(roots, "data")
		}
		built.AssertParents(t, roots...)
		for _, parent := range append(built.Each(t, serviceComponent), built.Each(t, namespaceComponent)...) {
			for _, child := range built.Children(parent) {
				assert.True(t, strings.HasPrefix(child.Name, parent.Name+"-"), "%s is a child of %s", child.Name, parent.Name)
			}
		}
	})
}

func TestEveryObjectIsCreatedByTheClustersProvider(t *testing.T) {
	eachStack(t, func(t *testing.T, _ *config.Config, built *mocktest.Recording) {
		built.AssertExplicitProviders(t)
		for _, object := range objects(built) {
			assert.Equal(t, "pulumi:providers:kubernetes::cluster-kubernetes", object.Provider, object.Name)
		}
		assert.Len(t, built.OfType("pulumi:providers:kubernetes"), 1)
	})
}

func TestTheProviderIsBoundToTheConfiguredCluster(t *testing.T) {
	eachStack(t, func(t *testing.T, cfg *config.Config, built *mocktest.Recording) {
		provider := built.Get(t, "pulumi:providers:kubernetes", "cluster-kubernetes")
		assert.Equal(t, cfg.Cluster.Identity(), provider.At("clusterIdentifier"))
		if cfg.Cluster.Cloud == cluster.Existing {
			assert.Equal(t, cfg.Cluster.Existing.KubeconfigPath, provider.At("kubeconfig"))
			assert.Equal(t, cfg.Cluster.Existing.Context, provider.At("context"))
			return
		}
		assert.Equal(t, cfg.Cluster.Identity(), provider.At("context"))
		assert.Equal(t, []string{"kubeconfig"}, provider.Secrets)
	})
}

// The golden list of fields in which changes by the program are ignored, each with its reason.
func TestIgnoredChanges(t *testing.T) {
	want := map[cluster.Cloud][]string{
		cluster.GKE: {
			// The node config of the removed pool; GKE's later changes to it would replace the cluster.
			"cluster-cluster: nodeConfig",
			"cluster-pool-on-demand: initialNodeCount", // Set by the autoscaler.
			"cluster-pool-spot: initialNodeCount",      // Set by the autoscaler.
		},
		cluster.EKS: {
			"cluster-pool-on-demand-eu-central-1a: scalingConfig.desiredSize", // Set by the autoscaler.
			"cluster-pool-on-demand-eu-central-1b: scalingConfig.desiredSize", // Set by the autoscaler.
			"cluster-pool-on-demand-eu-central-1c: scalingConfig.desiredSize", // Set by the autoscaler.
			"cluster-pool-spot-eu-central-1a: scalingConfig.desiredSize",      // Set by the autoscaler.
			"cluster-pool-spot-eu-central-1b: scalingConfig.desiredSize",      // Set by the autoscaler.
			"cluster-pool-spot-eu-central-1c: scalingConfig.desiredSize",      // Set by the autoscaler.
		},
		cluster.AKS: {
			// The system pool must not be listed: after a refresh, an ignored index in a cluster's list of pools may belong to
			// any pool.
			"cluster-pool-ondemand: count", // Set by the autoscaler.
			"cluster-pool-spot: count",     // Set by the autoscaler.
		},
	}
	for _, name := range catalogue.Names() {
		for _, cloud := range cluster.Clouds() {
			want[cloud] = append(want[cloud],
				name+"-deployment: spec.replicas", // Set by the autoscaler.
			)
		}
		// Written when a foreign key is removed from a selector, and left from then on.
		want[cluster.Existing] = append(want[cluster.Existing],
			name+`-service: metadata.annotations["dreamseed.ai/selector-taken-back"]`)
	}
	eachStack(t, func(t *testing.T, cfg *config.Config, built *mocktest.Recording) {
		var ignored []string
		for _, one := range built.Resources {
			if len(one.IgnoreChanges) > 0 {
				ignored = append(ignored, one.Name+": "+strings.Join(one.IgnoreChanges, ", "))
			}
		}
		assert.ElementsMatch(t, want[cfg.Cluster.Cloud], ignored)
	})
}

func TestEveryObjectIsAwaited(t *testing.T) {
	eachStack(t, func(t *testing.T, _ *config.Config, built *mocktest.Recording) {
		for _, object := range objects(built) {
			assert.NotContains(t, fmt.Sprint(object.Inputs), "pulumi.com/skipAwait", object.Name)
		}
	})
}

func TestEveryObjectSaysThatItIsPartOfThePlatform(t *testing.T) {
	eachStack(t, func(t *testing.T, _ *config.Config, built *mocktest.Recording) {
		for _, object := range objects(built) {
			assert.Equal(t, "dreamseed", object.At("metadata", "labels", "app.kubernetes.io/part-of"), object.Name)
			assert.Equal(t, "pulumi", object.At("metadata", "labels", "app.kubernetes.io/managed-by"), object.Name)
		}
	})
}

func TestEveryObjectIsInANamespaceOfThePlatform(t *testing.T) {
	eachStack(t, func(t *testing.T, cfg *config.Config, built *mocktest.Recording) {
		ours := []any{"dreamseed-" + string(cfg.Environment), "dreamseed-monitoring", "dreamseed-node-agents"}
		for _, name := range installed(cfg) {
			ours = append(ours, name)
		}
		for _, object := range objects(built) {
			ofTheCluster := strings.HasPrefix(object.Parent, "dreamseed:cluster:")
			ofPreviews := object.Parent == mocktest.Ref(previewComponent, "preview-identity")
			if object.Type == namespaceType || object.Type == priorityClassType || ofTheCluster || ofPreviews ||
				readsNodes(object) {
				continue
			}
			assert.Contains(t, ours, object.At("metadata", "namespace"), object.Name)
		}
	})
}

// readsNodes reports whether an object gives the monitoring its rights on nodes, which are in no namespace.
func readsNodes(object *mocktest.Resource) bool {
	return slices.Contains([]string{
		"monitoring-stack-prometheus-nodes-role", "monitoring-stack-prometheus-nodes-binding",
		"monitoring-stack-kube-state-metrics-nodes-cluster-role", "monitoring-stack-kube-state-metrics-nodes-cluster-binding",
	}, object.Name)
}

// installed returns the namespaces of the operators that the stack installs.
func installed(cfg *config.Config) []string {
	var names []string
	if cfg.Operators == config.Helm {
		for _, used := range cfg.OperatorsOn(nil) {
			names = append(names, used.Namespace())
		}
	}
	return names
}

func TestOutputs(t *testing.T) {
	eachStack(t, func(t *testing.T, cfg *config.Config, built *mocktest.Recording) {
		running := map[string]any{}
		for _, service := range cfg.Services {
			running[service.Name] = map[string]any{
				"image": pulled(built, service.Image),
				"url":   fmt.Sprintf("http://%s-service.dreamseed-%s.svc.cluster.local:8000", service.Name, cfg.Environment),
			}
		}
		assert.Len(t, running, 7)
		assert.Equal(t, running, built.Outputs["services"])
		assert.Equal(t, cfg.Cluster.Identity(), built.Outputs["cluster"])
		assert.Equal(t, []any{"dreamseed-" + string(cfg.Environment), "dreamseed-monitoring"}, built.Outputs["namespaces"])
		kept, _ := built.Outputs["data"].(map[string]any)
		provided := len(cfg.Data.Running())
		for _, mode := range []store.Mode{cfg.Data.Postgres.Mode, cfg.Data.Objects.Mode} {
			if mode == store.Managed {
				provided++
			}
		}
		assert.Len(t, kept, provided, "what holds data, for the next run")
		if cfg.Cluster.Cloud == cluster.Existing {
			assert.Len(t, built.Outputs, 6, "what an existing cluster does not have is left out")
			return
		}
		assert.NotEmpty(t, built.Outputs["registry"])
		assert.Equal(t, cfg.Cluster.DNS.Host, mocktest.At(built.Outputs["ingress"], "host"))
		assert.NotEmpty(t, mocktest.At(built.Outputs["ingress"], "addresses"))
	})
}

// pulled returns the image as pods name it: in the cluster's own registry, if there is one.
func pulled(built *mocktest.Recording, image string) string {
	if registry, ok := built.Outputs["registry"].(string); ok {
		return registry + "/" + image
	}
	return image
}

// releaseType is the type of a Helm release, which is not a Kubernetes object.
const releaseType = "kubernetes:helm.sh/v3:Release"

// objects returns the Kubernetes objects.
func objects(built *mocktest.Recording) []*mocktest.Resource {
	var found []*mocktest.Resource
	for _, one := range built.Resources {
		if strings.HasPrefix(one.Type, "kubernetes:") && one.Type != releaseType {
			found = append(found, one)
		}
	}
	return found
}
