package sandbox

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/sandbox/controlplane"
)

func TestAFailureTellsTheLastWordsOfWhatDied(t *testing.T) {
	log := filepath.Join(t.TempDir(), "cloudnative-pg.log")
	require.NoError(t, os.WriteFile(log, []byte("starting manager\nbind: address already in use\n"), 0o600))
	told := dead([]controlplane.ComponentStatus{
		{Name: "etcd", State: controlplane.Running},
		{Name: "cloudnative-pg", State: controlplane.Died, Log: log},
		{Name: "kwok", State: controlplane.Stopped},
	})
	require.Len(t, told, 1)
	assert.Contains(t, told[0], "cloudnative-pg died")
	assert.Contains(t, told[0], "bind: address already in use")
}
