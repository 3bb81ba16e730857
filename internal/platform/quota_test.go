package platform_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/api/resource"

	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/mocktest"
)

// What does not fit the quota is never created, and nothing says so but an event.
func TestTheMonitoringNamespaceHasRoomForItsPods(t *testing.T) {
	eachStack(t, func(t *testing.T, cfg *config.Config, built *mocktest.Recording) {
		asked := map[string]*resource.Quantity{}
		add := func(pod any, count int) {
			for _, kind := range []string{"requests", "limits"} {
				for _, of := range []string{"cpu", "memory"} {
					amount := mocktest.At(pod, "spec", "containers", 0, "resources", kind, of)
					require.IsType(t, "", amount, "%s.%s of %v", kind, of, pod)
					total := asked[kind+"."+of]
					if total == nil {
						total = &resource.Quantity{}
						asked[kind+"."+of] = total
					}
					for range count {
						total.Add(resource.MustParse(amount.(string)))
					}
				}
			}
		}
		for _, one := range append(built.Each(t, deploymentType), built.Each(t, jobType)...) {
			if one.At("metadata", "namespace") == config.MonitoringNamespace {
				add(one.At("spec", "template"), 1)
			}
		}
		for _, one := range elasticsearches(t, cfg, built) {
			sets, _ := one.At("spec", "nodeSets").([]any)
			require.NotEmpty(t, sets)
			for _, set := range sets {
				add(mocktest.At(set, "podTemplate"), mocktest.At(set, "count").(int))
			}
			add(built.Get(t, "kubernetes:kibana.k8s.elastic.co/v1:Kibana", "logs-elastic-kibana").At("spec", "podTemplate"), 1)
		}
		hard := built.Get(t, quotaType, "monitoring-quota")
		require.Len(t, asked, 4)
		for figure, sum := range asked {
			limit := resource.MustParse(hard.At("spec", "hard", figure).(string))
			assert.LessOrEqual(t, sum.Cmp(limit), 0, "%s: %s of %s", figure, sum, limit.String())
		}
	})
}
