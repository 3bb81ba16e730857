package full

import (
	"errors"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/dreamseed/platform/internal/enginetest/testbed"
	"github.com/dreamseed/platform/internal/workflows/play"
)

// delivery is a testbed that is delivered to by the repository's workflows.
type delivery struct {
	*testbed.Testbed
	stage *play.Stage
	pull  play.Pull
}

// delivered opens a stage for the testbed that moves between backends of secrets, on which the commit of main is
// deployed.
func delivered(t *testing.T) *delivery {
	t.Helper()
	takingOver.AsTracked(t)
	takingOver.Lent()
	d := &delivery{Testbed: takingOver}
	stage, err := play.Open(t.Context(), play.Set{
		Folder: filepath.Join(t.TempDir(), "stage"), Project: checkout(t), Stack: d.Stack.Name,
		Act: d.Layout.Binary("act"), Dreamseed: filepath.Join(d.Project, "dreamseed"),
		Environment: takingOver.Box.Variables(),
		Files: map[string][]byte{
			"Pulumi.yaml": d.engineFile(t, "Pulumi.yaml"),
			d.file():      changed(t, d.engineFile(t, d.file()), first),
		},
	})
	require.NoError(t, err)
	d.stage = stage
	return d
}

func checkout(t *testing.T) string {
	t.Helper()
	root, err := testbed.Checkout()
	require.NoError(t, err)
	return root
}

// first is what main has at first: a release that never gets ready fails soon, and there is a network policy more.
func first(c testbed.Configuration) {
	c["dreamseed:rolloutDeadlineSeconds"] = 15
	testbed.Service(c, "user")["egress"] = []any{map[string]any{"cidr": "203.0.113.0/24", "ports": []any{443}}}
}

// hurting takes the network policy away.
func hurting(c testbed.Configuration) { delete(testbed.Service(c, "user"), "egress") }

func (d *delivery) file() string { return "Pulumi." + d.Stack.Name + ".yaml" }

// engineFile returns a file of the engine's project folder: it names the built program and the key of the state.
func (d *delivery) engineFile(t *testing.T, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(d.Box.Project(), name))
	require.NoError(t, err)
	return content
}

// with returns the stack's file with a change.
func (d *delivery) with(t *testing.T, change func(testbed.Configuration)) map[string][]byte {
	t.Helper()
	content, err := d.stage.File(t.Context(), d.file())
	require.NoError(t, err)
	return map[string][]byte{d.file(): changed(t, []byte(content), change)}
}

// changed changes the configuration in a stack's file, and keeps the rest of it.
func changed(t *testing.T, content []byte, change func(testbed.Configuration)) []byte {
	t.Helper()
	var file map[string]any
	require.NoError(t, yaml.Unmarshal(content, &file))
	change(file["config"].(map[string]any))
	written, err := yaml.Marshal(file)
	require.NoError(t, err)
	return written
}

// authAt is the change that a release makes.
func authAt(image string) func(testbed.Configuration) {
	return func(c testbed.Configuration) { testbed.Service(c, "auth")["image"] = image }
}

// play runs a workflow, and shows its log if the test fails.
func (d *delivery) play(t *testing.T, event play.Event) play.Run {
	t.Helper()
	began := time.Now()
	run, err := d.stage.Play(t.Context(), event)
	t.Logf("%s took %.1fs", event.Workflow, time.Since(began).Seconds())
	t.Cleanup(func() {
		if t.Failed() {
			t.Logf("the log of run %d, %s:\n%s", run.ID, event.Workflow, run.Output)
		}
	})
	require.NoError(t, err, run.Output)
	return run
}

// merged brings a change to main without a preview, and returns the commit.
func (d *delivery) merged(t *testing.T, files map[string][]byte) string {
	t.Helper()
	_, err := d.stage.Push(t.Context(), change, files)
	require.NoError(t, err)
	return d.merge(t, change)
}

func (d *delivery) merge(t *testing.T, branch string) string {
	t.Helper()
	commit, err := d.stage.Merge(t.Context(), branch)
	require.NoError(t, err)
	return commit
}

func (d *delivery) image(t *testing.T) string {
	t.Helper()
	return d.Kubectl(t, "get", "deployment", "auth-service", "--namespace", d.Namespace(),
		"--output=jsonpath={.spec.template.spec.containers[0].image}")
}

// locks returns the lock files in the engine's backend.
func (d *delivery) locks(t *testing.T) []string {
	t.Helper()
	var found []string
	folder := filepath.Join(d.Stack.State(), ".pulumi", "locks")
	err := filepath.WalkDir(folder, func(path string, entry os.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			found = append(found, path)
		}
		return err
	})
	if !errors.Is(err, os.ErrNotExist) {
		require.NoError(t, err)
	}
	return found
}
