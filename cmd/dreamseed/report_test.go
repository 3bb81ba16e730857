package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/changeset/changesettest"
	"github.com/dreamseed/platform/internal/guard"
)

// enterWithLog changes to a project with the stack local, and returns the path of one of the engine's event logs.
func enterWithLog(t *testing.T, name string) string {
	t.Helper()
	folder := filepath.Dir(enter(t, "config: {}\n"))
	require.NoError(t, os.WriteFile(filepath.Join(folder, "Pulumi.local.yaml"), []byte("config: {}\n"), 0o600))
	log := filepath.Join(folder, "events.jsonl")
	require.NoError(t, os.WriteFile(log, changesettest.Content(t, name), 0o600))
	return log
}

func TestAReportEndsWithWhatADeploymentMayDo(t *testing.T) {
	other := strings.Repeat("0", 64)
	release := changesettest.Read(t, changesettest.Release).Digest()
	cases := map[string]struct {
		log    string
		flags  []string
		want   int
		reason string
	}{
		"nothing changes": {changesettest.Nothing, nil, exitOK, "there is nothing to refuse"},
		"a release":       {changesettest.Release, nil, exitOK, "it hurts nobody"},
		"the same change": {changesettest.Release, []string{"--expect-digest", release}, exitOK, "it was approved"},
		"another change":  {changesettest.Release, []string{"--expect-digest", other}, exitOtherChange, "nobody saw it"},
		"what hurts":      {changesettest.Delete, nil, exitGuarded, "nobody approved it"},
		"a failure":       {changesettest.Failed, nil, exitFailed, "half a change was planned"},
		"half a log":      {changesettest.Killed, nil, exitInput, "half a change is no change"},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			log := enterWithLog(t, tt.log)

			done := run(t.Context(), nil, append([]string{"report", "--stack=local", "--event-log", log}, tt.flags...)...)

			assert.Equal(t, tt.want, done.code, "%s: %v", tt.reason, done.err)
			assert.Equal(t, tt.want == exitInput, done.output == "", "a log that cannot be judged is not summarized")
		})
	}
}

func TestAReportIsWrittenToTheFilesThatAreAskedFor(t *testing.T) {
	log := enterWithLog(t, changesettest.Release)
	folder := filepath.Dir(log)
	file := func(name string) string { return filepath.Join(folder, name) }

	done := run(t.Context(), nil, "report", "--stack=local", "--event-log", log, "--output", file("report.md"),
		"--whole-output", file("whole.md"), "--digest-output", file("digest"))

	require.NoError(t, done.err)
	for name, want := range map[string]string{
		"report.md": done.output, "whole.md": done.output,
		"digest": changesettest.Read(t, changesettest.Release).Digest() + "\n",
	} {
		content, err := os.ReadFile(file(name))
		require.NoError(t, err)
		assert.Equal(t, want, string(content), name)
	}
}

func TestAWrongApprovalLetsNothingPass(t *testing.T) {
	log := enterWithLog(t, changesettest.Delete)
	approvals := filepath.Join(filepath.Dir(log), "approvals.yaml")
	entry := "- {stack: local, urn: anything, operation: delete, digest: it, reason: because, expires: 2026-01-01}\n"
	require.NoError(t, os.WriteFile(approvals, []byte(entry), 0o600))

	done := run(t.Context(), nil, "report", "--stack=local", "--event-log", log)

	var mistakes *guard.ApprovalError
	require.ErrorAs(t, done.err, &mistakes)
	assert.Equal(t, exitInput, done.code)
	for _, key := range []string{"urn", "digest", "reason", "expires"} {
		assert.ErrorContains(t, done.err, "[0]."+key+" is", "every mistake at once")
	}
}

func TestAReportNeedsAnEventLog(t *testing.T) {
	enterWithLog(t, changesettest.Nothing)
	for name, words := range map[string][]string{
		"no flag":      {"report", "--stack=local"},
		"no such file": {"report", "--stack=local", "--event-log=none.jsonl"},
		"no stack":     {"report", "--event-log=events.jsonl"},
		"other stack":  {"report", "--stack=test", "--event-log=events.jsonl"},
	} {
		done := run(t.Context(), nil, words...)

		assert.Equal(t, exitInput, done.code, "%s: %v", name, done.err)
	}
}
