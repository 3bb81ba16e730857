package testbed

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestTestbedMayHoldAnythingOnceItWasMoreThanLookedAt(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		words []string
		want  content
	}{
		"look":              {[]string{"get", "pods"}, asItIsTracked},
		"change":            {[]string{"delete", "pod", "get"}, anything},
		"change in theory":  {[]string{"create", "--dry-run=server"}, asItIsTracked},
		"unknown to change": {[]string{"rollout", "status"}, anything},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			h := reservation{content: asItIsTracked}

			h.note(tt.words)

			assert.Equal(t, tt.want, h.content)
		})
	}
}

func TestTestbedMayHoldAnythingOnceItIsConfigured(t *testing.T) {
	box, err := New(t.TempDir(), "local")
	require.NoError(t, err)
	box.hold.content = asItIsTracked

	assert.True(t, box.Configure(t, Tracked), "nothing differs from the tracked file")
	assert.Equal(t, anything, box.hold.content, "but it is not deployed yet")
	assert.False(t, box.Configure(t, func(c Configuration) { c["dreamseed:logLevel"] = "INFO" }))
}
