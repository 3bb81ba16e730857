package enginetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/services/catalogue"
)

func TestUpRollsOutSevenServices(t *testing.T) {
	local.asTracked(t)

	status, err := local.box.Status(t.Context())

	require.NoError(t, err)
	assert.True(t, status.Running())
	assert.True(t, status.RolledOut())
	var names []string
	for _, service := range status.Services {
		names = append(names, service.Name)
		assert.Positive(t, service.Ready, service.Name)
	}
	var expected []string
	for _, name := range catalogue.Names() {
		expected = append(expected, name+"-service")
	}
	assert.ElementsMatch(t, expected, names)
}

func TestSecondUpChangesNothing(t *testing.T) {
	local.asTracked(t)
	before := local.templates(t)

	summary := local.up(t, tracked)

	assert.Zero(t, summary.Changes(), "%+v", summary.Steps)
	assert.Empty(t, differing(before, local.templates(t)))
}

func TestPreviewAfterUpReportsNoChange(t *testing.T) {
	local.asTracked(t)

	assert.Zero(t, local.preview(t, withState).Changes(), "compared with the state")
	assert.Zero(t, local.preview(t, withLiveObjects).Changes(), "compared with the live objects")
}

func TestChangedConfigurationRollsJustItsService(t *testing.T) {
	changing.asTracked(t)
	before := changing.templates(t)

	changing.up(t, func(c configuration) {
		service(c, "content")["config"] = map[string]any{"FEATURE_SEARCH": "on"}
	})

	assert.Equal(t, []string{"content-service"}, differing(before, changing.templates(t)))
	for _, config := range changing.list(t, "configmaps", "--namespace", namespace,
		"--selector", "app.kubernetes.io/name=content-service") {
		assert.Equal(t, "on", config.Data["FEATURE_SEARCH"], "the old ConfigMap is gone, the new one has the value")
	}
}

func TestChangedImageRollsJustItsService(t *testing.T) {
	changing.asTracked(t)
	before := changing.templates(t)

	changing.up(t, func(c configuration) { service(c, "auth")["image"] = "dreamseed/auth-service:next" })

	assert.Equal(t, []string{"auth-service"}, differing(before, changing.templates(t)))
	serving := changing.servingPods(t, "auth-service", changing.templates(t)["auth-service"])
	assert.Len(t, serving, 2)
	for _, pod := range serving {
		assert.Contains(t, pod.images(), "dreamseed/auth-service:next")
	}
}

func TestChangedReplicasScaleInPlace(t *testing.T) {
	changing.asTracked(t)
	before := changing.templates(t)

	changing.up(t, func(c configuration) { service(c, "user")["autoscaling"] = map[string]any{"minReplicas": 4} })

	assert.Empty(t, differing(before, changing.templates(t)), "no pod is rolled")
	assert.EventuallyWithT(t, func(collect *assert.CollectT) {
		assert.Len(collect, changing.servingPods(t, "user-service", before["user-service"]), 4)
	}, time.Minute, time.Second, "the autoscaler looks every fifteen seconds")
}
