package main

import (
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/sealing/sealingtest"
)

const planted = "postgresql://auth:planted-hunter2@db/auth"

const sealedStack = `config:
  dreamseed:environment: staging # where
  dreamseed:secrets:
    # Not the cloud's.
    backend: sealedSecrets
  dreamseed:services:
    auth: {image: 'auth-service:1'}
    user:
      image: user-service:1 # of last week
`

// enter changes to a project with the stack `test` of this content, and returns its file.
func enter(t *testing.T, content string) string {
	t.Helper()
	description, err := os.ReadFile("../../Pulumi.yaml")
	require.NoError(t, err)
	folder := t.TempDir()
	require.NoError(t, os.WriteFile(filepath.Join(folder, "Pulumi.yaml"), description, 0o600))
	file := filepath.Join(folder, "Pulumi.test.yaml")
	require.NoError(t, os.WriteFile(file, []byte(content), 0o600))
	t.Chdir(folder)
	return file
}

// result is the outcome of a run of the command line.
type result struct {
	output string
	code   int
	err    error
}

func run(ctx context.Context, stdin io.Reader, words ...string) result {
	var output bytes.Buffer
	root := command()
	root.SetOut(&output)
	root.SetErr(&output)
	root.SetIn(stdin)
	root.SetArgs(words)
	err := root.ExecuteContext(ctx)
	return result{output.String(), exitCode(ctx, err), err}
}

func runSeal(t *testing.T, value string, more ...string) result {
	t.Helper()
	words := append([]string{"seal", "--stack=test", "--service=auth", "--key=DATABASE_URL"}, more...)
	return run(t.Context(), strings.NewReader(value), words...)
}

func content(t *testing.T, file string) string {
	t.Helper()
	read, err := os.ReadFile(file)
	require.NoError(t, err)
	return string(read)
}

// sealedValues returns the sealed values of a file, in its order.
func sealedValues(t *testing.T, file string) []string {
	t.Helper()
	var found []string
	for _, match := range regexp.MustCompile(`sealed: ([A-Za-z0-9+/=]+)`).FindAllStringSubmatch(content(t, file), -1) {
		found = append(found, match[1])
	}
	return found
}

func TestSealWritesAValueThatTheControllerReads(t *testing.T) {
	cases := map[string]struct{ reason, given, want string }{
		"line":           {"echo ends with a newline", planted + "\n", planted},
		"no newline":     {"printf ends with none", planted, planted},
		"several lines":  {"a key has lines, and its own newline is kept", "a\nb\n\n", "a\nb\n"},
		"space":          {"it may belong to a password", " a ", " a "},
		"as yaml and go": {"nothing in it means anything", "{{ %s }}: &*\"'#\x00\xff", "{{ %s }}: &*\"'#\x00\xff"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			controller := sealingtest.NewController(t)
			file := enter(t, sealedStack)

			done := runSeal(t, c.given, "--controller="+controller.URL)

			require.NoError(t, done.err)
			values := sealedValues(t, file)
			require.Len(t, values, 1)
			value, err := controller.Unseal(values[0], "dreamseed-staging", "auth-service-sealed-database-url")
			require.NoError(t, err)
			assert.Equal(t, c.want, value, c.reason)
			assert.NotContains(t, done.output, c.want)
			assert.NotContains(t, content(t, file), c.want)
		})
	}
}

func TestSealSaysWhatItWroteAndWhere(t *testing.T) {
	controller := sealingtest.NewController(t)
	file := enter(t, sealedStack)
	done := runSeal(t, planted, "--controller="+controller.URL)
	require.NoError(t, done.err)
	assert.Contains(t, done.output,
		"Sealed DATABASE_URL for the Secret auth-service-sealed-database-url in the namespace dreamseed-staging.\n")
	assert.Contains(t, done.output,
		"Wrote dreamseed:services.auth.secrets.DATABASE_URL.sealed to Pulumi.test.yaml.\n")
	assert.Contains(t, done.output, "Wrote dreamseed:secrets.certificate to Pulumi.test.yaml: valid from ")
	assert.NotContains(t, done.output, sealedValues(t, file)[0], "nor the sealed value: it is long")

	done = runSeal(t, "another")
	require.NoError(t, done.err, "the certificate stays in the file")
	assert.NotContains(t, done.output, "certificate")
	assert.Len(t, sealedValues(t, file), 1, "the new value takes the old one's place")
}

func TestSealKeepsTheRestOfTheFile(t *testing.T) {
	file := enter(t, sealedStack)
	require.NoError(t, runSeal(t, planted, "--controller="+sealingtest.NewController(t).URL).err)

	after := content(t, file)
	after = regexp.MustCompile(`, secrets: \{DATABASE_URL: \{sealed: [^}]+\}\}`).ReplaceAllString(after, "")
	after = regexp.MustCompile(`(?s)    certificate: \|\n.*-----END CERTIFICATE-----\n`).ReplaceAllString(after, "")
	assert.Equal(t, sealedStack, after)
}

func TestSealWithTheNewestCertificate(t *testing.T) {
	controller := sealingtest.NewController(t)
	file := enter(t, sealedStack)
	require.NoError(t, runSeal(t, planted, "--controller="+controller.URL).err)
	controller.Renew(t)
	require.NoError(t, runSeal(t, planted).err)
	_, err := controller.UnsealNewest(sealedValues(t, file)[0], "dreamseed-staging", "auth-service-sealed-database-url")
	require.Error(t, err, "nobody has fetched it")

	require.NoError(t, runSeal(t, planted, "--controller="+controller.URL).err)
	_, err = controller.UnsealNewest(sealedValues(t, file)[0], "dreamseed-staging", "auth-service-sealed-database-url")
	require.NoError(t, err)
	assert.Equal(t, 1, strings.Count(content(t, file), "BEGIN CERTIFICATE"))
}

// withCertificate returns the stack with a certificate of this validity.
func withCertificate(t *testing.T, validFor time.Duration) string {
	t.Helper()
	certificate := sealingtest.CertificateOf(t, sealingtest.Key(t), time.Now().Add(-time.Hour), validFor)
	return strings.Replace(sealedStack, "backend: sealedSecrets\n", "backend: sealedSecrets\n    certificate: |\n      "+
		strings.ReplaceAll(strings.TrimSpace(certificate), "\n", "\n      ")+"\n", 1)
}

func TestSealRefusesWrongInput(t *testing.T) {
	valid := withCertificate(t, 24*time.Hour)
	cases := map[string]struct {
		reason, stack, value string
		more                 []string
		says                 string
	}{
		"empty value":     {"a secret must have one", valid, "", nil, "empty"},
		"only a newline":  {"it is as good as empty", valid, "\n", nil, "empty"},
		"too long":        {"no Secret may hold it", valid, strings.Repeat("x", 1<<20+1), nil, "1048576 bytes"},
		"unknown service": {"the message lists them", valid, planted, []string{"--service=billing"}, "ai-tutor, analytics"},
		"no service":      {"it is required", valid, planted, []string{"--service="}, `--service is ""`},
		"wrong key":       {"the message says the rule", valid, planted, []string{"--key=database-url"}, "capital letters"},
		"both wrong": {
			"all is told at once", valid, planted, []string{"--service=billing", "--key=database-url"},
			"user, monitoring\n--key is",
		},
		"no key":            {"it is required", valid, planted, []string{"--key="}, "--key"},
		"no stack":          {"there is no default", valid, planted, []string{"--stack="}, "--stack"},
		"unknown stack":     {"the message lists them", valid, planted, []string{"--stack=prod"}, "stacks here are: test"},
		"path as stack":     {"a stack is no path", valid, planted, []string{"--stack=../test"}, "../test"},
		"value as argument": {"a process list shows it", valid, planted, []string{"value"}, "value"},
		"other machine": {
			"plain HTTP is not safe there", valid, planted,
			[]string{"--controller=http://sealed-secrets.example.com"}, "port-forward",
		},
		"no certificate": {"the message says how to get it", sealedStack, planted, nil, "--controller http://localhost:8080"},
		"expired":        {"the controller has a newer one", withCertificate(t, time.Minute), planted, nil, "expired"},
		"other backend": {
			"nobody would read the value", strings.Replace(valid, "sealedSecrets", "externalSecrets", 1), planted, nil,
			"must be sealedSecrets",
		},
		"no YAML": {"nothing can be read", "config: [", planted, nil, "Pulumi.test.yaml"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			file := enter(t, c.stack)

			done := runSeal(t, c.value, c.more...)

			require.ErrorContains(t, done.err, c.says, c.reason)
			assert.Equal(t, exitInput, done.code, "%s: %v", c.reason, done.err)
			assert.NotContains(t, done.err.Error()+done.output, "hunter2")
			assert.Equal(t, c.stack, content(t, file))
		})
	}
}

func TestAnEmptyValueIsRefusedBeforeItTakesTheCertificate(t *testing.T) {
	file := enter(t, sealedStack)
	done := runSeal(t, "", "--controller="+sealingtest.NewController(t).URL)
	require.Error(t, done.err)
	assert.Equal(t, sealedStack, content(t, file), "all of it or nothing")
}

func TestSealWithoutAControllerThatAnswers(t *testing.T) {
	file := enter(t, sealedStack)
	done := runSeal(t, planted, "--controller=http://127.0.0.1:1")
	require.ErrorContains(t, done.err, "controller")
	assert.Equal(t, exitFailed, done.code)
	assert.Equal(t, sealedStack, content(t, file))
}

func TestAnInterruptEndsTheWaitForAValue(t *testing.T) {
	before := withCertificate(t, 24*time.Hour)
	file := enter(t, before)
	never, writer := io.Pipe()
	defer writer.Close() //nolint:errcheck // a pipe has nothing to complain about
	ctx, cancel := context.WithCancel(t.Context())
	time.AfterFunc(50*time.Millisecond, cancel)

	done := run(ctx, never, "seal", "--stack=test", "--service=auth", "--key=DATABASE_URL")

	require.ErrorIs(t, done.err, context.Canceled)
	assert.Equal(t, exitInterrupted, done.code)
	assert.Equal(t, before, content(t, file))
}

func TestResealHasEveryValueEncryptedWithTheNewestKey(t *testing.T) {
	controller := sealingtest.NewController(t)
	file := enter(t, sealedStack)
	require.NoError(t, runSeal(t, "auth's", "--controller="+controller.URL).err)
	require.NoError(t, runSeal(t, "user's", "--service=user").err)
	controller.Renew(t)

	done := run(t.Context(), strings.NewReader(""), "reseal", "--stack=test", "--controller="+controller.URL)

	require.NoError(t, done.err)
	assert.Contains(t, done.output, "Sealed values encrypted again in Pulumi.test.yaml: 2.\n")
	assert.Contains(t, done.output, "Wrote dreamseed:secrets.certificate to Pulumi.test.yaml: valid from ")
	values := sealedValues(t, file)
	require.Len(t, values, 2)
	for i, service := range []string{"auth", "user"} {
		value, err := controller.UnsealNewest(values[i], "dreamseed-staging", service+"-service-sealed-database-url")
		require.NoError(t, err)
		assert.Equal(t, service+"'s", value)
		assert.NotContains(t, done.output, value)
	}
	require.NoError(t, runSeal(t, "another").err)
	_, err := controller.UnsealNewest(sealedValues(t, file)[0], "dreamseed-staging", "auth-service-sealed-database-url")
	require.NoError(t, err, "the next value is sealed with the newest key too")
}

func TestResealWritesEverythingOrNothing(t *testing.T) {
	controller := sealingtest.NewController(t)
	file := enter(t, sealedStack)
	require.NoError(t, runSeal(t, "auth's", "--controller="+controller.URL).err)
	require.NoError(t, runSeal(t, "user's", "--service=user").err)
	before := content(t, file)
	controller.Renew(t)
	controller.Refuse("user-service-sealed-database-url", http.StatusTooManyRequests)

	done := run(t.Context(), strings.NewReader(""), "reseal", "--stack=test", "--controller="+controller.URL)

	require.ErrorContains(t, done.err, " of user: ")
	require.ErrorContains(t, done.err, "429 Too Many Requests")
	assert.Equal(t, exitFailed, done.code)
	assert.Equal(t, []string{"auth-service-sealed-database-url", "user-service-sealed-database-url"}, controller.Rotated())
	assert.Equal(t, before, content(t, file), "not even the certificate")
}

func TestResealRefusesWrongInput(t *testing.T) {
	plain := strings.Replace(sealedStack, "image: 'auth-service:1'", "secrets: {A: {sealed: "+planted+"}}", 1)
	cases := map[string]struct {
		reason, stack string
		more          []string
		says          string
	}{
		"no controller": {"nobody else can re-encrypt", sealedStack, []string{"--controller="}, "--controller must be"},
		"other machine": {"HTTP is not safe there", sealedStack, []string{"--controller=http://10.0.0.1"}, "port-forward"},
		"password":      {"it is not shown", sealedStack, []string{"--controller=http://:hunter2@localhost"}, "--controller"},
		"no stack":      {"there is no default", sealedStack, []string{"--stack="}, "--stack"},
		"in clear":      {"it must not be sent", plain, nil, "dreamseed:services.auth.secrets.A.sealed"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			controller := sealingtest.NewController(t)
			file := enter(t, c.stack)

			words := append([]string{"reseal", "--stack=test", "--controller=" + controller.URL}, c.more...)
			done := run(t.Context(), strings.NewReader(""), words...)

			require.ErrorContains(t, done.err, c.says, c.reason)
			assert.Equal(t, exitInput, done.code, "%s: %v", c.reason, done.err)
			assert.NotContains(t, done.err.Error()+done.output, "hunter2")
			assert.Empty(t, controller.Rotated())
			assert.Equal(t, c.stack, content(t, file))
		})
	}
}

func TestHelpOfSealSaysWhereTheValueComesFrom(t *testing.T) {
	for name, says := range map[string][]string{
		"seal":   {"stdin", "one newline at\nits end", "--controller http://localhost:8080", "Exit codes", "  2 "},
		"reseal": {"Either\nevery value is written or none", "Exit codes", "  2 "},
	} {
		done := run(t.Context(), nil, name, "--help")
		require.NoError(t, done.err)
		for _, words := range says {
			assert.Contains(t, done.output, words)
		}
	}
}
