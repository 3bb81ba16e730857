package engine

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/sandbox/layout"
)

// fixture is an engine on a stack called "local", with a shell script in place of pulumi.
type fixture struct {
	*Engine
	t *testing.T
}

const trackedProject = `name: dreamseed
runtime: go
main: ./elsewhere
stackConfigDir: ./elsewhere
backend:
  url: https://api.pulumi.com
config:
  dreamseed:environment:
    type: string
    default: local
`

const trackedStack = `config:
  # why this is so
  dreamseed:cluster:
    builder: existing
    context: somewhere
`

// newFixture creates folders, tracked files, and a pulumi that records its arguments and then runs the script.
func newFixture(t *testing.T, script string) fixture {
	t.Helper()
	root := t.TempDir()
	l := layout.Layout{
		Project: filepath.Join(root, "project"), Bin: filepath.Join(root, "bin"), Stacks: filepath.Join(root, "stacks"),
	}
	f := fixture{Engine: New(l, l.Stack("local")), t: t}
	f.write(filepath.Join(l.Project, "Pulumi.yaml"), trackedProject)
	f.write(filepath.Join(l.Project, "Pulumi.local.yaml"), trackedStack)
	f.write(f.program(), "")
	f.write(l.Binary("pulumi"), "#!/bin/sh\necho \"$@\" >> "+f.calledFile()+"\n"+script+"\n")
	require.NoError(t, os.Chmod(l.Binary("pulumi"), 0o700))
	require.NoError(t, os.MkdirAll(f.stack.Processes(), 0o700))
	require.NoError(t, os.MkdirAll(f.stack.State(), 0o700))
	return f
}

func (f fixture) program() string    { return filepath.Join(f.layout.Bin, "program") }
func (f fixture) calledFile() string { return filepath.Join(f.layout.Project, "called") }

// called returns the command lines of pulumi.
func (f fixture) called() []string {
	f.t.Helper()
	content, err := os.ReadFile(f.calledFile())
	if os.IsNotExist(err) {
		return nil
	}
	require.NoError(f.t, err)
	return strings.Split(strings.TrimSpace(string(content)), "\n")
}

func (f fixture) write(path, content string) {
	f.t.Helper()
	require.NoError(f.t, os.MkdirAll(filepath.Dir(path), 0o700))
	require.NoError(f.t, os.WriteFile(path, []byte(content), 0o600))
}

func (f fixture) read(path string) string {
	f.t.Helper()
	content, err := os.ReadFile(path)
	require.NoError(f.t, err)
	return string(content)
}
