package full

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/enginetest/testbed"
	"github.com/dreamseed/platform/services/catalogue"
)

// Argo Rollouts does not retry an image that it has aborted, and for the engine there is nothing to change.
func TestAReleaseThatWasTakenBackIsTriedAgain(t *testing.T) {
	releasing.Taken(t)
	judge := newPrometheus(t)
	good := release{strategy: catalogue.Canary, image: "v0", prometheus: judge}
	releasing.Up(t, good.judged)
	next := good.with("fails-while-another-service-does")

	judge.fails(t, 0.5)
	_, _, err := releasing.TryUp(t, next.judged)
	require.ErrorContains(t, err, "error-percentage")
	var again error
	seen := releasing.Recorded(t, func() { _, _, again = releasing.TryUp(t, next.judged) })

	require.ErrorContains(t, again, "auth-service", "while the reason is there, no run passes")
	assert.True(t, testbed.Tried(t, seen, "auth-service", "dreamseed/auth-service:"+next.image))
	assert.Equal(t, []string{"dreamseed/auth-service:v0"}, servedImages(t, releasing, "auth-service"))

	judge.fails(t, 0.02)
	releasing.Up(t, next.judged)

	assert.Equal(t, []string{"dreamseed/auth-service:" + next.image}, servedImages(t, releasing, "auth-service"))
	assert.Zero(t, releasing.Preview(t, testbed.WithLiveObjects).Changes())
}

// An image that the configuration no longer names must not reach users once more on its way out.
func TestAReleaseThatIsTakenOutIsNotTriedAgain(t *testing.T) {
	releasing.Taken(t)
	judge := newPrometheus(t)
	good := release{strategy: catalogue.Canary, image: "v0", prometheus: judge}
	releasing.Up(t, good.judged)
	judge.fails(t, 0.5)
	_, _, err := releasing.TryUp(t, good.with("taken-back").judged)
	require.ErrorContains(t, err, "error-percentage")

	seen := releasing.Recorded(t, func() { releasing.Up(t, good.judged) })

	assert.False(t, testbed.Tried(t, seen, "auth-service", "dreamseed/auth-service:taken-back"))
}

// judged keeps the new version at its first share until it has been scraped twice and judged.
func (r release) judged(c testbed.Configuration) {
	r.configure(c)
	releases := testbed.Service(c, "auth")["release"].(map[string]any)
	releases["canary"] = map[string]any{"weights": []int{50}, "stepSeconds": 4}
}
