package layout

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestProjectIsFoundFromAnyFolderInIt(t *testing.T) {
	root := t.TempDir()
	deep := filepath.Join(root, "a", "b")
	require.NoError(t, os.MkdirAll(deep, 0o700))
	require.NoError(t, os.WriteFile(filepath.Join(root, "Pulumi.yaml"), nil, 0o600))

	for _, from := range []string{root, deep} {
		found, err := FindProject(from)

		require.NoError(t, err)
		assert.Equal(t, root, found)
	}
}

func TestFolderOutsideAProjectIsNamed(t *testing.T) {
	outside := t.TempDir()

	_, err := FindProject(outside)

	assert.ErrorContains(t, err, outside)
}

func TestStacksStandSideBySide(t *testing.T) {
	l := Default("/project")

	local, production := l.Stack("local"), l.Stack("production")

	assert.NotEqual(t, local.Dir, production.Dir)
	assert.NotEqual(t, local.Context(), production.Context())
}
