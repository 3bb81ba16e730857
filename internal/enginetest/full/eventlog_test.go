package full

import (
	"bytes"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/changeset"
	"github.com/dreamseed/platform/internal/changeset/changesettest"
	"github.com/dreamseed/platform/internal/enginetest/testbed"
)

var updateLogs = flag.Bool("update-event-logs", false, "record the event logs of internal/changeset/changesettest anew")

// recording is a preview of the local stack, of which the event log is a fixture of other tests.
type recording struct {
	// settings are keys with the values that they get.
	settings []string
	// secret settings are encrypted in the stack's file.
	secret []string
	// unset are keys that are removed.
	unset []string
	// protect lists resources, by the end of their URN, that the state protects.
	protect []string
	// kill ends the engine after this many events.
	kill int
}

var recordings = map[string]recording{
	changesettest.Nothing:   {},
	changesettest.Release:   {settings: []string{"dreamseed:services.auth.image", "dreamseed/auth-service:v2"}},
	changesettest.LogLevel:  {settings: []string{"dreamseed:logLevel", "INFO"}},
	changesettest.Replace:   {settings: []string{"dreamseed:cluster.name", "elsewhere"}},
	changesettest.Delete:    {settings: elsewhere},
	changesettest.Unprotect: {protect: []string{"::services-namespace", "::auth-deployment"}},
	changesettest.Protected: {settings: elsewhere, protect: []string{"::monitoring-stack-prometheus-a-claim"}},
	changesettest.Failed:    {settings: []string{"dreamseed:services.auth.image", ""}},
	changesettest.Killed:    {kill: 100},
	changesettest.Secret: {
		unset:  []string{"dreamseed:cluster.existing.kubeconfigPath"},
		secret: []string{"dreamseed:cluster.existing.kubeconfig", "(the kubeconfig)"},
	},
}

// elsewhere takes the platform's own Prometheus away, with its claims.
var elsewhere = []string{
	"dreamseed:monitoring.prometheus", "present", "dreamseed:monitoring.url", "http://prometheus.elsewhere:9090",
}

func TestTheEngineStillWritesTheEventLogsThatOtherTestsRead(t *testing.T) {
	local.AsTracked(t) // a copy of its state during another run would be locked
	for name, what := range recordings {
		t.Run(name, func(t *testing.T) {
			recorded := what.record(t)
			if *updateLogs {
				changesettest.Write(t, name, recorded)
			}
			now, errNow := changeset.Read(bytes.NewReader(recorded), "dreamseed", "local")
			before, errBefore := changeset.Read(changesettest.Open(t, name), "dreamseed", "local")
			assert.Equal(t, errBefore == nil, errNow == nil, "a log that is whole, or one that is not")
			assert.Equal(t, changesettest.Shape(before), changesettest.Shape(now),
				"if the platform differs: go test ./internal/enginetest/full -run %s -update-event-logs", t.Name())
			if errNow == nil && errBefore == nil {
				assert.Equal(t, before.Digest(), now.Digest(), "the same change has the same digest on another day")
			}
		})
	}
}

// record runs the preview with a copy of the state, and returns its event log.
func (r recording) record(t *testing.T) []byte {
	t.Helper()
	state, project := t.TempDir(), t.TempDir()
	require.NoError(t, os.CopyFS(state, os.DirFS(local.Stack.State())))
	require.NoError(t, os.CopyFS(project, os.DirFS(local.Box.Project())))
	backend := []string{"PULUMI_BACKEND_URL=file://" + state + "?metadata=skip", "PULUMI_DEBUG_COMMANDS=true"}
	configure := func(words ...string) {
		command := append([]string{"config", words[0], "--stack", "local", "--path"}, words[1:]...)
		done := local.Pulumi(t, project, backend, command...)
		require.NoError(t, done.Err, done.Output)
	}
	for i := 0; i < len(r.settings); i += 2 {
		configure("set", r.settings[i], r.settings[i+1])
	}
	for _, key := range r.unset {
		configure("rm", key)
	}
	for i := 0; i < len(r.secret); i += 2 {
		configure("set", "--secret", r.secret[i], kubeconfigWithASecret(t))
	}
	for _, name := range r.protect {
		protect(t, project, backend, name)
	}
	log := filepath.Join(t.TempDir(), "events.jsonl")
	if r.kill > 0 {
		killed(t, project, backend, log, r.kill)
	} else {
		local.Pulumi(t, project, backend, "preview", "--stack", "local", "--event-log", log)
	}
	content, err := os.ReadFile(log)
	require.NoError(t, err)
	content = bytes.ReplaceAll(content, []byte(local.Project), []byte("/project"))
	return bytes.ReplaceAll(content, []byte(project), []byte("/project"))
}

// kubeconfigWithASecret returns the kubeconfig with a user whose token may be seen nowhere.
func kubeconfigWithASecret(t *testing.T) string {
	t.Helper()
	content, err := os.ReadFile(local.Stack.Kubeconfig())
	require.NoError(t, err)
	planted := strings.Replace(string(content), "users:\n",
		"users:\n- name: planted\n  user: {token: "+changesettest.PlantedSecret+"}\n", 1)
	require.NotEqual(t, string(content), planted)
	return planted
}

func protect(t *testing.T, project string, backend []string, name string) {
	t.Helper()
	listed := local.Pulumi(t, project, backend, "stack", "--stack", "local", "--show-urns")
	require.NoError(t, listed.Err, listed.Output)
	for line := range strings.Lines(listed.Output) {
		if _, at, found := strings.Cut(line, "URN: "); found && strings.HasSuffix(strings.TrimSpace(at), name) {
			done := local.Pulumi(t, project, backend, "state", "protect", "--stack", "local", "--yes", strings.TrimSpace(at))
			require.NoError(t, done.Err, done.Output)
			return
		}
	}
	require.Fail(t, "there is no resource "+name)
}

// killed runs a preview and kills it with everything that it started once it has written enough events.
func killed(t *testing.T, project string, backend []string, log string, events int) {
	t.Helper()
	command := exec.Command(local.Layout.Binary("pulumi"), "preview", "--stack", "local", "--non-interactive",
		"--event-log", log)
	command.Dir = project
	command.Env = append(local.Shell(), backend...)
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	require.NoError(t, command.Start())
	require.Eventually(t, func() bool {
		content, err := os.ReadFile(log)
		return err == nil && bytes.Count(content, []byte("\n")) > events
	}, testbed.Patience, 1_000_000)
	require.NoError(t, syscall.Kill(-command.Process.Pid, syscall.SIGKILL))
	assert.Error(t, command.Wait())
}
