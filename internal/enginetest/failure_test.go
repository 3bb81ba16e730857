package enginetest

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/enginetest/testbed"
)

func TestPodThatNeverBecomesReadyFailsTheUpAndTheNextGoodOneRecovers(t *testing.T) {
	failing.AsTracked(t)
	before := failing.Templates(t)

	_, _, err := failing.TryUp(t, func(c testbed.Configuration) {
		c["dreamseed:rolloutDeadlineSeconds"] = 3
		testbed.Service(c, "payment")["image"] = "dreamseed/payment-service:never-ready"
		testbed.Service(c, "payment")["config"] = map[string]any{"FEATURE": "on"}
	})

	require.Error(t, err)
	require.ErrorContains(t, err, "payment-service", "the service's name")
	require.ErrorContains(t, err, "ImagePullBackOff", "the reason")
	assert.Len(t, failing.ServingPods(t, "payment-service", before["payment-service"]), 2,
		"the pods of the old release go on serving")

	failing.Up(t, testbed.Tracked)

	assert.Equal(t, before["payment-service"], failing.Templates(t)["payment-service"])
	assert.Zero(t, failing.Preview(t, testbed.WithLiveObjects).Changes())
}
