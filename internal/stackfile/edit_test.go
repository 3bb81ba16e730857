package stackfile_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/stackfile"
)

// written has comments, braces and quotes that no change may touch.
const written = `# The staging environment.
config:
  dreamseed:environment: staging # where
  # Two of them.
  dreamseed:services:
    auth:
      # Of last week.
      image: "auth-service:1" # a tag
    user: {image: 'user-service:1'}
  logLevel: INFO
`

func project(t *testing.T) (folder, path string) {
	t.Helper()
	folder = t.TempDir()
	path = filepath.Join(folder, stackfile.Name("test"))
	require.NoError(t, os.WriteFile(path, []byte(written), 0o600))
	return folder, path
}

func open(t *testing.T) (file *stackfile.File, path string) {
	t.Helper()
	folder, path := project(t)
	file, err := stackfile.Open(folder, "test")
	require.NoError(t, err)
	return file, path
}

func read(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(content)
}

func change(t *testing.T, file *stackfile.File) {
	t.Helper()
	require.NoError(t, file.Set("auth-service:2", "services", "auth", "image"))
}

func TestAChangeTouchesNothingElse(t *testing.T) {
	cases := map[string]struct {
		reason   string
		path     []string
		old, new string
	}{
		"quoted":      {"the quotes and the comment stay", []string{"services", "auth", "image"}, "auth-service:1", "new:2"},
		"in braces":   {"braces stay braces", []string{"services", "user", "image"}, "user-service:1", "new:2"},
		"without us":  {"Pulumi accepts a key without the project's name", []string{"logLevel"}, "INFO", "DEBUG"},
		"with a name": {"the comment stays", []string{"environment"}, "staging #", "production #"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			file, path := open(t)
			require.NoError(t, file.Set(strings.TrimSuffix(c.new, " #"), c.path[0], c.path[1:]...))
			assert.Equal(t, written, read(t, path), "until it is saved")
			require.NoError(t, file.Save())
			assert.Equal(t, strings.Replace(written, c.old, c.new, 1), read(t, path), c.reason)
		})
	}
}

func TestAMissingKeyIsAdded(t *testing.T) {
	file, path := open(t)
	require.NoError(t, file.Set("sealed", "services", "user", "secrets", "KEY"))
	require.NoError(t, file.Save())
	assert.Equal(t, strings.Replace(written, "'user-service:1'", "'user-service:1', secrets: {KEY: sealed}", 1),
		read(t, path))
}

func TestAValueIsNotReplacedByAnObject(t *testing.T) {
	file, path := open(t)
	err := file.Set("value", "logLevel", "below")
	var wrong *stackfile.ContentError
	require.ErrorAs(t, err, &wrong)
	require.ErrorContains(t, err, "logLevel is no object")
	require.NoError(t, file.Save())
	assert.Equal(t, written, read(t, path))
}
