package main

import (
	"fmt"
	"io"
	"log"
	"net/http/httptest"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/google/go-containerregistry/pkg/name"
	"github.com/google/go-containerregistry/pkg/registry"
	"github.com/google/go-containerregistry/pkg/v1/random"
	"github.com/google/go-containerregistry/pkg/v1/remote"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/release"
)

func digestOf(character string) string { return "sha256:" + strings.Repeat(character, 64) }

// stagingWith returns the tracked staging stack with a digest of auth.
func stagingWith(t *testing.T, digest string) string {
	t.Helper()
	tracked, err := os.ReadFile("../../Pulumi.staging.yaml")
	require.NoError(t, err)
	return strings.Replace(string(tracked), "auth-service@"+release.Placeholder, "auth-service@"+digest, 1)
}

// playPulumi is playState with the outputs of a stack.
func playPulumi(t *testing.T, outputs map[string]any) {
	t.Helper()
	playState(t, []any{map[string]any{
		"urn":  "urn:pulumi:test::dreamseed::pulumi:pulumi:Stack::dreamseed-test",
		"type": "pulumi:pulumi:Stack", "outputs": outputs,
	}})
}

// playRegistry runs a registry with one image of auth, and returns its host and the digest.
func playRegistry(t *testing.T) (host, digest string) {
	t.Helper()
	t.Setenv("DOCKER_CONFIG", t.TempDir()) // no login of whoever runs the test
	server := httptest.NewServer(registry.New(registry.Logger(log.New(io.Discard, "", 0))))
	t.Cleanup(server.Close)
	host = strings.TrimPrefix(server.URL, "http://")
	image, err := random.Image(16, 1)
	require.NoError(t, err)
	hash, err := image.Digest()
	require.NoError(t, err)
	reference, err := name.NewDigest(host + "/auth-service@" + hash.String())
	require.NoError(t, err)
	require.NoError(t, remote.Write(reference, image))
	return host, hash.String()
}

// commitAll commits everything in the current folder.
func commitAll(t *testing.T, subject string) {
	t.Helper()
	for _, words := range [][]string{
		{"init", "--quiet"}, {"add", "--all"},
		{"-c", "user.name=Ada", "-c", "user.email=ada@example.com", "commit", "--quiet", "--message", subject},
	} {
		command := exec.Command("git", words...)
		command.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL=/dev/null", "GIT_CONFIG_SYSTEM=/dev/null")
		printed, err := command.CombinedOutput()
		require.NoError(t, err, string(printed))
	}
}

// committed enters a project in which auth had each of these digests, the last one now.
func committed(t *testing.T, digests ...string) (file string) {
	t.Helper()
	versions := map[string]string{}
	for _, one := range digests {
		versions[one] = stagingWith(t, one)
	}
	file = enter(t, versions[digests[0]])
	for _, one := range digests {
		require.NoError(t, os.WriteFile(file, []byte(versions[one]), 0o600))
		commitAll(t, "Release auth "+one[7:8])
	}
	return file
}

func runWords(t *testing.T, words ...string) result {
	t.Helper()
	return run(t.Context(), strings.NewReader(""), words...)
}

func TestReleaseWritesTheDigestAndSaysWhatFollows(t *testing.T) {
	host, digest := playRegistry(t)
	playPulumi(t, map[string]any{
		"registry": host, "migrations": map[string]any{"auth": []string{"auth-service@" + digestOf("a")}},
	})
	before := stagingWith(t, digestOf("a"))
	file := enter(t, before)

	done := runWords(t, "release", "auth", digest, "--stack=test")

	require.NoError(t, done.err)
	assert.Equal(t, strings.Replace(before, digestOf("a"), digest, 1), content(t, file), "nothing else")
	assert.Equal(t, fmt.Sprintf(`Wrote auth-service@%[1]s to Pulumi.test.yaml.

  before     auth-service@%[2]s
  registry   has %[3]s/auth-service@%[1]s
  migration  that of the new image, before its first pod; if it fails, the old release goes on
  strategy   rolling, within 240 seconds

Next, either commit and let CI deploy, or deploy by hand:
  git commit --message 'Release auth %[4]s to test' -- Pulumi.test.yaml && git push
  pulumi up --stack test
To return, once it is committed:
  dreamseed rollback auth --last --stack test
`, digest, digestOf("a"), host, digest[:19]), done.output)
}

func TestReleaseKnowsTheMigrationsThatAreDone(t *testing.T) {
	host, digest := playRegistry(t)
	playPulumi(t, map[string]any{
		"registry": host, "migrations": map[string]any{"auth": []string{"elsewhere/auth-service@" + digest}},
	})
	enter(t, stagingWith(t, digestOf("a")))
	done := runWords(t, "release", "auth", digest, "--stack=test")
	require.NoError(t, done.err)
	assert.Contains(t, done.output, "none: the database has seen this image")
}

func TestReleaseOfflineSaysWhatItDidNotAsk(t *testing.T) {
	t.Setenv("PATH", "") // neither pulumi nor anything else
	file := enter(t, stagingWith(t, digestOf("a")))
	done := runWords(t, "release", "auth", digestOf("b"), "--stack=test", "--offline")
	require.NoError(t, done.err)
	assert.Contains(t, content(t, file), "auth-service@"+digestOf("b"))
	assert.Contains(t, done.output, "registry   not asked (--offline): whether the image exists is unknown")
	assert.Contains(t, done.output, "migration  not asked (--offline)")
}

func TestReleaseIntoAFrozenStackIsRefused(t *testing.T) {
	file := enter(t, stagingWith(t, digestOf("a")))
	before := content(t, file)
	require.NoError(t, runWords(t, "freeze", "set", "--stack=test", "--reason=nobody is there", "--until=2999-12-31").err)

	refused := runWords(t, "release", "auth", digestOf("b"), "--stack=test", "--offline")
	assert.Equal(t, 7, refused.code)
	require.ErrorContains(t, refused.err, "test is frozen until 3000-01-01T00:00:00Z: nobody is there")
	assert.Equal(t, before, content(t, file))

	require.NoError(t, runWords(t, "freeze", "lift", "--stack=test").err)
	assert.NoError(t, runWords(t, "release", "auth", digestOf("b"), "--stack=test", "--offline").err, "the control")
}

func TestRollbackListsAndReturns(t *testing.T) {
	file := committed(t, digestOf("a"), digestOf("b"), digestOf("c"))
	before := content(t, file)

	listed := runWords(t, "rollback", "auth", "--stack=test")
	require.NoError(t, listed.err)
	assert.Regexp(t, `(?s)│ 1 │ sha256:b{12} │ [0-9a-f]{10} │ \d{4}-\d\d-\d\d │ Ada +│ Release auth b │.*`+
		`│ 2 │ sha256:a{12} │ [0-9a-f]{10} │ \d{4}-\d\d-\d\d │ Ada +│ Release auth a │`, listed.output)
	assert.Contains(t, listed.output, "Nothing was changed")
	assert.Equal(t, before, content(t, file))

	returned := runWords(t, "rollback", "auth", digestOf("a")[:19], "--stack=test", "--offline")
	require.NoError(t, returned.err)
	assert.Equal(t, strings.Replace(before, digestOf("c"), digestOf("a"), 1), content(t, file))

	require.NoError(t, os.WriteFile(file, []byte(before), 0o600))
	returned = runWords(t, "rollback", "auth", "--last", "--stack=test", "--offline")
	require.NoError(t, returned.err)
	assert.Equal(t, strings.Replace(before, digestOf("c"), digestOf("b"), 1), content(t, file))
}

func TestRollbackAsksTheRegistryToo(t *testing.T) {
	host, _ := playRegistry(t)
	playPulumi(t, map[string]any{"registry": host})
	file := committed(t, digestOf("a"), digestOf("b"))
	before := content(t, file)
	refused := runWords(t, "rollback", "auth", "--last", "--stack=test")
	assert.Equal(t, 2, refused.code)
	require.ErrorContains(t, refused.err, host+" has no image "+host+"/auth-service@"+digestOf("a"))
	assert.Equal(t, before, content(t, file))
}

func TestRollbackOfAFrozenStackIsTheLastWayOut(t *testing.T) {
	file := committed(t, digestOf("a"), digestOf("b"))
	require.NoError(t, runWords(t, "freeze", "set", "--stack=test", "--reason=nobody is there", "--until=2999-12-31").err)
	returned := runWords(t, "rollback", "auth", "--last", "--stack=test", "--offline")
	require.NoError(t, returned.err)
	assert.Contains(t, returned.output, "test is frozen until 3000-01-01T00:00:00Z: nobody is there. CI does not deploy")
	assert.Contains(t, content(t, file), "auth-service@"+digestOf("a"))
}

func TestWrongReleasesAndReturnsChangeNothing(t *testing.T) {
	host, digest := playRegistry(t)
	playPulumi(t, map[string]any{"registry": host})
	one, two := digestOf("a"), digestOf("b")
	cases := map[string]struct {
		reason string
		words  []string
		says   []string
	}{
		"unknown service": {
			"the message lists them", []string{"release", "billing", digest}, []string{`"billing"`, "payment"},
		},
		"wrong digest": {
			"the message says the rule", []string{"release", "auth", "v2"}, []string{`"v2"`, "64 hexadecimal"},
		},
		"both wrong": {"all is told at once", []string{"release", "billing", "v2"}, []string{`"billing"`, `"v2"`}},
		"no such image": {
			"pods could not pull it", []string{"release", "auth", digestOf("0")}, []string{host + " has no image"},
		},
		"the same":       {"nothing would follow", []string{"release", "auth", two}, []string{"already"}},
		"no digest":      {"there is nothing to release", []string{"release", "auth"}, []string{"2 arg"}},
		"no stack":       {"there is no default", []string{"release", "auth", digest, "--stack="}, []string{"--stack"}},
		"other stack":    {"the message lists them", []string{"release", "auth", digest, "--stack=prod"}, []string{"test"}},
		"unknown return": {"a typing mistake", []string{"rollback", "billing"}, []string{`"billing"`, "payment"}},
		"never released": {
			"only the history is returned to", []string{"rollback", "auth", digest}, []string{"no former digest"},
		},
		"no history": {
			"it was never released", []string{"rollback", "user", "--last"}, []string{"no former image of user"},
		},
		"last and another": {"which one?", []string{"rollback", "auth", one, "--last"}, []string{"--last"}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			committed(t, one, two)
			before := tree(t)
			words := append([]string{c.words[0], "--stack=test"}, c.words[1:]...)
			refused := runWords(t, words...)
			assert.Equal(t, 2, refused.code, c.reason)
			for _, word := range c.says {
				require.ErrorContains(t, refused.err, word)
			}
			assert.Equal(t, before, tree(t), "nothing was written")
		})
	}
}

// tree returns the content of every file in the current folder, but for those of Git.
func tree(t *testing.T) map[string]string {
	t.Helper()
	entries, err := os.ReadDir(".")
	require.NoError(t, err)
	files := map[string]string{}
	for _, one := range entries {
		if one.Name() != ".git" {
			files[one.Name()] = content(t, one.Name())
		}
	}
	require.Contains(t, files, "Pulumi.test.yaml")
	return files
}

func TestARegistryThatCannotBeAskedIsNoWrongInput(t *testing.T) {
	t.Setenv("DOCKER_CONFIG", t.TempDir())
	closed := httptest.NewServer(nil)
	host := strings.TrimPrefix(closed.URL, "http://")
	closed.Close()
	playPulumi(t, map[string]any{"registry": host})
	file := enter(t, stagingWith(t, digestOf("a")))
	before := content(t, file)
	failed := runWords(t, "release", "auth", digestOf("b"), "--stack=test")
	assert.Equal(t, 1, failed.code)
	require.ErrorContains(t, failed.err, "nothing was changed, and --offline does not ask")
	assert.Equal(t, before, content(t, file))
}

func TestAStackWithoutARegistryIsNotAskedElsewhere(t *testing.T) {
	playPulumi(t, map[string]any{})
	enter(t, stagingWith(t, digestOf("a")))
	failed := runWords(t, "release", "auth", digestOf("b"), "--stack=test")
	assert.Equal(t, 1, failed.code)
	assert.ErrorContains(t, failed.err, "no output registry")
}
