package play

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// These scripts end what no play on a sandbox shows.

func opened(t *testing.T) *Stage {
	t.Helper()
	project, err := filepath.Abs("../../..")
	require.NoError(t, err)
	s, err := Open(t.Context(), Set{
		Folder: filepath.Join(t.TempDir(), "stage"), Project: project, Stack: "local",
		Files:       map[string][]byte{"Pulumi.local.yaml": []byte("auth: sha256:old\n")},
		Environment: map[string]string{"PATH": os.Getenv("PATH")},
	})
	require.NoError(t, err)
	commit, err := s.Main(t.Context())
	require.NoError(t, err)
	require.NoError(t, s.prepare(t.Context(), Event{Commit: commit}))
	return s
}

// script runs a script as a step does, in a checkout of main.
func (s *Stage) script(t *testing.T, name string, variables ...string) error {
	t.Helper()
	command := exec.CommandContext(t.Context(), filepath.Join(".github", "scripts", name))
	command.Dir = s.runner
	command.Env = append(append(s.environment, "GITHUB_REPOSITORY="+Repository), variables...)
	printed, err := command.CombinedOutput()
	t.Logf("%s", printed)
	return err
}

func TestTheDriftOfAStackHasOneIssue(t *testing.T) {
	s := opened(t)
	found := t.TempDir()
	look := func(code, text string) error {
		text = "<!-- dreamseed-drift stack=local -->\n" + text
		require.NoError(t, os.WriteFile(filepath.Join(found, "local.md"), []byte(text), 0o600))
		require.NoError(t, os.WriteFile(filepath.Join(found, "local.code"), []byte(code+"\n"), 0o600))
		return s.script(t, "drift-issue.sh", "FOUND="+found)
	}
	type issue struct{ Title, State, Body string }
	issues := func() []issue {
		var all []issue
		require.NoError(t, s.stored("issues", &all))
		return all
	}

	require.NoError(t, look("0", "nothing"))
	require.NoFileExists(t, filepath.Join(s.github(), "issues.json"), "a stack that never drifted needs no issue")

	for _, night := range []struct{ code, text, state, title string }{
		{"10", "a binding", "open", "Dangerous drift in local"},
		{"9", "a label", "open", "Suspicious drift in local"},
		{"0", "nothing", "closed", "No drift in local"},
		{"9", "another label", "open", "Suspicious drift in local"},
	} {
		require.NoError(t, look(night.code, night.text))
		all := issues()
		require.Len(t, all, 1)
		assert.Equal(t, night.state, all[0].State)
		assert.Equal(t, night.title, all[0].Title)
		assert.Contains(t, all[0].Body, night.text)
	}

	require.Error(t, look("1", "it went wrong"), "a look that failed is no drift")
	assert.NotContains(t, issues()[0].Body, "it went wrong")
}

func TestAReleaseIsProposedAsAPullRequest(t *testing.T) {
	s := opened(t)
	const digest = "sha256:0123456789abcdef"
	require.NoError(t, os.WriteFile(filepath.Join(s.runner, "Pulumi.local.yaml"), []byte("auth: "+digest+"\n"), 0o600))

	require.NoError(t, s.script(t, "propose.sh", "SERVICE=auth", "DIGEST="+digest, "STACK=local"))

	const branch = "release/local-auth-0123456789ab"
	proposed, err := s.git(t.Context(), s.remote(), "show", branch+":Pulumi.local.yaml")
	require.NoError(t, err)
	assert.Equal(t, "auth: "+digest, proposed)
	var pulls []struct{ Title, Head, Base, Body string }
	require.NoError(t, s.stored("pulls", &pulls))
	require.Len(t, pulls, 1)
	assert.Equal(t, "Release auth 0123456789ab to local", pulls[0].Title)
	assert.Equal(t, branch, pulls[0].Head)
	assert.Equal(t, "main", pulls[0].Base)
	assert.Contains(t, pulls[0].Body, digest)
	var started []struct{ Words []string }
	require.NoError(t, s.stored("dispatched", &started))
	require.Len(t, started, 2)
	assert.Equal(t, []string{"checks.yml", "--ref", branch}, started[0].Words)
	assert.Equal(t, []string{"preview.yml", "--ref", branch}, started[1].Words)
}

func TestAReportWithoutItsMarkerIsNotPosted(t *testing.T) {
	s := opened(t)
	pull, err := s.OpenPull("abc")
	require.NoError(t, err)
	reports := t.TempDir()
	write := func(text string) {
		require.NoError(t, os.WriteFile(filepath.Join(reports, "local.comment.md"), []byte(text), 0o600))
	}

	write("<!-- dreamseed-report stack=production -->\nall is well")
	require.Error(t, s.script(t, "comment.sh", "COMMIT=abc", "REPORTS="+reports), "it would rewrite another's")
	posted, err := s.Reports(pull)
	require.NoError(t, err)
	assert.Empty(t, posted)

	write("<!-- dreamseed-report stack=local -->\nall is well")
	require.NoError(t, s.script(t, "comment.sh", "COMMIT=def", "REPORTS="+reports))
	posted, err = s.Reports(pull)
	require.NoError(t, err)
	assert.Empty(t, posted, "it is the report of another commit")

	require.NoError(t, s.script(t, "comment.sh", "COMMIT=abc", "REPORTS="+reports))
	posted, err = s.Reports(pull)
	require.NoError(t, err)
	assert.Len(t, posted, 1)
}
