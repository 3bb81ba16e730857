package full

import (
	"bufio"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// pending are changes that create, update and delete.
var pending = map[string]string{
	"dreamseed:services.auth.logLevel": "ERROR",
	"dreamseed:quotas.monitoring.pods": "45",
}

// The steps are the administrator's, and so are differences and outputs, down to the defaults that the API server adds.
// Nothing is guessed, and nothing changed.
func TestAPreviewByThePreviewIdentityIsTheAdministrators(t *testing.T) {
	u := usersOf(t)
	folder := projectWith(t, pending)
	flags := []string{"--refresh"}
	for _, one := range examples(t) {
		if !one.isExempt() {
			flags = append(flags, "--replace", string(one.urn))
		}
	}
	before := u.snapshot(t)

	want := previewBy(t, folder, local.Stack.Kubeconfig(), flags...)
	got := previewBy(t, folder, local.Stack.PreviewKubeconfig(), flags...)

	for _, operation := range []apitype.OpType{
		apitype.OpCreate, apitype.OpUpdate, apitype.OpDelete, apitype.OpReplace, apitype.OpRefresh,
	} {
		assert.NotEmpty(t, want.of(operation), "the control: there is something to %s", operation)
	}
	assertSame(t, want.steps, got.steps)
	assert.Empty(t, got.guesses)
	assert.Equal(t, before, u.snapshot(t), "the cluster is as it was")
}

// The rights leave out what no admission policy guards. Its plan is the program's, without the API server's defaults.
func TestOnlyTheAdmissionPolicyIsPreviewedWithoutADryRun(t *testing.T) {
	usersOf(t)
	folder := projectWith(t, map[string]string{"dreamseed:cluster.api.previewIdentity": "user:another"})

	want := previewBy(t, folder, local.Stack.Kubeconfig())
	got := previewBy(t, folder, local.Stack.PreviewKubeconfig())

	assert.Len(t, want.of(apitype.OpReplace), 3, "the policy, its binding and the binding of the rights")
	assert.Empty(t, want.guesses, "the control")
	require.Len(t, got.guesses, 2)
	for _, guess := range got.guesses {
		assert.Contains(t, guess, "validatingadmissionpolic")
	}
	for _, log := range []previewed{want, got} {
		for key, step := range log.steps {
			if strings.Contains(key, "ValidatingAdmissionPolicy") && step.New != nil {
				step.New.Outputs = nil
			}
		}
	}
	assertSame(t, want.steps, got.steps)
}

// projectWith returns a copy of the engine's project, whose kubeconfig is a file in it, with these settings.
func projectWith(t *testing.T, settings map[string]string) string {
	t.Helper()
	folder := t.TempDir()
	require.NoError(t, os.CopyFS(folder, os.DirFS(local.Box.Project())))
	set := func(key, value string) {
		done := local.Pulumi(t, folder, nil, "config", "set", "--stack", local.Stack.Name, "--path", key, value)
		require.NoError(t, done.Err, done.Output)
	}
	set("dreamseed:cluster.existing.kubeconfigPath", filepath.Join(folder, "kubeconfig"))
	for _, key := range slices.Sorted(maps.Keys(settings)) {
		set(key, settings[key])
	}
	return folder
}

// previewed is the event log of a preview.
type previewed struct {
	// steps are the steps before and after their operation, by event, operation and URN.
	steps map[string]*apitype.StepEventMetadata
	// guesses are the messages of dry runs that the API server refused.
	guesses []string
}

func previewBy(t *testing.T, folder, kubeconfig string, flags ...string) previewed {
	t.Helper()
	content, err := os.ReadFile(kubeconfig)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(folder, "kubeconfig"), content, 0o600))
	log := filepath.Join(t.TempDir(), "events.jsonl")
	words := append([]string{"preview", "--stack", local.Stack.Name, "--event-log", log}, flags...)
	run := local.Pulumi(t, folder, []string{"PULUMI_DEBUG_COMMANDS=true"}, words...)
	require.NoError(t, run.Err, run.Output)
	return readLog(t, log)
}

func readLog(t *testing.T, path string) previewed {
	t.Helper()
	file, err := os.Open(path)
	require.NoError(t, err)
	defer func() { assert.NoError(t, file.Close()) }()
	found := previewed{steps: map[string]*apitype.StepEventMetadata{}}
	lines := bufio.NewScanner(file)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var event apitype.EngineEvent
		require.NoError(t, json.Unmarshal(lines.Bytes(), &event))
		found.add(event)
	}
	require.NoError(t, lines.Err())
	return found
}

func (p *previewed) add(event apitype.EngineEvent) {
	keep := func(when string, step apitype.StepEventMetadata) {
		for _, state := range []*apitype.StepEventStateMetadata{step.Old, step.New} {
			if state != nil {
				settled(state.Inputs)
				settled(state.Outputs)
			}
		}
		slices.Sort(step.Keys)
		slices.Sort(step.Diffs)
		p.steps[fmt.Sprint(when, " ", step.Op, " ", step.URN)] = &step
	}
	switch {
	case event.ResourcePreEvent != nil:
		keep("before", event.ResourcePreEvent.Metadata)
	case event.ResOutputsEvent != nil:
		keep("after", event.ResOutputsEvent.Metadata)
	case event.DiagnosticEvent != nil:
		message := event.DiagnosticEvent.Message
		if strings.Contains(message, "orbidden") || strings.Contains(message, "Retry #") {
			p.guesses = append(p.guesses, message)
		}
	}
}

// of returns the steps of an operation.
func (p *previewed) of(operation apitype.OpType) []string {
	var found []string
	for key, step := range p.steps {
		if step.Op == operation && strings.HasPrefix(key, "before") {
			found = append(found, key)
		}
	}
	return found
}

// unsettled are the keys whose values differ between two previews by the same user: the API server, a controller or the
// provider sets them anew.
var unsettled = []string{
	"__fieldManager", "creationTimestamp", "manager", "resourceVersion", "status", "time", "uid",
}

// settled removes from a value whatever differs between two previews by the same user.
func settled(value any) {
	switch value := value.(type) {
	case map[string]any:
		for _, key := range unsettled {
			delete(value, key)
		}
		for _, inside := range value {
			settled(inside)
		}
	case []any:
		for _, inside := range value {
			settled(inside)
		}
	}
}

func assertSame(t *testing.T, want, got map[string]*apitype.StepEventMetadata) {
	t.Helper()
	require.ElementsMatch(t, slices.Collect(maps.Keys(want)), slices.Collect(maps.Keys(got)))
	require.NotEmpty(t, want)
	for key, step := range want {
		assert.Equal(t, step, got[key], key)
	}
}

// snapshot returns all objects of the kinds of the program, as they are without their status.
func (u *users) snapshot(t *testing.T) map[string]any {
	t.Helper()
	all := map[string]any{}
	for _, one := range examples(t) {
		list, _ := u.administrator.object(t, collectionOf(one.kind, ""))["items"].([]any)
		require.NotEmpty(t, list, one.kind.Kind)
		for _, item := range list {
			object := item.(map[string]any)
			metadata := object["metadata"].(map[string]any)
			if _, has := object["status"]; has {
				delete(object, "status")
				delete(metadata, "resourceVersion")
				metadata["managedFields"] = slices.DeleteFunc(metadata["managedFields"].([]any), ofSubresource)
			}
			all[fmt.Sprint(one.kind.Kind, " ", metadata["namespace"], "/", metadata["name"])] = object
		}
	}
	return all
}

// ofSubresource reports whether managed fields were written through a subresource, such as a status.
func ofSubresource(entry any) bool {
	_, is := entry.(map[string]any)["subresource"]
	return is
}
