package platform_test

import (
	"cmp"
	"fmt"
	"os"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/monitoring/exporter"
)

// The page shows what a pod of each part requests in each environment, as it is rendered.
func TestThePageOfMonitoringSaysWhatItCosts(t *testing.T) {
	text, err := os.ReadFile("../../docs/monitoring.md")
	require.NoError(t, err)
	ours := []any{config.MonitoringNamespace, exporter.NodeAgentsNamespace}
	costs := map[string]map[config.Environment]string{}
	eachStack(t, func(t *testing.T, cfg *config.Config, built *mocktest.Recording) {
		for _, kind := range []string{"Deployment", "DaemonSet"} {
			for _, of := range built.Each(t, "kubernetes:apps/v1:"+kind) {
				if !slices.Contains(ours, of.At("metadata", "namespace")) {
					continue
				}
				name := of.At("metadata", "name").(string)
				if costs[name] == nil {
					costs[name] = map[config.Environment]string{}
				}
				costs[name][cfg.Environment] = requestsOf(of, claims(t, built))
			}
		}
	})
	require.NotEmpty(t, costs)
	for name, in := range costs {
		row := "| " + name
		for _, environment := range []config.Environment{config.Local, config.Staging, config.Production} {
			row += " | " + cmp.Or(in[environment], "none")
		}
		assert.Contains(t, string(text), row+" |")
	}
}

// claims returns the sizes of the claims, by name.
func claims(t *testing.T, built *mocktest.Recording) map[any]string {
	t.Helper()
	sizes := map[any]string{}
	for _, claim := range built.Each(t, "kubernetes:core/v1:PersistentVolumeClaim") {
		sizes[claim.At("metadata", "name")] = claim.At("spec", "resources", "requests", "storage").(string)
	}
	return sizes
}

// requestsOf returns the processor, the memory and the disk that a pod of a workload requests.
func requestsOf(of *mocktest.Resource, claimed map[any]string) string {
	pod := func(path ...any) any { return of.At(append([]any{"spec", "template", "spec"}, path...)...) }
	memory := resource.MustParse(pod("containers", 0, "resources", "requests", "memory").(string))
	requests := fmt.Sprintf("%s, %d MiB", pod("containers", 0, "resources", "requests", "cpu"), memory.Value()>>20)
	volumes, _ := pod("volumes").([]any)
	for i := range volumes {
		if size, found := claimed[pod("volumes", i, "persistentVolumeClaim", "claimName")]; found {
			requests += ", " + size
		}
	}
	return requests
}
