package full

import (
	"context"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/enginetest/testbed"
	"github.com/dreamseed/platform/internal/workflows/play"
)

// neverReady is an image whose pods kwok leaves unready.
const neverReady = "dreamseed/auth-service:never-ready"

// The parts of the test are one story: each begins with what the one before has left.
func TestTheWorkflowsDeliverAndTakeBack(t *testing.T) {
	d := delivered(t)
	const second = "dreamseed/auth-service:second"

	for _, part := range []struct {
		name string
		play func(t *testing.T)
	}{
		{"main is deployed, and remembered", d.firstDeployment},
		{"a pull request has one comment, which a later preview rewrites", func(t *testing.T) { d.previewed(t, second) }},
		{"the guard stops what hurts, until somebody approves it", d.guarded},
		{"what was merged is deployed once its plan is approved", func(t *testing.T) { d.deployed(t, second) }},
		{"another change than the approved one is refused", d.changedMeanwhile},
		{"a release that fails is taken back", func(t *testing.T) { d.takenBack(t, second) }},
		{"a cancelled deployment leaves no lock, and the next one works", func(t *testing.T) { d.cancelled(t, second) }},
	} {
		if !t.Run(part.name, part.play) {
			break
		}
	}
}

func (d *delivery) firstDeployment(t *testing.T) {
	commit, err := d.stage.Main(t.Context())
	require.NoError(t, err)
	_, err = d.stage.Deployed(t.Context())
	require.Error(t, err, "the control: nothing passed yet")
	run := d.play(t, d.stage.Deployment(commit))
	require.NoError(t, run.Err)
	d.passed(t, commit)
}

// passed checks that the last release that passed is a commit.
func (d *delivery) passed(t *testing.T, commit string) {
	t.Helper()
	remembered, err := d.stage.Deployed(t.Context())
	require.NoError(t, err)
	assert.Equal(t, commit, remembered)
}

func (d *delivery) marker() string { return "<!-- dreamseed-report stack=" + d.Stack.Name + " -->" }

// change is the branch of the pull request.
const change = "change"

func (d *delivery) previewed(t *testing.T, second string) {
	const other = "dreamseed/auth-service:other"
	before := d.image(t)
	commit, err := d.stage.Push(t.Context(), change, d.with(t, authAt(other)))
	require.NoError(t, err)
	d.pull, err = d.stage.OpenPull(commit)
	require.NoError(t, err)
	// More than a page of talk: a comment that is looked for on the first page alone is not found again.
	require.NoError(t, d.stage.Chat(d.pull, slices.Repeat([]string{"Looks good."}, 120)...))
	run := d.play(t, play.Preview(d.pull))
	require.NoError(t, run.Err)
	d.comment(t, run)
	assert.Contains(t, d.report(t), other)

	d.push(t, d.with(t, authAt(second)))
	run = d.play(t, play.Preview(d.pull))
	require.NoError(t, run.Err)
	d.comment(t, run)
	report := d.report(t)
	assert.Contains(t, report, second)
	assert.NotContains(t, report, other, "it is the same comment")
	digest, err := d.stage.Artifact(run, "report-"+d.Stack.Name, d.Stack.Name+".digest")
	require.NoError(t, err)
	assert.Contains(t, report, strings.TrimSpace(digest))
	assert.Equal(t, before, d.image(t), "a preview changes nothing")
}

// push pushes another commit to the pull request.
func (d *delivery) push(t *testing.T, files map[string][]byte) {
	t.Helper()
	commit, err := d.stage.Push(t.Context(), change, files)
	require.NoError(t, err)
	d.pull, err = d.stage.Update(d.pull, commit)
	require.NoError(t, err)
}

// comment plays what follows a preview.
func (d *delivery) comment(t *testing.T, preview play.Run) {
	t.Helper()
	main, err := d.stage.Main(t.Context())
	require.NoError(t, err)
	run := d.play(t, play.Completed(preview, d.pull, main))
	require.NoError(t, run.Err)
}

// report returns the one comment on the pull request that no person wrote.
func (d *delivery) report(t *testing.T) string {
	t.Helper()
	reports, err := d.stage.Reports(d.pull)
	require.NoError(t, err)
	require.Len(t, reports, 1)
	assert.Contains(t, reports[0], d.marker())
	return reports[0]
}

// proposed matches what the report proposes to add to approvals.yaml, but for the reason and the date.
var proposed = regexp.MustCompile(`(?m)^- stack: .*\n  urn: .*\n  operation: .*\n  digest: .*$`)

func (d *delivery) guarded(t *testing.T) {
	d.push(t, d.with(t, hurting))
	run := d.play(t, play.Preview(d.pull))
	require.Error(t, run.Err)
	d.comment(t, run)
	entry := proposed.FindString(d.report(t))
	require.NotEmpty(t, entry, "the comment says how to approve it")

	entry += fmt.Sprintf("\n  reason: nobody uses it at night\n  expires: %s\n",
		time.Now().AddDate(0, 0, 7).UTC().Format(time.DateOnly))
	d.push(t, map[string][]byte{approvals: []byte(entry)})
	run = d.play(t, play.Preview(d.pull))
	require.NoError(t, run.Err)
	d.comment(t, run)
	assert.Contains(t, d.report(t), "nobody uses it at night")
}

const approvals = "approvals.yaml"

func (d *delivery) deployed(t *testing.T, image string) {
	before := d.image(t)
	require.NotEqual(t, image, before)
	commit := d.merge(t, change)
	event := d.stage.Deployment(commit)
	event.Approve = func() error {
		assert.Equal(t, before, d.image(t), "nothing changes before somebody approves")
		return nil
	}
	run := d.play(t, event)
	require.NoError(t, run.Err)
	assert.Equal(t, image, d.image(t))
	d.passed(t, commit)
}

func (d *delivery) changedMeanwhile(t *testing.T) {
	before := d.image(t)
	passed, err := d.stage.Deployed(t.Context())
	require.NoError(t, err)
	files := d.with(t, authAt("dreamseed/auth-service:third"))
	files[approvals] = []byte("[]\n") // an approval of what is done would be refused
	event := d.stage.Deployment(d.merged(t, files))
	event.Approve = func() error {
		d.forget(t, "kubernetes:autoscaling/v2:HorizontalPodAutoscaler")
		return nil
	}
	run := d.play(t, event)
	require.Error(t, run.Err)
	assert.Contains(t, run.Output, "refusing the change: its digest is")
	assert.Equal(t, before, d.image(t))
	d.passed(t, passed)
}

// forget removes a resource of a type from the state, so that the next run creates it.
func (d *delivery) forget(t *testing.T, kind string) {
	t.Helper()
	for _, resource := range d.state(t).Resources {
		if string(resource.Type) == kind {
			done := d.Pulumi(t, d.Box.Project(), nil, "state", "delete", string(resource.URN), "--stack", d.Stack.Name, "--yes")
			require.NoError(t, done.Err, done.Output)
			return
		}
	}
	require.Fail(t, "there is none of "+kind)
}

func (d *delivery) state(t *testing.T) *apitype.DeploymentV3 {
	t.Helper()
	exported := d.Pulumi(t, d.Box.Project(), nil, "stack", "export", "--stack", d.Stack.Name)
	require.NoError(t, exported.Err, exported.Output)
	var file struct {
		Deployment *apitype.DeploymentV3 `json:"deployment"`
	}
	require.NoError(t, json.Unmarshal([]byte(exported.Output), &file))
	require.NotNil(t, file.Deployment)
	return file.Deployment
}

func (d *delivery) takenBack(t *testing.T, good string) {
	require.Equal(t, good, d.image(t))
	passed, err := d.stage.Deployed(t.Context())
	require.NoError(t, err)
	event := d.stage.Deployment(d.merged(t, d.with(t, authAt(neverReady))))
	var run play.Run
	seen := d.Recorded(t, func() { run = d.play(t, event) })
	require.Error(t, run.Err, "a deployment that was taken back is no success")
	assert.True(t, testbed.Tried(t, seen, "auth-service", neverReady), "the control: the release was tried")
	assert.Equal(t, good, d.image(t))
	assert.Empty(t, d.locks(t))
	d.passed(t, passed)
}

func (d *delivery) cancelled(t *testing.T, good string) {
	commit, err := d.stage.Main(t.Context())
	require.NoError(t, err)
	until, cancel := context.WithCancel(t.Context())
	defer cancel()
	ended := make(chan play.Run)
	go func() {
		run, _ := d.stage.Play(until, d.stage.Deployment(commit))
		ended <- run
	}()
	require.Eventually(t, func() bool { return d.image(t) == neverReady }, testbed.Patience, 100*time.Millisecond)
	assert.NotEmpty(t, d.locks(t), "the control: the engine is at work")
	cancel()
	run := <-ended
	require.Error(t, run.Err)
	assert.Equal(t, neverReady, d.image(t), "a person cancelled it: nothing is taken back")
	assert.Empty(t, d.locks(t))
	assert.Empty(t, d.state(t).PendingOperations)

	commit = d.merged(t, d.with(t, authAt(good)))
	run = d.play(t, d.stage.Deployment(commit))
	require.NoError(t, run.Err)
	assert.Equal(t, good, d.image(t))
	d.passed(t, commit)
}
