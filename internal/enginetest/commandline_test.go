package enginetest

import (
	"bytes"
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
)

// run is one run of the dreamseed command line in a stand.
type run struct {
	*exec.Cmd
	output bytes.Buffer
}

// start starts the command line; the test waits for it.
func (s *stand) start(t *testing.T, words ...string) *run {
	t.Helper()
	r := &run{Cmd: exec.CommandContext(t.Context(), filepath.Join(s.project, "dreamseed"),
		append([]string{"sandbox"}, words...)...)}
	r.Dir, r.Stdout, r.Stderr = s.project, &r.output, &r.output
	require.NoError(t, r.Start())
	return r
}

// exitCode waits for the end.
func (r *run) exitCode() int {
	_ = r.Wait() // the code says it
	return r.ProcessState.ExitCode()
}

func TestInterruptLeavesNothingRunningAndTheNextUpWorks(t *testing.T) {
	box := newTestStand(t)
	moments := map[string]struct {
		reached func() bool
		reason  string
	}{
		"control plane starts": {box.etcdLogs, "nothing answers yet"},
		"engine deploys":       {box.hasNamespace, "objects exist, the engine holds its lock"},
	}
	for _, name := range []string{"control plane starts", "engine deploys"} {
		t.Run(name, func(t *testing.T) {
			up := box.start(t, "up")
			require.Eventually(t, moments[name].reached, time.Minute, 10*time.Millisecond, moments[name].reason)
			require.NoError(t, up.Process.Signal(os.Interrupt))

			assert.Equal(t, 130, up.exitCode(), up.output.String())
			assert.Empty(t, box.processes(t), "nothing is left running")
		})
	}

	up := box.start(t, "up")
	assert.Zero(t, up.exitCode(), up.output.String())
	down := box.start(t, "down")
	assert.Zero(t, down.exitCode(), down.output.String())
	assert.Empty(t, box.processes(t), "down leaves nothing running")
}

func TestSecondRunAtOnceIsRefused(t *testing.T) {
	shared.up(t, asTracked)
	shared.configure(t, func(c configuration) { service(c, "auth")["image"] = "dreamseed/auth-service:other" })
	first := shared.start(t, "up")
	require.Eventually(t, func() bool {
		_, err := os.Stat(filepath.Join(shared.stack.Processes(), "engine.json"))
		return err == nil
	}, time.Minute, 10*time.Millisecond, "the first run is at work")

	second := shared.start(t, "up")

	assert.Equal(t, 4, second.exitCode(), second.output.String())
	assert.Contains(t, second.output.String(), "another run is at work")
	assert.Zero(t, first.exitCode(), first.output.String())
}

func TestKilledComponentIsNamedAndStartedAgain(t *testing.T) {
	shared.up(t, asTracked)
	status, err := shared.box.Status(t.Context())
	require.NoError(t, err)
	for _, component := range status.Components {
		if component.Name == "kube-scheduler" {
			require.NoError(t, syscall.Kill(component.PID, syscall.SIGKILL))
		}
	}

	broken := shared.start(t, "status")

	assert.Equal(t, 3, broken.exitCode())
	for line := range strings.Lines(broken.output.String()) {
		if strings.Contains(line, "│ ") && strings.Contains(line, "died") {
			assert.Contains(t, line, "kube-scheduler")
		}
	}
	assert.Contains(t, broken.output.String(), "died")

	shared.up(t, asTracked)
	healthy := shared.start(t, "status")
	assert.Zero(t, healthy.exitCode(), healthy.output.String())
}

func TestWrongInputChangesNothing(t *testing.T) {
	box := newTestStand(t)
	cases := map[string]struct {
		words  []string
		change func(configuration)
		says   []string
		reason string
	}{
		"several mistakes": {
			words: []string{"up"},
			change: func(c configuration) {
				c["dreamseed:logLevl"] = "INFO"
				service(c, "auth")["resources"] = "three"
				delete(c, "dreamseed:environment")
			},
			says:   []string{"dreamseed:logLevl", "dreamseed:services.auth.resources", "dreamseed:environment"},
			reason: "all mistakes are reported together",
		},
		"quota too small": {
			words: []string{"up"},
			change: func(c configuration) {
				c["dreamseed:quotas"] = map[string]any{"services": map[string]any{"pods": 5}}
			},
			says:   []string{"dreamseed:quotas.services.pods", "5", "at least"},
			reason: "a quota has room for the peak",
		},
		"unknown stack": {
			words: []string{"up", "--stack", "nowhere"}, change: asTracked, says: []string{"nowhere", "local"},
		},
		"unknown flag":     {words: []string{"up", "--stak", "local"}, change: asTracked, says: []string{"--stak"}},
		"unknown argument": {words: []string{"up", "local"}, change: asTracked, says: []string{"local"}},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			box.configure(t, tt.change)

			refused := box.start(t, tt.words...)

			assert.Equal(t, 2, refused.exitCode(), tt.reason)
			for _, word := range tt.says {
				assert.Contains(t, refused.output.String(), word)
			}
			assert.Empty(t, box.processes(t))
			assert.NoDirExists(t, box.stack.Dir, "nothing was even prepared")
		})
	}
}

func TestPreviewWithoutASandboxSaysWhatToDo(t *testing.T) {
	preview := newTestStand(t).start(t, "preview")

	assert.Equal(t, 3, preview.exitCode())
	assert.Contains(t, preview.output.String(), "sandbox up")
}

func newTestStand(t *testing.T) *stand {
	t.Helper()
	box, err := newStand(t.TempDir(), "local")
	require.NoError(t, err)
	t.Cleanup(func() {
		down := exec.Command(filepath.Join(box.project, "dreamseed"), "sandbox", "down")
		down.Dir = box.project
		printed, err := down.CombinedOutput()
		assert.NoError(t, err, string(printed))
	})
	return box
}

func (s *stand) etcdLogs() bool {
	_, err := os.Stat(filepath.Join(s.stack.Logs(), "etcd.log"))
	return err == nil
}

func (s *stand) hasNamespace() bool {
	printed, err := exec.Command(s.layout.Binary("kubectl"), "--kubeconfig", s.stack.Kubeconfig(),
		"get", "namespace", namespace).CombinedOutput()
	return err == nil && len(printed) > 0
}

// processes lists what runs for this stand: every process that has the stand's folder among its words.
func (s *stand) processes(t *testing.T) []string {
	t.Helper()
	all, err := process.Processes()
	require.NoError(t, err)
	var found []string
	for _, one := range all {
		words, err := one.Cmdline()
		if err == nil && strings.Contains(words, s.project) {
			found = append(found, words)
		}
	}
	return found
}
