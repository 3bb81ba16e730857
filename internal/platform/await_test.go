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
