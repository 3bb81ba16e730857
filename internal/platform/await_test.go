package platform_test

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/mocktest"
)

func TestEngineWaitsUntilEveryPodIsOfTheNewGeneration(t *testing.T) {
	eachWorkload(t, func(t *testing.T, _ *config.Config, _ *mocktest.Recording, w workload) {
		annotation, _ := w.deployment.At("metadata", "annotations", "pulumi.com/waitFor").(string)

		var awaited []string
		require.NoError(t, json.Unmarshal([]byte(annotation), &awaited), annotation)
		assert.ElementsMatch(t, []string{
			"jsonpath={$.spec[?$.status.updatedReplicas == $.spec.replicas]}",
			"jsonpath={$.spec[?$.status.availableReplicas == $.spec.replicas]}",
			"jsonpath={$.spec[?$.status.replicas == $.spec.replicas]}",
		}, awaited)
	})
}

// The workload is awaited by itself; the provider's own wait for a Service takes ten seconds more.
func TestNoServiceIsWaitedForBeyondItsAddress(t *testing.T) {
	eachStack(t, func(t *testing.T, _ *config.Config, built *mocktest.Recording) {
		services := built.OfType(serviceType)
		require.NotEmpty(t, services)
		for _, service := range services {
			assert.Equal(t, []string{"jsonpath={.spec.clusterIP}"}, awaited(t, service))
			assert.NotContains(t, service.At("metadata", "annotations"), "pulumi.com/skipAwait", "a refresh still judges it")
		}
	})
}
