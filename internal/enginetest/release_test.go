package enginetest

import (
	"crypto/rand"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/enginetest/testbed"
	"github.com/dreamseed/platform/services/catalogue"
)

func TestUpRollsOutSevenServices(t *testing.T) {
	local.AsTracked(t)

	status, err := local.Box.Status(t.Context())

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
	local.AsTracked(t)
	before := local.Templates(t)

	summary := local.Up(t, testbed.Tracked)

	assert.Zero(t, summary.Changes(), "%+v", summary.Steps)
	assert.Empty(t, testbed.Differing(before, local.Templates(t)))
}

func TestPreviewAfterUpReportsNoChange(t *testing.T) {
	local.AsTracked(t)

	assert.Zero(t, local.Preview(t, testbed.WithState).Changes(), "compared with the state")
	assert.Zero(t, local.Preview(t, testbed.WithLiveObjects).Changes(), "compared with the live objects")
}

func TestChangedConfigurationRollsJustItsService(t *testing.T) {
	changing.Deployed(t)
	before, value := changing.Templates(t), rand.Text()

	changing.Change(t, func(c testbed.Configuration) {
		testbed.Service(c, "content")["config"] = map[string]any{"FEATURE_SEARCH": value}
	})

	assert.Equal(t, []string{"content-service"}, testbed.Differing(before, changing.Templates(t)))
	configs := changing.List(t, "configmaps", "--namespace", namespace,
		"--selector", "app.kubernetes.io/name=content-service")
	require.Len(t, configs, 1, "the old ConfigMap is gone")
	assert.Equal(t, value, configs[0].Data["FEATURE_SEARCH"])
}

func TestChangedImageRollsJustItsService(t *testing.T) {
	changing.Deployed(t)
	before, tag := changing.Templates(t), newTag()

	changing.Change(t, authImage(tag))

	assert.Equal(t, []string{"auth-service"}, testbed.Differing(before, changing.Templates(t)))
	serving := changing.ServingPods(t, "auth-service", changing.Templates(t)["auth-service"])
	assert.Len(t, serving, 2)
	for _, pod := range serving {
		assert.Contains(t, pod.Images(), "dreamseed/auth-service:"+tag)
	}
}

func TestChangedReplicasScaleInPlace(t *testing.T) {
	changing.Deployed(t)
	before := changing.Templates(t)

	changing.Change(t, func(c testbed.Configuration) {
		testbed.Service(c, "user")["autoscaling"] = map[string]any{"minReplicas": 4}
	})

	assert.Empty(t, testbed.Differing(before, changing.Templates(t)), "no pod is rolled")
	assert.EventuallyWithT(t, func(collect *assert.CollectT) {
		assert.Len(collect, changing.ServingPods(t, "user-service", before["user-service"]), 4)
	}, time.Minute, time.Second, "the autoscaler looks every fifteen seconds")
}
