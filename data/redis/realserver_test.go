package redis_test

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/data/store/storetest"
	"github.com/dreamseed/platform/internal/mocktest"
)

// server is a real server that runs the pod's command with the pod's files. Debian has Redis, of which Valkey is a
// fork: the commands, their categories and the file of users are the same.
type server struct {
	// environment is that of the container, with folders of the test.
	environment []string
	port        int
	written     map[string]map[string]string
	// mounted is the folder of the Secret, and users the name of that.
	mounted, users string
	client         string
	container      map[string]any
	data           string
	process        *exec.Cmd
}

func started(t *testing.T) *server {
	t.Helper()
	recording, _ := built(t, args())
	folder := t.TempDir()
	s := &server{
		port: storetest.Port(t), written: storetest.Written(t, recording), users: composed(t, recording),
		mounted: filepath.Join(folder, "mounted"), container: deployment(t, recording).Container(t, "redis"),
		data: filepath.Join(folder, "data"), client: storetest.Program(t, "redis-cli", "redis-tools"),
	}
	path := filepath.Join(folder, "bin")
	for _, made := range []string{path, s.mounted, s.data, filepath.Join(folder, "loaded")} {
		require.NoError(t, os.Mkdir(made, 0o700))
	}
	require.NoError(t, os.Symlink(storetest.Program(t, "redis-server", "redis-server"),
		filepath.Join(path, "valkey-server")))
	require.NoError(t, os.Symlink(s.client, filepath.Join(path, "valkey-cli")))
	s.environment = []string{
		"PATH=" + path + ":/usr/bin:/bin", "MOUNTED=" + s.mounted, "LOADED=" + filepath.Join(folder, "loaded"),
		"PORT=" + strconv.Itoa(s.port),
	}
	s.assertEnvironment(t)
	s.mount(t)
	s.start(t)
	return s
}

// assertEnvironment asserts that the test sets the variables of the container, and no others.
func (s *server) assertEnvironment(t *testing.T) {
	t.Helper()
	var names []string
	for _, one := range s.environment {
		name, _, _ := strings.Cut(one, "=")
		names = append(names, name)
	}
	set := []string{"PATH"}
	for _, one := range s.container["env"].([]any) {
		set = append(set, mocktest.At(one, "name").(string))
	}
	require.ElementsMatch(t, set, names)
}

// mount writes the files of the Secret, as the kubelet does.
func (s *server) mount(t *testing.T) {
	t.Helper()
	for key, content := range s.written[s.users] {
		require.NoError(t, os.WriteFile(filepath.Join(s.mounted, key), []byte(content), 0o600))
	}
}

// start runs the container's command until it is ready.
func (s *server) start(t *testing.T) {
	t.Helper()
	var command []string
	for _, part := range append(s.container["command"].([]any), s.container["args"].([]any)...) {
		command = append(command, strings.ReplaceAll(part.(string), "/data", s.data))
	}
	// The loopback interface is the only one that a test may listen on.
	command = append(command, "--bind", "127.0.0.1")
	s.process = exec.Command(command[0], command[1:]...)
	s.process.Env = s.environment
	require.NoError(t, s.process.Start())
	t.Cleanup(func() { s.stop(t) })
	require.Eventually(t, func() bool { return s.asked(t, "readinessProbe") }, 20*time.Second, 20*time.Millisecond)
}

// stop ends the server as the kubelet does.
func (s *server) stop(t *testing.T) {
	t.Helper()
	if s.process.ProcessState == nil {
		require.NoError(t, s.process.Process.Signal(syscall.SIGTERM))
		require.NoError(t, s.process.Wait(), "it ends in order")
	}
}

// asked reports whether a probe of the container succeeds.
func (s *server) asked(t *testing.T, probe string) bool {
	t.Helper()
	command, _ := mocktest.At(s.container, probe, "exec", "command").([]any)
	require.Len(t, command, 3, probe)
	run := exec.CommandContext(t.Context(), command[0].(string), command[1].(string), command[2].(string))
	run.Env = s.environment
	return run.Run() == nil
}

// as runs one command as a user, and returns the answer. Every argument is one of the command's.
func (s *server) as(t *testing.T, user string, command ...string) string {
	t.Helper()
	return s.signedIn(t, user, s.password(user), command...)
}

func (s *server) signedIn(t *testing.T, user, password string, command ...string) string {
	t.Helper()
	limited, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	signIn := []string{"-p", strconv.Itoa(s.port), "--user", user}
	run := exec.CommandContext(limited, s.client, append(signIn, command...)...)
	run.Env = []string{"REDISCLI_AUTH=" + password}
	answer, err := run.CombinedOutput()
	require.NoError(t, err, string(answer))
	return strings.TrimSpace(string(answer))
}

func (s *server) password(user string) string {
	secret := map[string]string{"probe": "redis-probe", "exporter": "redis-exporter"}[user]
	if secret == "" {
		secret = user + "-service-redis-url"
	}
	return s.written[secret]["password"]
}
