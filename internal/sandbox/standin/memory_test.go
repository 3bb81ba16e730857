package standin

import (
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/sandbox/layout"
	"github.com/dreamseed/platform/internal/sandbox/standin/support"
)

// remembering returns a memory in a sandbox's folder, and the folder.
func remembering(t *testing.T) (*Memory, string) {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "cloud")
	t.Setenv(layout.CloudVariable, folder)
	return memoryOf("sky"), folder
}

func TestANameIsRememberedFromOneRunToTheNext(t *testing.T) {
	first, _ := remembering(t)
	who := named{ID: "one", Inputs: map[string]any{"name": "star", "tags": map[string]any{"a": "b"}}}
	require.NoError(t, first.take(skyCluster, "star", "taken: %s", who))

	next := memoryOf("sky")
	require.EqualError(t, next.take(skyCluster, "star", "taken: %s", named{}), "taken: star")
	found, exists, err := next.find(skyCluster, "star")
	require.NoError(t, err)
	assert.True(t, exists)
	assert.Equal(t, who, found)
	other := memoryOf("other")
	require.NoError(t, other.take(skyCluster, "star", "taken: %s", named{}), "another cloud has names of its own")
	require.NoError(t, next.take(skyPool, "star", "taken: %s", named{}), "and so has another type")
}

func TestWhatACloudRemembersIsTheOwnersAlone(t *testing.T) {
	memory, folder := remembering(t)
	require.NoError(t, memory.take(skyCluster, "star", "taken: %s", named{}))
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	require.Len(t, entries, 2, "what it remembers, and its lock")
	for _, entry := range entries {
		info, err := entry.Info()
		require.NoError(t, err)
		assert.Equal(t, os.FileMode(0o600), info.Mode().Perm(), entry.Name())
	}
	info, err := os.Stat(folder)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o700), info.Mode().Perm())
}

// Two providers of one cloud are two processes.
func TestOnlyOneOfManyGetsAName(t *testing.T) {
	_, _ = remembering(t)
	var taken sync.Map
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			if memoryOf("sky").take(skyCluster, "star", "taken: %s", named{}) == nil {
				taken.Store(i, true)
			}
		})
	}
	all.Wait()
	winners := 0
	taken.Range(func(any, any) bool { winners++; return true })
	assert.Equal(t, 1, winners)
}

func TestTheDateIsTheTablesUnlessATestTurnsItBack(t *testing.T) {
	memory, folder := remembering(t)
	today, err := memory.Today()
	require.NoError(t, err)
	assert.Equal(t, support.Taken, today)

	require.NoError(t, os.MkdirAll(folder, 0o700))
	date := filepath.Join(folder, layout.CloudDate)
	require.NoError(t, os.WriteFile(date, []byte("2026-06-15\n"), 0o600))
	today, err = memory.Today()
	require.NoError(t, err)
	assert.Equal(t, time.Date(2026, time.June, 15, 0, 0, 0, 0, time.UTC), today)

	require.NoError(t, os.WriteFile(date, []byte("yesterday"), 0o600))
	_, err = memory.Today()
	assert.ErrorContains(t, err, "reading the cloud's date in "+date)
}

func TestWhatCannotBeReadIsAnError(t *testing.T) {
	memory, folder := remembering(t)
	require.NoError(t, os.MkdirAll(folder, 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "sky.json"), []byte("{"), 0o600))
	require.ErrorContains(t, memory.Forget(skyCluster, "star"), "reading what exists in the cloud in "+folder)
	t.Setenv(layout.CloudVariable, "")
	assert.ErrorContains(t, memoryOf("sky").Forget(skyCluster, "star"), layout.CloudVariable+" is not set")
}
