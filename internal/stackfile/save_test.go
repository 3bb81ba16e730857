package stackfile_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/stackfile"
)

func TestASavedFileKeepsItsPermissions(t *testing.T) {
	for _, mode := range []os.FileMode{0o644, 0o600, 0o664} {
		file, path := open(t)
		require.NoError(t, os.Chmod(path, mode))
		change(t, file)
		require.NoError(t, file.Save())

		now, err := os.Stat(path)
		require.NoError(t, err)
		assert.Equal(t, mode, now.Mode().Perm())
		left, err := os.ReadDir(filepath.Dir(path))
		require.NoError(t, err)
		assert.Len(t, left, 1, "the stack's file: nothing is left beside it")
	}
}

func TestALinkStaysALink(t *testing.T) {
	folder, path := project(t)
	elsewhere := filepath.Join(t.TempDir(), "stack.yaml")
	require.NoError(t, os.Rename(path, elsewhere))
	require.NoError(t, os.Symlink(elsewhere, path))
	file, err := stackfile.Open(folder, "test")
	require.NoError(t, err)
	change(t, file)
	require.NoError(t, file.Save())

	link, err := os.Readlink(path)
	require.NoError(t, err)
	assert.Equal(t, elsewhere, link)
	assert.Contains(t, read(t, elsewhere), "auth-service:2")
}

func TestWhatSomebodyElseWroteMeanwhileIsKept(t *testing.T) {
	file, path := open(t)
	change(t, file)
	require.NoError(t, os.WriteFile(path, []byte(written+"# more\n"), 0o600))

	require.ErrorContains(t, file.Save(), "meanwhile")
	assert.Equal(t, written+"# more\n", read(t, path))
}

func TestAFileThatIsGoneIsNotMadeAgain(t *testing.T) {
	file, path := open(t)
	change(t, file)
	require.NoError(t, os.Remove(path))

	require.ErrorContains(t, file.Save(), "Pulumi.test.yaml")
	assert.NoFileExists(t, path)
}
