package enginetest

import (
	"bytes"
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/shirou/gopsutil/v4/process"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/enginetest/testbed"
)

// run is one run of the dreamseed command line in a testbed.
type run struct {
	*exec.Cmd
	output bytes.Buffer
}

// run starts a command on the testbed's stack.
func (s *subject) run(t *testing.T, command string) *run {
	t.Helper()
	return s.start(t, command, "--stack", s.Stack.Name)
}

// start starts the command line; the test waits for it.
func (s *subject) start(t *testing.T, words ...string) *run {
	t.Helper()
	r := &run{Cmd: exec.CommandContext(t.Context(), filepath.Join(s.Project, "dreamseed"),
		append([]string{"sandbox"}, words...)...)}
	r.Dir, r.Stdout, r.Stderr = s.Project, &r.output, &r.output
	require.NoError(t, r.Start())
	return r
}

// exitCode waits for the end and returns the exit code.
func (r *run) exitCode() int {
	_ = r.Wait() // the exit code has the result
	return r.ProcessState.ExitCode()
}

func TestInterruptLeavesNothingRunningAndTheNextUpWorks(t *testing.T) {
	box := newTestbed(t, "local-interrupted")
	moments := map[string]struct {
		reached func() bool
		reason  string
	}{
		"control plane starts": {box.etcdLogs, "nothing answers yet"},
		"engine deploys":       {box.hasNamespace, "objects exist, the engine holds its lock"},
	}
	for _, name := range []string{"control plane starts", "engine deploys"} {
		t.Run(name, func(t *testing.T) {
			up := box.run(t, "up")
			require.Eventually(t, moments[name].reached, testbed.Patience, 10*time.Millisecond, moments[name].reason)
			require.NoError(t, up.Process.Signal(os.Interrupt))

			assert.Equal(t, 130, up.exitCode(), up.output.String())
			assert.Empty(t, processesOf(t, box.Stack.Dir), "nothing is left running")
		})
	}

	up := box.run(t, "up")
	assert.Zero(t, up.exitCode(), up.output.String())
	t.Run("its files are the owner's alone", box.hasPrivateFiles)
	down := box.run(t, "down")
	assert.Zero(t, down.exitCode(), down.output.String())
	assert.Empty(t, processesOf(t, box.Stack.Dir), "down leaves nothing running")
}

func TestSecondRunAtOnceIsRefused(t *testing.T) {
	changing.AsTracked(t)
	changing.Configure(t, authImage("other"))
	first := changing.run(t, "up")
	require.Eventually(t, func() bool {
		_, err := os.Stat(filepath.Join(changing.Stack.Processes(), "engine.json"))
		return err == nil
	}, testbed.Patience, 10*time.Millisecond, "the first run is at work")

	second := changing.run(t, "up")

	assert.Equal(t, 4, second.exitCode(), second.output.String())
	assert.Contains(t, second.output.String(), "another run is at work")
	assert.Zero(t, first.exitCode(), first.output.String())
}

func TestKilledComponentIsNamedAndStartedAgain(t *testing.T) {
	failing.AsTracked(t)
	status, err := failing.Box.Status(t.Context())
	require.NoError(t, err)
	for _, component := range status.Components {
		if component.Name == "kube-scheduler" {
			require.NoError(t, syscall.Kill(component.PID, syscall.SIGKILL))
		}
	}

	broken := failing.run(t, "status")

	assert.Equal(t, 3, broken.exitCode())
	for line := range strings.Lines(broken.output.String()) {
		if strings.Contains(line, "│ ") && strings.Contains(line, "died") {
			assert.Contains(t, line, "kube-scheduler")
		}
	}
	assert.Contains(t, broken.output.String(), "died")

	failing.Up(t, testbed.Tracked)
	healthy := failing.run(t, "status")
	assert.Zero(t, healthy.exitCode(), healthy.output.String())
}

func TestWrongInputChangesNothing(t *testing.T) {
	box := newTestProject(t)
	cases := map[string]struct {
		words  []string
		change func(testbed.Configuration)
		says   []string
		reason string
	}{
		"several mistakes": {
			words: []string{"up"},
			change: func(c testbed.Configuration) {
				c["dreamseed:logLevl"] = "INFO"
				testbed.Service(c, "auth")["resources"] = "three"
				delete(c, "dreamseed:environment")
			},
			says:   []string{"dreamseed:logLevl", "dreamseed:services.auth.resources", "dreamseed:environment"},
			reason: "all mistakes are reported together",
		},
		"quota too small": {
			words: []string{"up"},
			change: func(c testbed.Configuration) {
				c["dreamseed:quotas"] = map[string]any{"services": map[string]any{"pods": 5}}
			},
			says:   []string{"dreamseed:quotas.services.pods", "5", "at least"},
			reason: "a quota has room for the peak",
		},
		"unknown stack": {
			words: []string{"up", "--stack", "nowhere"}, change: testbed.Tracked, says: []string{"nowhere", "local"},
		},
		"unknown flag":     {words: []string{"up", "--stak", "local"}, change: testbed.Tracked, says: []string{"--stak"}},
		"unknown argument": {words: []string{"up", "local"}, change: testbed.Tracked, says: []string{"local"}},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			box.Configure(t, tt.change)

			refused := box.start(t, tt.words...)

			assert.Equal(t, 2, refused.exitCode(), tt.reason)
			for _, word := range tt.says {
				assert.Contains(t, refused.output.String(), word)
			}
			assert.Empty(t, processesOf(t, box.Project))
			assert.NoDirExists(t, box.Stack.Dir, "nothing was even prepared")
		})
	}
}

func TestPreviewWithoutASandboxSaysWhatToDo(t *testing.T) {
	preview := newTestProject(t).start(t, "preview")

	assert.Equal(t, 3, preview.exitCode())
	assert.Contains(t, preview.output.String(), "sandbox up")
}

// newTestbed returns a testbed that no other test uses, without a sandbox yet.
func newTestbed(t *testing.T, stack string) *subject {
	t.Helper()
	box := opened(stack)
	box.Taken(t)
	box.Configure(t, testbed.Tracked)
	t.Cleanup(func() {
		assert.NoError(t, box.Box.Down(context.WithoutCancel(t.Context())))
		assert.NoError(t, os.RemoveAll(box.Stack.Dir))
	})
	return box
}

// newTestProject returns a copy of the project for a test that neither builds nor starts anything.
func newTestProject(t *testing.T) *subject {
	t.Helper()
	box, err := testbed.New(t.TempDir(), "local")
	require.NoError(t, err)
	return &subject{box.Taken(t)}
}

func (s *subject) etcdLogs() bool {
	_, err := os.Stat(filepath.Join(s.Stack.Logs(), "etcd.log"))
	return err == nil
}

func (s *subject) hasNamespace() bool {
	printed, err := exec.Command(s.Layout.Binary("kubectl"), "--kubeconfig", s.Stack.Kubeconfig(),
		"get", "namespace", namespace).CombinedOutput()
	return err == nil && len(printed) > 0
}

// processesOf lists the processes of a folder: those with a path below it in their arguments or environment.
func processesOf(t *testing.T, folder string) []string {
	t.Helper()
	all, err := process.Processes()
	require.NoError(t, err)
	var found []string
	for _, one := range all {
		words, err := one.Cmdline()
		if err != nil {
			continue // it has ended
		}
		environment, _ := one.Environ() // the environment of other users' processes is not readable, and none of them is ours
		if strings.Contains(words+strings.Join(environment, " "), folder+string(filepath.Separator)) {
			found = append(found, words)
		}
	}
	return found
}
