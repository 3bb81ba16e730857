package testbed

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAStandHasThePartsThatItDeclares(t *testing.T) {
	whole, err := New(t.TempDir(), "local")
	require.NoError(t, err)
	further := func(c Configuration) { c["dreamseed:ingress"] = map[string]any{"host": "dreamseed.localhost"} }
	whole.Configure(t, further)
	tracked := whole.Configuration(t)
	require.Contains(t, tracked, "dreamseed:ingress", "the control: a testbed may have more than the services")

	ServicesAlone(tracked)

	assert.NotContains(t, tracked, "dreamseed:ingress")
	assert.Equal(t, map[string]any{"prometheus": "present", "url": "http://prometheus.elsewhere:9090"},
		tracked["dreamseed:monitoring"], "somebody else watches it")
	assert.Len(t, tracked["dreamseed:data"], 1, "of the stores, the databases alone: a release migrates them")
	for name := range tracked["dreamseed:services"].(map[string]any) {
		delete(Service(tracked, name), "needs")
	}
	whole.Configure(t, Tracked)
	rest := whole.Configuration(t)
	for _, section := range []string{"dreamseed:monitoring", "dreamseed:data"} {
		delete(tracked, section)
		delete(rest, section)
	}
	assert.Equal(t, rest, tracked, "the services need the rest")
}

func TestAStandThatDeclaresLessIsConfiguredSo(t *testing.T) {
	whole, err := New(t.TempDir(), "local")
	require.NoError(t, err)
	less := whole.Opened("local", "local-less", func(c Configuration) { delete(c, "dreamseed:logLevel") })

	assert.True(t, less.Configure(t, Tracked), "nothing differs from what it declares")
	assert.NotContains(t, less.Configuration(t), "dreamseed:logLevel")
	less.Configure(t, func(c Configuration) { assert.NotContains(t, c, "dreamseed:logLevel") })
}
