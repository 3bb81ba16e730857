package privatefile_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/sandbox/privatefile"
)

func TestOnlyTheOwnerReadsAWrittenFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "folder", "key")
	require.NoError(t, privatefile.Write(path, []byte("secret")))

	file, err := os.Stat(path)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), file.Mode().Perm())
	folder, err := os.Stat(filepath.Dir(path))
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o700), folder.Mode().Perm())
}

func TestWritingReplacesAFileThatAReaderHasOpen(t *testing.T) {
	path := filepath.Join(t.TempDir(), "record")
	require.NoError(t, privatefile.Write(path, []byte("old")))
	reader, err := os.Open(path)
	require.NoError(t, err)
	defer func() { _ = reader.Close() }() // opened for reading only

	require.NoError(t, privatefile.Write(path, []byte("new")))

	seen := make([]byte, 3)
	_, err = reader.Read(seen)
	require.NoError(t, err)
	assert.Equal(t, "old", string(seen), "the open file is the old one, whole")
	now, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, "new", string(now))
}

func TestAWriteThatFailsLeavesNothingBehind(t *testing.T) {
	dir := t.TempDir()
	taken := filepath.Join(dir, "taken")
	require.NoError(t, os.MkdirAll(filepath.Join(taken, "content"), 0o700))

	require.ErrorContains(t, privatefile.Write(taken, []byte("data")), "writing "+taken)

	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Len(t, left, 1)
}
