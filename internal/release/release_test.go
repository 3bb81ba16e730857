package release_test

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/release"
	"github.com/dreamseed/platform/internal/stackfile"
)

func TestTheNextImageIsInTheRepositoryOfTheCurrentOne(t *testing.T) {
	cases := map[string]struct{ reason, current, given, want string }{
		"digest": {"the repository stays", "auth-service@" + digest("a"), digest("b"), "auth-service@" + digest("b")},
		"with its repository": {
			"a build prints it so", "auth-service@" + digest("a"), "auth-service@" + digest("b"), "auth-service@" + digest("b"),
		},
		"tag": {
			"it would lie about the digest", "dreamseed/auth-service:dev", digest("b"), "dreamseed/auth-service@" + digest("b"),
		},
		"tag and digest": {
			"the same", "auth-service:1.2@" + digest("a"), digest("b"), "auth-service@" + digest("b"),
		},
		"port": {
			"it is no tag", "registry.example.com:5000/auth@" + digest("a"), digest("b"),
			"registry.example.com:5000/auth@" + digest("b"),
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			next, err := release.Next(c.current, c.given)
			require.NoError(t, err)
			assert.Equal(t, c.want, next, c.reason)
		})
	}
}

func TestADigestThatCannotBeReleasedIsRefused(t *testing.T) {
	cases := map[string]struct {
		reason, given string
		says          []string
	}{
		"nothing":  {"there is none", "", []string{`the digest is ""`}},
		"a tag":    {"it can be moved", "v2", []string{`the digest is "v2"`, "64 hexadecimal digits"}},
		"short":    {"it is not whole", "sha256:44136fa355b3", []string{"64 hexadecimal digits"}},
		"long":     {"it has more", digest("a") + "0", []string{"64 hexadecimal digits"}},
		"capitals": {"no registry has it", digest("A"), []string{"lower case"}},
		"another hash": {
			"no registry here uses it", "sha512:" + strings.Repeat("a", 128), []string{"64 hexadecimal digits"},
		},
		"two digests": {
			"which one?", "auth-service@" + digest("a") + "@" + digest("b"), []string{"64 hexadecimal digits"},
		},
		"the placeholder": {"no registry runs it", release.Placeholder, []string{"empty JSON object"}},
		"the same":        {"nothing would change", digest("c"), []string{"already"}},
		"other repository": {
			"it is another program", "user-service@" + digest("a"), []string{`"user-service"`, "auth-service"},
		},
		"everything": {"all is told at once", "user-service@v2", []string{`"user-service"`, `"v2"`}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := release.Next("auth-service@"+digest("c"), c.given)
			var refused *release.RefusedError
			require.ErrorAs(t, err, &refused, c.reason)
			for _, word := range c.says {
				assert.ErrorContains(t, err, word)
			}
		})
	}
}

func TestAReleaseChangesOneLine(t *testing.T) {
	r := newRepository(t)
	r.write(digest("a"))
	before := read(t, r.file())

	require.NoError(t, r.target().Save("auth-service@"+digest("b")))

	assert.Equal(t, strings.Replace(before, digest("a"), digest("b"), 1), read(t, r.file()))
	assert.Equal(t, "auth-service@"+digest("b"), r.target().Service.Image)
}

func read(t *testing.T, path string) string {
	t.Helper()
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(content)
}

func TestAServiceThatIsNotThereIsRefused(t *testing.T) {
	r := newRepository(t)
	r.write(digest("a"))
	_, err := release.Open(r.folder, "staging", "billing")
	var refused *release.RefusedError
	require.ErrorAs(t, err, &refused)
	require.ErrorContains(t, err, `"billing": it must be one of ai-tutor, analytics`)

	require.NoError(t, os.WriteFile(r.file(), []byte(read(t, r.file())+"  dreamseed:replicas: 3\n"), 0o600))
	_, err = release.Open(r.folder, "staging", "auth")
	var wrong *stackfile.ContentError
	require.ErrorAs(t, err, &wrong, "nothing is released into a file that pulumi refuses")
	require.ErrorContains(t, err, "dreamseed:replicas")
}
