package enginetest

import (
	"crypto/rand"
	"encoding/base64"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/leak"
)

// Every source of secrets gets a value to search for: the configuration, the kubeconfig, the secret manager, and the
// operator's generator.
func TestNoSecretIsFoundWhereNoneBelongs(t *testing.T) {
	changing.Deployed(t)
	folder, secrets := changing.projectWithSecrets(t)
	t.Run("none is found", func(t *testing.T) {
		places := changing.searched(t, folder)

		assert.Empty(t, leak.Find(secrets, places))
		assert.Len(t, places, len(placesOfLeaks), "the control: every place was looked at")
		for place, content := range places {
			assert.NotEmpty(t, content, "the control: there is something in %s", place)
		}
	})
	t.Run("the control: a leak is found in every place", func(t *testing.T) {
		planted := secrets["a secret of the configuration"]
		// A program that treats a secret as plain text would cause these leaks.
		changing.setByHand(t, folder, "dreamseed:services.auth.config.LEAK", planted)
		changing.plantInPods(t, planted)
		changing.plantInLogs(t, planted)
		changing.plantInCommandLines(t, planted)

		found := strings.Join(leak.Find(leak.Secrets{"it": planted}, changing.searched(t, folder)), "\n")

		for _, place := range placesOfLeaks {
			assert.Contains(t, found, place+" holds it")
		}
	})
}

// placesOfLeaks are the places where people and programs look.
var placesOfLeaks = []string{
	"the state", "the state's backups", "the state's history", "the engine's log at level 8", "the event stream",
	"preview --diff", "the config maps", "the pods", "annotations", "the sandbox's logs", "command lines",
	"other objects", "the sandbox's other files",
}

// projectWithSecrets returns a person's project with a secret in its configuration, and the secret values on the
// testbed.
func (s *subject) projectWithSecrets(t *testing.T) (string, leak.Secrets) {
	t.Helper()
	folder := t.TempDir()
	require.NoError(t, os.CopyFS(folder, os.DirFS(s.Box.Project())))
	canary := rand.Text()
	s.setByHand(t, folder, "dreamseed:cluster.existing.kubeconfigPath", "")
	s.setSecretByHand(t, folder, "dreamseed:cluster.existing.kubeconfig", "# "+canary+"\n"+s.kubeconfig(t))
	return folder, leak.Secrets{
		"a secret of the configuration": canary,
		"the kubeconfig":                s.clientKey(t),
		"a generated password":          s.GeneratedPassword(t),
		"a value of the manager":        s.SecretValue(t, "secret-manager", "dreamseed-local-payment-database-url", "value"),
	}
}

// clientKey returns the private key in the kubeconfig.
func (s *subject) clientKey(t *testing.T) string {
	t.Helper()
	encoded := s.Kubectl(t, "config", "view", "--raw", "--output=jsonpath={.users[0].user.client-key-data}")
	key, err := base64.StdEncoding.DecodeString(encoded)
	require.NoError(t, err)
	require.Contains(t, string(key), "PRIVATE KEY")
	return string(key)
}

func (s *subject) setByHand(t *testing.T, folder, key, value string) {
	t.Helper()
	set := s.Pulumi(t, folder, nil, "config", "set", "--stack", s.Stack.Name, "--path", key, value)
	require.NoError(t, set.Err, set.Output)
}

// setSecretByHand passes the value on standard input, so that no list of processes shows it.
func (s *subject) setSecretByHand(t *testing.T, folder, key, value string) {
	t.Helper()
	set := s.PulumiReading(t, folder, value, "config", "set", "--stack", s.Stack.Name, "--path", "--secret", key)
	require.NoError(t, set.Err, set.Output)
}

// searched deploys the project by hand, with the highest allowed log level, and collects all readable output and files.
func (s *subject) searched(t *testing.T, folder string) map[string]string {
	t.Helper()
	events := filepath.Join(t.TempDir(), "events")
	lines := s.commandLines(t)
	preview := s.Pulumi(t, folder, nil, "preview", "--stack", s.Stack.Name, "--diff", "--refresh")
	require.NoError(t, preview.Err, preview.Output)
	up := s.Pulumi(t, folder, []string{"PULUMI_DEBUG_COMMANDS=true"}, "up", "--stack", s.Stack.Name, "--yes",
		"--skip-preview", "--diff", "--logtostderr", "-v=8", "--event-log", events)
	running := lines()
	require.NoError(t, up.Err, up.Output)
	streamed, err := os.ReadFile(events)
	require.NoError(t, err)
	places := map[string]string{
		"the engine's log at level 8": up.Output,
		"the event stream":            string(streamed),
		"preview --diff":              preview.Output,
		"command lines":               running,
	}
	maps.Copy(places, s.ObjectsSearched(t))
	maps.Copy(places, s.FilesSearched(t))
	return places
}

// commandLines watches the processes of the sandbox until the returned function is called, which returns the command
// lines that it saw.
func (s *subject) commandLines(t *testing.T) func() string {
	t.Helper()
	seen, stop := map[string]bool{}, make(chan struct{})
	var watching sync.WaitGroup
	watching.Go(func() {
		for {
			for _, line := range processesOf(t, s.Stack.Dir) {
				seen[line] = true
			}
			select {
			case <-stop:
				return
			case <-time.After(100 * time.Millisecond):
			}
		}
	})
	return func() string {
		close(stop)
		watching.Wait()
		return strings.Join(slices.Collect(maps.Keys(seen)), "\n")
	}
}

func (s *subject) plantInPods(t *testing.T, planted string) {
	t.Helper()
	s.With(t, "pod/leaking", fmt.Sprintf(`{"apiVersion": "v1", "kind": "Pod",
		"metadata": {"name": "leaking", "annotations": {"leak": %q}},
		"spec": {"securityContext": {"runAsNonRoot": true, "seccompProfile": {"type": "RuntimeDefault"}},
			"containers": [{"name": "leaking", "image": "leaking", "env": [{"name": "LEAK", "value": %q}],
				"securityContext": {"allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}}}]}}`,
		planted, planted))
	s.With(t, "service/leaking", fmt.Sprintf(`{"apiVersion": "v1", "kind": "Service",
		"metadata": {"name": "leaking", "labels": {"leak": %q}}, "spec": {"ports": [{"port": 80}]}}`, planted))
}

func (s *subject) plantInLogs(t *testing.T, planted string) {
	t.Helper()
	for _, file := range []string{filepath.Join(s.Stack.Logs(), "leaking.log"), filepath.Join(s.Stack.Dir, "leaking")} {
		require.NoError(t, os.WriteFile(file, []byte("said "+planted), 0o600))
		t.Cleanup(func() { assert.NoError(t, os.Remove(file)) })
	}
}

// plantInCommandLines runs a program of the sandbox with the secret in its arguments.
func (s *subject) plantInCommandLines(t *testing.T, planted string) {
	t.Helper()
	leaking := exec.CommandContext(t.Context(), s.Layout.Binary("kubectl"), "--kubeconfig", s.Stack.Kubeconfig(),
		"get", "pods", "--namespace", s.Namespace(), "--watch", "--field-selector", "metadata.name="+strings.ToLower(planted),
		"--selector", "leak="+planted)
	require.NoError(t, leaking.Start())
	t.Cleanup(func() {
		_ = leaking.Process.Kill() // it would watch forever
		_ = leaking.Wait()
	})
}
