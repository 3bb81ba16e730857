package enginetest

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestPodThatNeverBecomesReadyFailsTheUpAndTheNextGoodOneRecovers(t *testing.T) {
	shared.up(t, asTracked)
	before := shared.templates(t)

	_, _, err := shared.tryUp(t, func(c configuration) {
		c["dreamseed:rolloutDeadlineSeconds"] = 10
		service(c, "payment")["image"] = "dreamseed/payment-service:never-ready"
	})

	require.Error(t, err)
	require.ErrorContains(t, err, "payment-service", "the service's name")
	require.ErrorContains(t, err, "ImagePullBackOff", "the reason")
	assert.Len(t, shared.servingPods(t, "payment-service", before["payment-service"]), 2,
		"the pods of the old release go on serving")

	shared.up(t, asTracked)

	assert.Equal(t, before["payment-service"], shared.templates(t)["payment-service"])
	assert.Zero(t, shared.preview(t, withLiveObjects).Changes())
}
