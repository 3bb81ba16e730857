package stackfile_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/sealing/sealingtest"
	"github.com/dreamseed/platform/internal/sealing/stackfile"
)

func TestASavedFileKeepsItsPermissions(t *testing.T) {
	for _, mode := range []os.FileMode{0o644, 0o600, 0o664} {
		file, path := open(t, incomplete)
		require.NoError(t, os.Chmod(path, mode))
		take(t, file, sealingtest.NewController(t))
		require.NoError(t, file.Save())

		now, err := os.Stat(path)
		require.NoError(t, err)
		assert.Equal(t, mode, now.Mode().Perm())
		left, err := os.ReadDir(filepath.Dir(path))
		require.NoError(t, err)
		assert.Len(t, left, 2, "the project and the stack: nothing is left beside them")
	}
}

func TestALinkStaysALink(t *testing.T) {
	folder, path := project(t, incomplete)
	elsewhere := filepath.Join(t.TempDir(), "stack.yaml")
	require.NoError(t, os.Rename(path, elsewhere))
	require.NoError(t, os.Symlink(elsewhere, path))
	file, err := stackfile.Open(folder, "test")
	require.NoError(t, err)
	take(t, file, sealingtest.NewController(t))
	require.NoError(t, file.Save())

	link, err := os.Readlink(path)
	require.NoError(t, err)
	assert.Equal(t, elsewhere, link)
	assert.Contains(t, read(t, elsewhere), "CERTIFICATE")
}

func TestWhatSomebodyElseWroteMeanwhileIsKept(t *testing.T) {
	file, path := open(t, incomplete)
	take(t, file, sealingtest.NewController(t))
	require.NoError(t, os.WriteFile(path, []byte(incomplete+"# more\n"), 0o600))

	require.ErrorContains(t, file.Save(), "meanwhile")
	assert.Equal(t, incomplete+"# more\n", read(t, path))
}

func TestAFileThatIsGoneIsNotMadeAgain(t *testing.T) {
	file, path := open(t, incomplete)
	take(t, file, sealingtest.NewController(t))
	require.NoError(t, os.Remove(path))

	require.ErrorContains(t, file.Save(), "Pulumi.test.yaml")
	assert.NoFileExists(t, path)
}
