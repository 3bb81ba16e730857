package render_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/render"
)

// contents returns the files below a folder, by their path.
func contents(t *testing.T, folder string) map[string]string {
	t.Helper()
	found := map[string]string{}
	require.NoError(t, filepath.WalkDir(folder, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		found[path[len(folder)+1:]] = string(content)
		return err
	}))
	return found
}

// beside returns the names in a folder.
func beside(t *testing.T, folder string) []string {
	t.Helper()
	entries, err := os.ReadDir(folder)
	require.NoError(t, err)
	var names []string
	for _, one := range entries {
		names = append(names, one.Name())
	}
	return names
}

func TestTwoRunsWriteTheSameFolder(t *testing.T) {
	above := t.TempDir()
	one, other := filepath.Join(above, "deep", "one"), filepath.Join(above, "other")
	r := rendered(t, aNamespace(t), aDeployment(t))
	require.NoError(t, r.Write(one))
	require.NoError(t, r.Write(other))

	written := contents(t, one)
	for file, content := range r.Files {
		assert.Equal(t, content, written[file])
	}
	assert.Len(t, written, len(r.Files)+1, "and the marker")
	assert.Equal(t, written, contents(t, other))
	assert.Equal(t, []string{"deep", "other"}, beside(t, above), "nothing is left beside them")
}

func TestARenderedFolderIsReplacedAsAWhole(t *testing.T) {
	above := t.TempDir()
	folder := filepath.Join(above, "manifests")
	require.NoError(t, rendered(t, aNamespace(t), aDeployment(t)).Write(folder))
	require.FileExists(t, filepath.Join(folder, "objects/06-deployment-shop-front.yaml"))

	require.NoError(t, rendered(t, aNamespace(t), aJob(t)).Write(folder))

	assert.NoFileExists(t, filepath.Join(folder, "objects/06-deployment-shop-front.yaml"))
	assert.FileExists(t, filepath.Join(folder, "objects/05-job-shop-migration-1.yaml"))
	assert.Equal(t, []string{"manifests"}, beside(t, above))
}

func TestAnEmptyFolderIsTaken(t *testing.T) {
	folder := t.TempDir()
	require.NoError(t, rendered(t, aNamespace(t)).Write(folder))
	assert.FileExists(t, filepath.Join(folder, "objects/00-namespace-shop.yaml"))
}

func TestOnlyTheOwnerReadsWhatIsWritten(t *testing.T) {
	folder := filepath.Join(t.TempDir(), "manifests")
	require.NoError(t, rendered(t, aNamespace(t)).Write(folder))
	about, err := os.Stat(filepath.Join(folder, "index.md"))
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), about.Mode().Perm())
}

func TestNothingOfSomebodyElseIsLost(t *testing.T) {
	write := func(t *testing.T, path, content string) {
		require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
		require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
	}
	const namespaceFile = "objects/00-namespace-shop.yaml"
	cases := map[string]struct {
		change func(t *testing.T, folder string)
		says   []string
	}{
		"files of their own": {func(t *testing.T, folder string) {
			write(t, filepath.Join(folder, "README.md"), "mine")
			write(t, filepath.Join(folder, "objects", "mine.yaml"), "mine")
			write(t, filepath.Join(folder, "overlay", "mine.yaml"), "mine")
		}, []string{"README.md", "objects/mine.yaml", "overlay"}},
		"a changed manifest": {func(t *testing.T, folder string) {
			write(t, filepath.Join(folder, namespaceFile), "changed")
		}, []string{namespaceFile}},
		"a link in the place of a manifest": {func(t *testing.T, folder string) {
			require.NoError(t, os.Rename(filepath.Join(folder, namespaceFile), filepath.Join(folder, "..", "elsewhere")))
			require.NoError(t, os.Symlink("../../elsewhere", filepath.Join(folder, namespaceFile)))
		}, []string{namespaceFile}},
		"no marker": {func(t *testing.T, folder string) {
			require.NoError(t, os.Remove(filepath.Join(folder, ".dreamseed-render")))
		}, []string{namespaceFile, "index.md", "kustomization.yaml"}},
		"a marker that is none": {func(t *testing.T, folder string) {
			write(t, filepath.Join(folder, ".dreamseed-render"), "stak: test")
		}, []string{".dreamseed-render", "stak"}},
		"another stack, and a file": {func(t *testing.T, folder string) {
			require.NoError(t, os.RemoveAll(folder))
			r, err := render.Render("production", stateOf(aNamespace(t)), nil)
			require.NoError(t, err)
			require.NoError(t, r.Write(folder))
			write(t, filepath.Join(folder, "mine.yaml"), "mine")
		}, []string{"production", "mine.yaml"}},
		"a file in its place": {func(t *testing.T, folder string) {
			require.NoError(t, os.RemoveAll(folder))
			write(t, folder, "mine")
		}, []string{"is no folder"}},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			folder := filepath.Join(t.TempDir(), "manifests")
			r := rendered(t, aNamespace(t))
			require.NoError(t, r.Write(folder))
			require.NoError(t, render.CheckFolder(folder, "test"), "the control")
			tt.change(t, folder)
			before := contents(t, filepath.Dir(folder))

			err := r.Write(folder)

			var input *render.InputError
			require.ErrorAs(t, err, &input)
			for _, word := range tt.says {
				require.ErrorContains(t, err, word)
			}
			assert.Equal(t, before, contents(t, filepath.Dir(folder)))
		})
	}
}

func TestAFolderIsAsItWasAfterAFailure(t *testing.T) {
	above := t.TempDir()
	folder := filepath.Join(above, "manifests")
	require.NoError(t, rendered(t, aNamespace(t)).Write(folder))
	before := contents(t, above)
	broken := rendered(t, aNamespace(t), aJob(t))
	broken.Files["no-such-folder/file.yaml"] = ""

	require.Error(t, broken.Write(folder))

	assert.Equal(t, before, contents(t, above), "and nothing is left beside it")
	assert.Equal(t, []string{"manifests"}, beside(t, above))
}
