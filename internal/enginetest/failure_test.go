package enginetest

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPodThatNeverBecomesReadyFailsTheUpAndTheNextGoodOneRecovers(t *testing.T) {
	failing.asTracked(t)
	before := failing.templates(t)

	_, _, err := failing.tryUp(t, func(c configuration) {
		c["dreamseed:rolloutDeadlineSeconds"] = 3
		service(c, "payment")["image"] = "dreamseed/payment-service:never-ready"
		service(c, "payment")["config"] = map[string]any{"FEATURE": "on"}
	})

	require.Error(t, err)
	require.ErrorContains(t, err, "payment-service", "the service's name")
	require.ErrorContains(t, err, "ImagePullBackOff", "the reason")
	assert.Len(t, failing.servingPods(t, "payment-service", before["payment-service"]), 2,
		"the pods of the old release go on serving")

	failing.up(t, tracked)

	assert.Equal(t, before["payment-service"], failing.templates(t)["payment-service"])
	assert.Zero(t, failing.preview(t, withLiveObjects).Changes())
}
