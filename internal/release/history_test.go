package release_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/release"
)

// digest returns a well-formed digest of one repeated character.
func digest(of string) string { return "sha256:" + strings.Repeat(of, 64) }

// repository is a Git repository with the tracked staging stack.
type repository struct {
	t       *testing.T
	folder  string
	content string
}

func newRepository(t *testing.T) *repository {
	t.Helper()
	tracked, err := os.ReadFile("../../Pulumi.staging.yaml")
	require.NoError(t, err)
	project, err := os.ReadFile("../../Pulumi.yaml")
	require.NoError(t, err)
	r := &repository{t, t.TempDir(), string(tracked)}
	require.NoError(t, os.WriteFile(filepath.Join(r.folder, "Pulumi.yaml"), project, 0o600))
	r.git("init", "--quiet", "--initial-branch=main")
	r.git("config", "user.name", "Ada")
	r.git("config", "user.email", "ada@example.com")
	return r
}

func (r *repository) git(words ...string) {
	r.t.Helper()
	command := exec.Command("git", append([]string{"-C", r.folder}, words...)...) //nolint:noctx // it ends by itself
	// No setting of whoever runs the test: signatures, hooks, templates.
	command.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null")
	printed, err := command.CombinedOutput()
	require.NoError(r.t, err, string(printed))
}

func (r *repository) file() string { return filepath.Join(r.folder, "Pulumi.staging.yaml") }

// write writes the stack's file with a digest of auth.
func (r *repository) write(digest string) {
	r.t.Helper()
	content := strings.ReplaceAll(r.content, "auth-service@"+release.Placeholder, "auth-service@"+digest)
	require.NoError(r.t, os.WriteFile(r.file(), []byte(content), 0o600))
}

func (r *repository) commit(subject string) {
	r.t.Helper()
	r.git("add", "--all")
	r.git("commit", "--quiet", "--message", subject)
}

func (r *repository) released(digests ...string) {
	r.t.Helper()
	for _, one := range digests {
		r.write(one)
		r.commit("Release auth " + one[len("sha256:"):][:1])
	}
}

func (r *repository) target() *release.Target {
	r.t.Helper()
	target, err := release.Open(r.folder, "staging", "auth")
	require.NoError(r.t, err)
	return target
}

// subjects returns the subjects of the commits that brought the former images.
func subjects(history *release.History) []string {
	var all []string
	for _, one := range history.Formers {
		all = append(all, one.Subject)
	}
	return all
}

func TestFormerImagesAreListedFromTheNewest(t *testing.T) {
	r := newRepository(t)
	r.released(release.Placeholder, digest("a"), digest("b"))
	r.content += "# a comment\n"
	r.released(digest("b"), digest("c"))

	history, err := r.target().History(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []string{"Release auth b", "Release auth a"}, subjects(history),
		"neither the current one, nor the placeholder, nor one twice")
	assert.Equal(t, "auth-service@"+digest("b"), history.Formers[0].Image)
	assert.Equal(t, "Ada", history.Formers[0].Author)
	assert.Len(t, history.Formers[0].Commit, 40)
	assert.False(t, history.Formers[0].Date.IsZero())
	assert.False(t, history.Shallow)
}

func TestAReturnIsAReleaseToo(t *testing.T) {
	r := newRepository(t)
	r.released(digest("a"), digest("b"), digest("a"))
	history, err := r.target().History(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []string{"Release auth b"}, subjects(history))

	r.released(digest("c"))
	history, err = r.target().History(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []string{"Release auth a", "Release auth b"}, subjects(history), "in the order of their last use")
}

func TestWhatIsNotCommittedIsTheCurrentImage(t *testing.T) {
	r := newRepository(t)
	r.released(digest("a"))
	r.write(digest("b"))
	history, err := r.target().History(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []string{"Release auth a"}, subjects(history))
}

func TestVersionsThatCannotBeReadAreLeftOut(t *testing.T) {
	r := newRepository(t)
	r.released(digest("a"))
	require.NoError(t, os.WriteFile(r.file(), []byte("config: [<<<<<<<"), 0o600))
	r.commit("Break the file")
	require.NoError(t, os.Remove(r.file()))
	r.commit("Delete the file")
	r.released(digest("b"))
	history, err := r.target().History(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []string{"Release auth a"}, subjects(history))
}

func TestHistoryGoesThroughRenames(t *testing.T) {
	r := newRepository(t)
	r.released(digest("a"))
	r.git("mv", "Pulumi.staging.yaml", "Pulumi.before.yaml")
	r.commit("Rename the stack")
	r.git("mv", "Pulumi.before.yaml", "Pulumi.staging.yaml")
	r.commit("Rename it back")
	r.released(digest("b"))
	history, err := r.target().History(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []string{"Release auth a"}, subjects(history))
}

func TestWithoutAFormerImageThereIsNoReturn(t *testing.T) {
	cases := map[string]struct {
		reason string
		make   func(*repository)
		says   string
	}{
		"no commit": {"the file is not committed", func(r *repository) { r.write(digest("a")) }, "reading the history"},
		"other commits": {
			"none has the file", func(r *repository) { r.commit("Begin"); r.write(digest("a")) }, "no commit has it",
		},
		"one release": {
			"there is nothing before it", func(r *repository) { r.released(digest("a")) }, "no former image of auth",
		},
		"first release": {
			"the placeholder was no release", func(r *repository) { r.released(release.Placeholder, digest("a")) },
			"no former image of auth",
		},
		"no repository": {
			"there is no history at all", func(r *repository) {
				r.write(digest("a"))
				require.NoError(r.t, os.RemoveAll(filepath.Join(r.folder, ".git")))
			}, "git log",
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			r := newRepository(t)
			c.make(r)
			_, err := r.target().History(t.Context())
			var refused *release.RefusedError
			require.ErrorAs(t, err, &refused, c.reason)
			assert.ErrorContains(t, err, c.says)
		})
	}
}

func TestAShallowCloneSaysThatImagesMayBeMissing(t *testing.T) {
	r := newRepository(t)
	r.released(digest("a"), digest("b"))
	clone := &repository{t: t, folder: filepath.Join(t.TempDir(), "clone")}
	r.git("clone", "--quiet", "--depth=1", "file://"+r.folder, clone.folder)

	_, err := clone.target().History(t.Context())
	require.ErrorContains(t, err, "the clone is shallow: `git fetch --unshallow`")
	_, err = r.target().History(t.Context())
	assert.NoError(t, err, "the control: the whole one")
}

func TestAFormerImageIsFoundByTheBeginningOfItsDigest(t *testing.T) {
	near := "sha256:" + strings.Repeat("a", 63) + "0"
	r := newRepository(t)
	r.released(digest("a"), near, digest("b"), digest("c"))
	history, err := r.target().History(t.Context())
	require.NoError(t, err)

	for given, want := range map[string]string{
		digest("b"): digest("b"), digest("b")[:19]: digest("b"), near: near, "auth-service@" + near: near,
	} {
		found, err := history.Find(given)
		require.NoError(t, err, given)
		assert.Equal(t, "auth-service@"+want, found.Image)
	}
	for given, says := range map[string]string{
		near[:20]: "begins 2 former digests", digest("c"): "no former digest", digest("d"): "no former digest",
		"": "no former digest",
	} {
		_, err := history.Find(given)
		var refused *release.RefusedError
		require.ErrorAs(t, err, &refused, given)
		assert.ErrorContains(t, err, says, given)
	}
}
