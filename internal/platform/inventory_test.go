package platform_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/services/catalogue"
)

func TestInventory(t *testing.T) {
	eachStack(t, func(t *testing.T, cfg *config.Config, built *mocktest.Recording) {
		built.AssertGolden(t, string(cfg.Environment))
	})
}

func TestEveryChildHasItsParent(t *testing.T) {
	eachStack(t, func(t *testing.T, cfg *config.Config, built *mocktest.Recording) {
		roots := append(catalogue.Names(), "cluster", "services", "monitoring",
			"dreamseed-critical-priority", "dreamseed-standard-priority", "dreamseed-background-priority")
		if cfg.Environment == config.Local {
			roots = append(roots, "database-secret")
		}
		built.AssertParents(t, roots...)
		for _, parent := range append(built.OfType(serviceComponent), built.OfType(namespaceComponent)...) {
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
		assert.Equal(t, map[string]any{
			"kubeconfig":        cfg.Cluster.Existing.KubeconfigPath,
			"context":           cfg.Cluster.Existing.Context,
			"clusterIdentifier": cfg.Cluster.Name,
		}, provider.Inputs)
	})
}

// The golden list of what a change of the program does not reach, each with its reason.
func TestIgnoredChanges(t *testing.T) {
	password := "database-secret: data" // Drawn anew in each run; the first one stays.
	eachStack(t, func(t *testing.T, cfg *config.Config, built *mocktest.Recording) {
		want := map[config.Environment][]string{config.Local: {password}}
		var ignored []string
		for _, one := range built.Resources {
			if len(one.IgnoreChanges) > 0 {
				ignored = append(ignored, one.Name+": "+strings.Join(one.IgnoreChanges, ", "))
			}
		}
		assert.Equal(t, want[cfg.Environment], ignored)
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

func TestEveryObjectIsInOneOfTheTwoNamespaces(t *testing.T) {
	eachStack(t, func(t *testing.T, cfg *config.Config, built *mocktest.Recording) {
		ours := []any{"dreamseed-" + string(cfg.Environment), "dreamseed-monitoring"}
		for _, object := range objects(built) {
			if object.Type == namespaceType || object.Type == priorityClassType {
				continue
			}
			assert.Contains(t, ours, object.At("metadata", "namespace"), object.Name)
		}
	})
}

func TestOutputs(t *testing.T) {
	eachStack(t, func(t *testing.T, cfg *config.Config, built *mocktest.Recording) {
		running := map[string]any{}
		for _, service := range cfg.Services {
			running[service.Name] = map[string]any{
				"image": service.Image,
				"url":   fmt.Sprintf("http://%s-service.dreamseed-%s.svc.cluster.local", service.Name, cfg.Environment),
			}
		}
		assert.Equal(t, map[string]any{
			"cluster":    "dreamseed-" + string(cfg.Environment),
			"namespaces": []any{"dreamseed-" + string(cfg.Environment), "dreamseed-monitoring"},
			"services":   running,
		}, built.Outputs)
		assert.Len(t, running, 7)
	})
}

// objects are the Kubernetes objects.
func objects(built *mocktest.Recording) []*mocktest.Resource {
	var found []*mocktest.Resource
	for _, one := range built.Resources {
		if strings.HasPrefix(one.Type, "kubernetes:") {
			found = append(found, one)
		}
	}
	return found
}
