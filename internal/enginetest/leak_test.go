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

// Everything that a secret enters by is given a value to search for: the configuration, the kubeconfig, the secret
// manager, and the operator's generator.
func TestNoSecretIsFoundWhereNoneBelongs(t *testing.T) {
	changing.asTracked(t)
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
		// What a program that treats a secret as plain text leads to.
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

// placesOfLeaks are where people and programs look.
var placesOfLeaks = []string{
	"the state", "the state's backups", "the state's history", "the engine's log at level 8", "the event stream",
	"preview --diff", "the config maps", "the pods", "annotations", "the sandbox's logs", "command lines",
	"other objects", "the sandbox's other files",
}

// projectWithSecrets is a project of a person, with a configuration that has a secret in it, and the values that are
// secret on the stand.
func (s *stand) projectWithSecrets(t *testing.T) (string, leak.Secrets) {
	t.Helper()
	folder := t.TempDir()
	require.NoError(t, os.CopyFS(folder, os.DirFS(s.box.Project())))
	canary := rand.Text()
	s.setByHand(t, folder, "dreamseed:cluster.existing.kubeconfigPath", "")
	s.setSecretByHand(t, folder, "dreamseed:cluster.existing.kubeconfig", "# "+canary+"\n"+s.kubeconfig(t))
	return folder, leak.Secrets{
		"a secret of the configuration": canary,
		"the kubeconfig":                s.clientKey(t),
		"a generated password":          s.generatedPassword(t),
		"a value of the manager":        s.secretValue(t, "secret-manager", "dreamseed-local-payment-database-url", "value"),
	}
}

// clientKey is the private key in the kubeconfig.
func (s *stand) clientKey(t *testing.T) string {
	t.Helper()
	encoded := s.kubectl(t, "config", "view", "--raw", "--output=jsonpath={.users[0].user.client-key-data}")
	key, err := base64.StdEncoding.DecodeString(encoded)
	require.NoError(t, err)
	require.Contains(t, string(key), "PRIVATE KEY")
	return string(key)
}

func (s *stand) generatedPassword(t *testing.T) string {
	t.Helper()
	return s.secretValue(t, s.namespace(), "auth-service-token-signing-key", "TOKEN_SIGNING_KEY")
}

func (s *stand) secretValue(t *testing.T, namespace, name, key string) string {
	t.Helper()
	for _, secret := range s.list(t, "secrets", "--namespace", namespace, "--field-selector", "metadata.name="+name) {
		value, err := base64.StdEncoding.DecodeString(secret.Data[key])
		require.NoError(t, err)
		require.NotEmpty(t, value)
		return string(value)
	}
	require.Fail(t, "no secret", "%s/%s", namespace, name)
	return ""
}

func (s *stand) setByHand(t *testing.T, folder, key, value string) {
	t.Helper()
	set := s.pulumi(t, folder, nil, "config", "set", "--stack", s.stack.Name, "--path", key, value)
	require.NoError(t, set.err, set.output)
}

// setSecretByHand hands the value over where no list of processes shows it.
func (s *stand) setSecretByHand(t *testing.T, folder, key, value string) {
	t.Helper()
	set := s.pulumiReading(t, folder, value, "config", "set", "--stack", s.stack.Name, "--path", "--secret", key)
	require.NoError(t, set.err, set.output)
}

// searched deploys the project by hand, as talkative as is allowed, and collects what can be read anywhere of it.
func (s *stand) searched(t *testing.T, folder string) map[string]string {
	t.Helper()
	s.hold.content = anything
	events := filepath.Join(t.TempDir(), "events")
	lines := s.commandLines(t)
	preview := s.pulumi(t, folder, nil, "preview", "--stack", s.stack.Name, "--diff", "--refresh")
	require.NoError(t, preview.err, preview.output)
	up := s.pulumi(t, folder, []string{"PULUMI_DEBUG_COMMANDS=true"}, "up", "--stack", s.stack.Name, "--yes",
		"--skip-preview", "--diff", "--logtostderr", "-v=8", "--event-log", events)
	running := lines()
	require.NoError(t, up.err, up.output)
	streamed, err := os.ReadFile(events)
	require.NoError(t, err)
	places := map[string]string{
		"the engine's log at level 8": up.output,
		"the event stream":            string(streamed),
		"preview --diff":              preview.output,
		"command lines":               running,
	}
	maps.Copy(places, s.objectsSearched(t))
	maps.Copy(places, s.filesSearched(t))
	return places
}

// objectsSearched are the objects of every kind. Of a Secret it is what the API server shows beside the values.
func (s *stand) objectsSearched(t *testing.T) map[string]string {
	t.Helper()
	isSpecial := func(kind string) bool { return slices.Contains([]string{"secrets", "configmaps", "pods"}, kind) }
	kinds := slices.DeleteFunc(strings.Fields(s.kubectl(t, "api-resources", "--verbs=list", "--output=name")), isSpecial)
	all := func(kinds, output string) string {
		return s.kubectl(t, "get", kinds, "--all-namespaces", "--output="+output)
	}
	annotations := `jsonpath={range .items[*]}{.metadata.annotations}{.metadata.labels}{end}`
	return map[string]string{
		"the config maps": all("configmaps", "yaml"),
		"the pods":        all("pods", "yaml"),
		"annotations":     all("secrets,configmaps,pods,deployments", annotations),
		"other objects":   all(strings.Join(kinds, ","), "yaml"),
	}
}

// filesSearched are the files of the sandbox, but for those that are where secrets are kept: the API server's database,
// the credentials, and the key of the state.
func (s *stand) filesSearched(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	for path, content := range s.files(t) {
		inside, err := filepath.Rel(s.stack.Dir, path)
		require.NoError(t, err)
		if top, _, _ := strings.Cut(inside, string(filepath.Separator)); slices.Contains(keptSecrets, top) {
			continue
		}
		place := "the sandbox's other files"
		for _, part := range fileParts {
			if strings.HasPrefix(inside, part.prefix) && strings.HasSuffix(inside, part.suffix) {
				place = part.place
				break
			}
		}
		found[place] += inside + "\n" + content + "\n"
	}
	return found
}

var keptSecrets = []string{"etcd", "kubeconfig", "certificates", "passphrase"}

// fileParts name the files that have a place of their own, by how their paths begin and end.
var fileParts = []struct{ prefix, suffix, place string }{
	{"logs/", "", "the sandbox's logs"},
	{"state/.pulumi/stacks/", ".json", "the state"},
	{"state/.pulumi/stacks/", "", "the state's backups"},
	{"state/.pulumi/backups/", "", "the state's backups"},
	{"state/.pulumi/history/", "", "the state's history"},
}

// commandLines watches the processes of the sandbox until the returned function is called, which tells what was seen.
func (s *stand) commandLines(t *testing.T) func() string {
	t.Helper()
	seen, stop := map[string]bool{}, make(chan struct{})
	var watching sync.WaitGroup
	watching.Go(func() {
		for {
			for _, line := range processesOf(t, s.stack.Dir) {
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

func (s *stand) plantInPods(t *testing.T, planted string) {
	t.Helper()
	s.with(t, "pod/leaking", fmt.Sprintf(`{"apiVersion": "v1", "kind": "Pod",
		"metadata": {"name": "leaking", "annotations": {"leak": %q}},
		"spec": {"securityContext": {"runAsNonRoot": true, "seccompProfile": {"type": "RuntimeDefault"}},
			"containers": [{"name": "leaking", "image": "leaking", "env": [{"name": "LEAK", "value": %q}],
				"securityContext": {"allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}}}]}}`,
		planted, planted))
	s.with(t, "service/leaking", fmt.Sprintf(`{"apiVersion": "v1", "kind": "Service",
		"metadata": {"name": "leaking", "labels": {"leak": %q}}, "spec": {"ports": [{"port": 80}]}}`, planted))
}

func (s *stand) plantInLogs(t *testing.T, planted string) {
	t.Helper()
	for _, file := range []string{filepath.Join(s.stack.Logs(), "leaking.log"), filepath.Join(s.stack.Dir, "leaking")} {
		require.NoError(t, os.WriteFile(file, []byte("said "+planted), 0o600))
		t.Cleanup(func() { assert.NoError(t, os.Remove(file)) })
	}
}

// plantInCommandLines runs a program of the sandbox that was told the secret in its arguments.
func (s *stand) plantInCommandLines(t *testing.T, planted string) {
	t.Helper()
	leaking := exec.CommandContext(t.Context(), s.layout.Binary("kubectl"), "--kubeconfig", s.stack.Kubeconfig(),
		"get", "pods", "--namespace", s.namespace(), "--watch", "--field-selector", "metadata.name="+strings.ToLower(planted),
		"--selector", "leak="+planted)
	require.NoError(t, leaking.Start())
	t.Cleanup(func() {
		_ = leaking.Process.Kill() // it would watch for ever
		_ = leaking.Wait()
	})
}
