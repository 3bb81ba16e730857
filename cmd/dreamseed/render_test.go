package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Nothing is asked of pulumi, which a test of the command line has not: every mistake is known before.
func TestEveryMistakeOfARenderIsToldAtOnce(t *testing.T) {
	cases := map[string]struct {
		flags  []string
		says   []string
		reason string
	}{
		"nothing given": {nil, []string{"--stack", "--output"}, "both are required"},
		"no repository": {
			[]string{"--stack=test", "--output=new", "--path=p", "--revision=main"},
			[]string{"--path", "--revision"}, "they would be lost",
		},
		"all of them": {
			[]string{"--stack=a/b", "--output=taken", "--repository=https://h/r", "--path=../p"},
			[]string{"--stack", "taken/mine.yaml", "--path"}, "one round of corrections is enough",
		},
		"folder outside": {
			[]string{"--stack=test", "--output=/manifests", "--repository=https://h/r"}, []string{"--path"},
			"its place in the repository is not known",
		},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			enter(t, "config: {}\n")
			require.NoError(t, os.Mkdir("taken", 0o700))
			require.NoError(t, os.WriteFile("taken/mine.yaml", nil, 0o600))

			refused := run(t.Context(), nil, append([]string{"render"}, tt.flags...)...)

			assert.Equal(t, exitInput, refused.code, tt.reason)
			for _, word := range tt.says {
				require.ErrorContains(t, refused.err, word)
			}
			assert.NoDirExists(t, "new")
			assert.FileExists(t, "taken/mine.yaml")
		})
	}
}

func TestARepositoryIsGivenWithoutAPassword(t *testing.T) {
	const token = "planted-token"
	cases := map[string]struct {
		url    string
		holds  bool
		reason string
	}{
		"HTTPS":             {"https://github.com/e/p.git", false, "the usual"},
		"SSH":               {"ssh://git@github.com/e/p.git", false, "the key is elsewhere"},
		"SSH, short":        {"git@github.com:e/p.git", false, "the key is elsewhere"},
		"HTTPS, token":      {"https://" + token + "@github.com/e/p.git", true, "the user is the secret"},
		"HTTPS, password":   {"https://e:" + token + "@github.com/e/p.git", true, "a password"},
		"SSH, password":     {"ssh://git:" + token + "@github.com/e/p.git", true, "a password"},
		"no URL, and a one": {"https://e:" + token + "%zz@github.com/e/p.git", true, "nobody can tell"},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			_, err := renderFlags{output: "manifests", repository: tt.url}.source()

			assert.Equal(t, tt.holds, err != nil, tt.reason)
			if err != nil {
				assert.NotContains(t, err.Error(), token)
			}
		})
	}
}

func TestTheFolderIsWhereItIsWritten(t *testing.T) {
	from, err := renderFlags{output: filepath.Join("manifests", "test") + "/", repository: "https://h/r"}.source()
	require.NoError(t, err)
	assert.Equal(t, "manifests/test", from.Path)
	assert.Equal(t, "HEAD", from.Revision)

	from, err = renderFlags{output: "/m", repository: "https://h/r", path: "p", revision: "v1"}.source()
	require.NoError(t, err)
	assert.Equal(t, "p", from.Path)
	assert.Equal(t, "v1", from.Revision)
}

func TestRenderSaysWhatItsExitCodesMean(t *testing.T) {
	help := run(t.Context(), strings.NewReader(""), "render", "--help")
	assert.Contains(t, help.output, "nothing was written")
}
