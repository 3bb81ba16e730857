package enginetest

import (
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestAmbientKubeconfigIsNeverUsed(t *testing.T) {
	local.asTracked(t)
	decoy := newDecoy(t)

	preview := local.pulumi(t, local.box.Project(), decoy.environment(), "preview", "--refresh", "--stack", "local")

	require.NoError(t, preview.err, preview.output)
	assert.Zero(t, decoy.connections.Load(), "the platform reaches the cluster that it names, and no other")

	control := local.pulumi(t, local.controlProject(t), decoy.environment(), "preview", "--stack", "control")

	assert.NotZero(t, decoy.connections.Load(),
		"the control: a provider without kubeconfig and context does reach it:\n%s", control.output)
}

func TestDefaultProvidersAreDisabled(t *testing.T) {
	local.asTracked(t)
	declared, err := os.ReadFile("../../Pulumi.yaml")
	require.NoError(t, err)
	folder := local.controlProject(t)
	asControl := strings.NewReplacer(
		"name: dreamseed", "name: control", "runtime: go", "runtime: "+local.controlRuntime(t))
	project := asControl.Replace(withoutDeclarations(string(declared)))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "Pulumi.yaml"), []byte(project), 0o600))

	run := local.pulumi(t, folder, []string{"CONTROL_DEFAULT_PROVIDER=true"}, "preview", "--stack", "control")

	require.Error(t, run.err)
	assert.Contains(t, run.output, "Default provider for 'kubernetes' disabled")
}

// withoutDeclarations keeps of Pulumi.yaml what is above the first key of the platform's own.
func withoutDeclarations(project string) string {
	above, _, _ := strings.Cut(project, "  environment:")
	return above
}

// decoy is an API server that only counts who comes, and the kubeconfig that leads there.
type decoy struct {
	connections atomic.Int64
	kubeconfig  string
}

func newDecoy(t *testing.T) *decoy {
	t.Helper()
	d := &decoy{kubeconfig: filepath.Join(t.TempDir(), "kubeconfig")}
	server := httptest.NewUnstartedServer(http.NotFoundHandler())
	server.Config.ConnState = func(_ net.Conn, state http.ConnState) {
		if state == http.StateNew {
			d.connections.Add(1)
		}
	}
	server.Start()
	t.Cleanup(server.Close)
	content := fmt.Sprintf(`{"apiVersion": "v1", "kind": "Config", "current-context": "decoy",
		"clusters": [{"name": "decoy", "cluster": {"server": %q}}],
		"users": [{"name": "decoy", "user": {"token": "decoy"}}],
		"contexts": [{"name": "decoy", "context": {"cluster": "decoy", "user": "decoy"}}]}`, server.URL)
	require.NoError(t, os.WriteFile(d.kubeconfig, []byte(content), 0o600))
	return d
}

func (d *decoy) environment() []string { return []string{"KUBECONFIG=" + d.kubeconfig} }

// byHand is a run of the pulumi command line as a person runs it.
type byHand struct {
	output string
	err    error
}

// pulumi runs pulumi in a folder, also while a test cleans up, with what `dreamseed sandbox env`
// prints, and more variables after it.
func (s *stand) pulumi(t *testing.T, folder string, environment []string, words ...string) byHand {
	t.Helper()
	return s.runByHand(t, folder, nil, environment, words...)
}

// pulumiReading is pulumi with a text on its standard input.
func (s *stand) pulumiReading(t *testing.T, folder, text string, words ...string) byHand {
	t.Helper()
	return s.runByHand(t, folder, strings.NewReader(text), nil, words...)
}

func (s *stand) runByHand(
	t *testing.T, folder string, stdin io.Reader, environment []string, words ...string,
) byHand {
	t.Helper()
	command := exec.CommandContext(context.WithoutCancel(t.Context()), s.layout.Binary("pulumi"),
		append(words, "--non-interactive", "--color=never")...)
	command.Dir, command.Stdin = folder, stdin
	command.Env = os.Environ()
	for name, value := range s.box.Variables() {
		command.Env = append(command.Env, name+"="+value)
	}
	command.Env = append(command.Env, environment...)
	printed, err := command.CombinedOutput()
	return byHand{output: string(printed), err: err}
}

// controlProject is a project in the same backend whose program is the control of these tests.
func (s *stand) controlProject(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	project := "name: control\nruntime: " + s.controlRuntime(t) + "\n" +
		"plugins: {providers: [{name: kubernetes, path: " + s.layout.Bin + "}]}\n"
	require.NoError(t, os.WriteFile(filepath.Join(folder, "Pulumi.yaml"), []byte(project), 0o600))
	made := s.pulumi(t, folder, nil, "stack", "init", "control")
	require.NoError(t, made.err, made.output)
	t.Cleanup(func() {
		removed := s.pulumi(t, folder, nil, "stack", "rm", "control", "--yes", "--force")
		assert.NoError(t, removed.err, removed.output)
	})
	return folder
}

// controlRuntime builds the control program, and is the runtime that runs it.
func (s *stand) controlRuntime(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "control")
	printed, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "./control").CombinedOutput()
	require.NoError(t, err, string(printed))
	return "{name: go, options: {binary: " + binary + "}}"
}
