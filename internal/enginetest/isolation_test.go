package enginetest

import (
	"fmt"
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
	local.AsTracked(t)
	decoy := newDecoy(t)

	preview := local.Pulumi(t, local.Box.Project(), decoy.environment(), "preview", "--refresh", "--stack", "local")

	require.NoError(t, preview.Err, preview.Output)
	assert.Zero(t, decoy.connections.Load(), "the platform reaches the cluster that it names, and no other")

	control := local.Pulumi(t, local.controlProject(t), decoy.environment(), "preview", "--stack", "control")

	assert.NotZero(t, decoy.connections.Load(),
		"the control: a provider without kubeconfig and context does reach it:\n%s", control.Output)
}

func TestDefaultProvidersAreDisabled(t *testing.T) {
	local.AsTracked(t)
	declared, err := os.ReadFile("../../Pulumi.yaml")
	require.NoError(t, err)
	folder := local.controlProject(t)
	asControl := strings.NewReplacer(
		"name: dreamseed", "name: control", "runtime: go", "runtime: "+local.controlRuntime(t))
	project := asControl.Replace(withoutDeclarations(string(declared)))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "Pulumi.yaml"), []byte(project), 0o600))

	run := local.Pulumi(t, folder, []string{"CONTROL_DEFAULT_PROVIDER=true"}, "preview", "--stack", "control")

	require.Error(t, run.Err)
	assert.Contains(t, run.Output, "Default provider for 'kubernetes' disabled")
}

// withoutDeclarations returns the part of Pulumi.yaml above the first key of the platform's own.
func withoutDeclarations(project string) string {
	above, _, _ := strings.Cut(project, "  environment:")
	return above
}

// decoy is an API server that only counts connections, with a kubeconfig that leads to it.
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

// controlProject creates a project in the same backend that runs the control program of these tests.
func (s *subject) controlProject(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	project := "name: control\nruntime: " + s.controlRuntime(t) + "\n" +
		"plugins: {providers: [{name: kubernetes, path: " + s.Layout.Bin + "}]}\n"
	require.NoError(t, os.WriteFile(filepath.Join(folder, "Pulumi.yaml"), []byte(project), 0o600))
	made := s.Pulumi(t, folder, nil, "stack", "init", "control")
	require.NoError(t, made.Err, made.Output)
	t.Cleanup(func() {
		removed := s.Pulumi(t, folder, nil, "stack", "rm", "control", "--yes", "--force")
		assert.NoError(t, removed.Err, removed.Output)
	})
	return folder
}

// controlRuntime builds the control program, and returns the runtime that runs it.
func (s *subject) controlRuntime(t *testing.T) string {
	t.Helper()
	binary := filepath.Join(t.TempDir(), "control")
	printed, err := exec.CommandContext(t.Context(), "go", "build", "-o", binary, "./control").CombinedOutput()
	require.NoError(t, err, string(printed))
	return "{name: go, options: {binary: " + binary + "}}"
}
