package components

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/gofrs/flock"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/sandbox/layout"
)

const inTime = 20 * time.Second

// fakeGo stands in for the Go command: it records its arguments, compiles two packages instantly, and lists three. It
// puts a program of this repository into a folder under the last element of its package.
const fakeGo = `#!/bin/sh
echo "$@" >> "$NOTES"
case "$1" in
list) echo one; echo two; echo three;;
mod) echo "{\"Dir\": \"$MODULE\"}";;
build)
	[ -e "$BLOCK" ] && { echo $$ > "$NOTES.pid"; sleep 60 & echo $! > "$NOTES.child"; wait; }
	[ -e "$BROKEN" ] && { echo "main.go:1: broken" >&2; exit 1; }
	echo one >&2; echo two >&2
	while [ "$1" != -o ]; do shift; done
	case "$2" in
	*/) mkdir -p "$2"; [ -e "$2/tool" ] || echo tool > "$2/tool";;
	*) echo built > "$2";;
	esac;;
esac
`

type project struct {
	*builder
	dir string
	out *bytes.Buffer
}

func newProject(t *testing.T) project {
	t.Helper()
	dir := t.TempDir()
	p := project{dir: dir, out: &bytes.Buffer{}}
	p.write(t, "go", fakeGo)
	require.NoError(t, os.Chmod(filepath.Join(dir, "go"), 0o700))
	p.write(t, "tools/x/go.mod", "module x\n\nrequire example.com/server v1.33.4 // indirect\n")
	p.write(t, "tools/x/go.sum", "sum\n")
	p.write(t, "tools/x/own/main.go", "package main\n")
	p.write(t, "module/stage.yaml", "stage\n")
	p.write(t, "module/schema.json", "{}\n")
	for name, path := range map[string]string{
		"NOTES": ".notes", "BLOCK": "block", "BROKEN": "broken", "MODULE": "module",
	} {
		t.Setenv(name, filepath.Join(dir, path))
	}
	p.builder = &builder{
		layout: layout.Default(dir), goCommand: filepath.Join(dir, "go"), out: p.out,
		components: []Component{
			{
				Name: "server", Module: "tools/x", Package: "example.com/server/cmd",
				Version:   Requirement{"tools/x", "example.com/server"},
				Variables: []string{"v.gitVersion={version}", "v.major={major}", "v.minor={minor}"},
				Assets:    Files{"example.com/server", []string{"stage.yaml"}}, Place: layout.Stages,
			},
			{
				Name: "provider", Module: "tools/x", Package: "./own",
				Overlay: Files{"example.com/server", []string{"schema.json"}},
			},
			{Name: "published", Module: rootModule, Package: "./cmd/tool"},
		},
	}
	return p
}

func (p project) write(t *testing.T, path, content string) {
	t.Helper()
	path = filepath.Join(p.dir, path)
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
	require.NoError(t, os.WriteFile(path, []byte(content), 0o600))
}

// run builds, and returns the calls of the Go command that it took.
func (p project) run(t *testing.T) []string {
	t.Helper()
	p.out.Reset()
	require.NoError(t, os.RemoveAll(filepath.Join(p.dir, ".notes")))
	require.NoError(t, p.locked(context.Background(), p.build))
	notes, err := os.ReadFile(filepath.Join(p.dir, ".notes"))
	if !os.IsNotExist(err) {
		require.NoError(t, err)
	}
	return strings.Split(strings.TrimSpace(string(notes)), "\n")
}

func contains(calls []string, parts ...string) bool {
	return slices.ContainsFunc(calls, func(call string) bool {
		return !slices.ContainsFunc(parts, func(part string) bool { return !strings.Contains(call, part) })
	})
}

func TestAFirstBuildBuildsEverything(t *testing.T) {
	p := newProject(t)
	calls := p.run(t)
	assert.True(t, contains(calls, "build",
		"-s -w -X v.gitVersion=v1.33.4 -X v.major=1 -X v.minor=33", "example.com/server/cmd"), "%q", calls)
	assert.True(t, contains(calls, "build", "-overlay", "./own"), "%q", calls)
	for _, name := range []string{"server", "provider", "published"} {
		assert.FileExists(t, p.layout.Binary(name))
	}
	assert.FileExists(t, filepath.Join(p.layout.Stages(), "stage.yaml"))
	assert.Contains(t, p.out.String(), "building server (1/3)\n")
	assert.Contains(t, p.out.String(), "built server in 0s\n")
}

func TestAWarmBuildDoesNotAskTheGoCommand(t *testing.T) {
	p := newProject(t)
	p.run(t)
	assert.Equal(t, []string{""}, p.run(t))
}

func TestOnlyWhatAChangeConcernsIsBuiltAgain(t *testing.T) {
	tests := map[string]struct {
		reason           string
		change           func(t *testing.T, p project)
		server, provider bool
	}{
		"pin": {"another version of a module", func(t *testing.T, p project) {
			t.Helper()
			p.write(t, "tools/x/go.mod", "module x\n\nrequire example.com/server v1.34.0\n")
		}, true, true},
		"sums": {"another content of a module", func(t *testing.T, p project) {
			t.Helper()
			p.write(t, "tools/x/go.sum", "other\n")
		}, true, true},
		"own source": {"it is compiled into that one only", func(t *testing.T, p project) {
			t.Helper()
			p.write(t, "tools/x/own/main.go", "package main // changed\n")
		}, false, true},
		"package": {"the table says something else", func(_ *testing.T, p project) {
			p.components[0].Package = "example.com/server/other"
		}, true, false},
		"binary": {"somebody deleted it", func(t *testing.T, p project) {
			t.Helper()
			require.NoError(t, os.Remove(p.layout.Binary("server")))
		}, true, false},
		"stamp": {"nothing vouches for the binary", func(t *testing.T, p project) {
			t.Helper()
			require.NoError(t, os.Remove(p.layout.Binary("provider.stamp")))
		}, false, true},
		"asset": {"kwok would lack a stage", func(t *testing.T, p project) {
			t.Helper()
			require.NoError(t, os.RemoveAll(p.layout.Stages()))
		}, true, false},
		"nothing": {"a file beside them is none of theirs", func(t *testing.T, p project) {
			t.Helper()
			p.write(t, "tools/x/README.md", "x")
		}, false, false},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			p := newProject(t)
			p.run(t)
			test.change(t, p)
			calls := p.run(t)
			assert.Equal(t, test.server, contains(calls, "build", "example.com/server"), test.reason)
			assert.Equal(t, test.provider, contains(calls, "build", "./own"), test.reason)
		})
	}
}

func TestAnUnchangedOwnProgramIsLeftInPlace(t *testing.T) {
	p := newProject(t)
	p.run(t)
	before, err := os.Stat(p.layout.Binary("published"))
	require.NoError(t, err)
	p.run(t)
	after, err := os.Stat(p.layout.Binary("published"))
	require.NoError(t, err)
	assert.True(t, os.SameFile(before, after))

	// The Go command links anew, and the result is the same: nothing that runs may be started anew for it.
	require.NoError(t, os.Chtimes(filepath.Join(p.layout.Bin, ownFolder, "tool"), time.Now(), time.Now().Add(time.Minute)))
	p.write(t, "cmd/tool/main.go", "package main // another comment\n")
	p.run(t)
	after, err = os.Stat(p.layout.Binary("published"))
	require.NoError(t, err)
	assert.True(t, os.SameFile(before, after))

	require.NoError(t, os.WriteFile(filepath.Join(p.layout.Bin, ownFolder, "tool"), []byte("another\n"), 0o700))
	p.write(t, "cmd/tool/main.go", "package main // changed\n")
	p.run(t)
	published, err := os.ReadFile(p.layout.Binary("published"))
	require.NoError(t, err)
	assert.Equal(t, "another\n", string(published))
}

func TestAFailedBuildShowsTheCompilerAndKeepsWhatWasThere(t *testing.T) {
	p := newProject(t)
	p.run(t)
	p.write(t, "broken", "")
	p.write(t, "tools/x/go.sum", "other\n")

	err := p.locked(context.Background(), p.build)

	require.ErrorContains(t, err, "building server: go build: exit status 1")
	require.ErrorContains(t, err, "main.go:1: broken")
	assert.FileExists(t, p.layout.Binary("server"))
	left, err := filepath.Glob(filepath.Join(p.layout.Bin, workPrefix+"*"))
	require.NoError(t, err)
	assert.Empty(t, left)

	require.NoError(t, os.Remove(filepath.Join(p.dir, "broken")))
	assert.True(t, contains(p.run(t), "build", "example.com/server"), "the next build tries it again")
}

func TestACancelledBuildLeavesNothingRunning(t *testing.T) {
	p := newProject(t)
	p.write(t, "block", "")
	ctx, cancel := context.WithCancel(context.Background())
	done := make(chan error, 1)
	go func() { done <- p.locked(ctx, p.build) }()
	child := pidIn(t, filepath.Join(p.dir, ".notes.child"))
	cancel()

	require.ErrorIs(t, <-done, context.Canceled)
	assert.Eventually(t, func() bool { return gone(child) }, inTime, 10*time.Millisecond,
		"the compilers that the Go command started end with it")
	assert.NoFileExists(t, p.layout.Binary("server"))
}

func pidIn(t *testing.T, path string) int {
	t.Helper()
	var pid int
	require.Eventually(t, func() bool {
		data, err := os.ReadFile(path)
		if err != nil {
			return false
		}
		pid, err = strconv.Atoi(strings.TrimSpace(string(data)))
		return err == nil
	}, inTime, 10*time.Millisecond)
	return pid
}

// gone reports whether a process has ended. A killed orphan may stay a zombie if nobody waits for it.
func gone(pid int) bool {
	if syscall.Kill(pid, 0) != nil {
		return true
	}
	status, err := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "stat"))
	return err == nil && strings.Contains(string(status), ") Z ")
}

func TestTwoBuildsWaitForEachOther(t *testing.T) {
	p := newProject(t)
	require.NoError(t, os.MkdirAll(p.layout.Bin, 0o700))
	other := flock.New(filepath.Join(p.layout.Bin, lockFile))
	require.NoError(t, other.Lock())

	ctx, cancel := context.WithTimeout(context.Background(), 50*time.Millisecond)
	defer cancel()
	err := p.locked(ctx, func(context.Context) error { return assert.AnError })
	require.ErrorIs(t, err, context.DeadlineExceeded, "not before the other is done")
	assert.Contains(t, p.out.String(), "waiting for another build")

	require.NoError(t, other.Unlock())
	err = p.locked(context.Background(), func(context.Context) error { return assert.AnError })
	assert.ErrorIs(t, err, assert.AnError)
}

func TestLeftoversOfAKilledBuildAreRemoved(t *testing.T) {
	p := newProject(t)
	left := filepath.Join(p.layout.Bin, workPrefix+"1")
	require.NoError(t, os.MkdirAll(left, 0o700))
	p.run(t)
	assert.NoDirExists(t, left)
}

func TestAMissingGoSaysWhatToInstall(t *testing.T) {
	p := newProject(t)
	p.goCommand = "dreamseed-test-absent-go"
	assert.ErrorContains(t, p.locked(context.Background(), p.build), "install Go")
}

func TestAFailureSaysWhatToDo(t *testing.T) {
	tests := map[string]struct{ said, do string }{
		"no network": {`Get "https://modules.example.com/x": dial tcp: lookup modules.example.com: no such host`, "GOPROXY"},
		"no disk":    {"write /tmp/x: no space left on device", "go clean -cache"},
		"no memory":  {"compile: signal: killed", "GOFLAGS=-p=1"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			err := failure("build", assert.AnError, test.said)
			require.ErrorIs(t, err, assert.AnError)
			require.ErrorContains(t, err, test.said)
			assert.ErrorContains(t, err, test.do)
		})
	}
}

func TestProgressCounts(t *testing.T) {
	p := newProgress(&bytes.Buffer{}, "kube-apiserver", "1/10")
	p.line("go: downloading k8s.io/api v0.33.4")
	assert.Equal(t, "downloaded 1 modules", p.far())
	p.expect(1450)
	for range 412 {
		p.line("k8s.io/api/core/v1")
	}
	p.line("# k8s.io/api/core/v1")
	p.line("main.go:1: unused")
	assert.Equal(t, "compiled 412 of at most 1,450 packages", p.far())
	p.done()
	assert.Equal(t, "1,234,567", thousands(1234567))
}

// root returns the project that contains these tests.
func root(t *testing.T) string {
	t.Helper()
	at, err := filepath.Abs("../../..")
	require.NoError(t, err)
	return at
}
