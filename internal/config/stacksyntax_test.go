package config_test

import (
	"os"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/config"
	"github.com/dreamseed/platform/internal/mocktest"
)

// readings returns the errors of the two ways in which the program reads a stack file: by the sandbox, and by an engine
// that was started in the project's folder and passes on the values below config.
func readings(t *testing.T, content string) map[string]error {
	t.Helper()
	folder := stackFolder(t, content)
	_, bySandbox := config.FromStackFile(folder, "test")

	t.Chdir(folder)
	t.Setenv("PULUMI_STACK", "test")
	t.Setenv("PULUMI_CONFIG", text(t, mocktest.StackConfig(t, "local")))
	_, byEngine := config.FromEngine()
	return map[string]error{"sandbox": bySandbox, "engine": byEngine}
}

// tracked returns the stack file of the local environment.
func tracked(t *testing.T) string {
	t.Helper()
	content, err := os.ReadFile(project + "/Pulumi.local.yaml")
	require.NoError(t, err)
	return string(content)
}

func TestWhatTheEngineReadsOverIsRefused(t *testing.T) {
	cases := map[string]struct {
		reason  string
		further string
		says    []string
	}{
		"section beside config": {
			reason:  "it lost its indentation",
			further: "dreamseed:ingress: {host: learn.example}\n",
			says:    []string{"dreamseed:ingress", "below config:"},
		},
		"key of a file of another kind": {
			reason:  "the engine knows five",
			further: "ingress: {host: learn.example}\n",
			says:    []string{"\ningress is", "encryptionsalt"},
		},
		"date": {
			reason:  "the engine hands over 2024-01-06 00:00:00 +0000 UTC",
			further: "  dreamseed:operators: 2024-01-06\n",
			says:    []string{"dreamseed:operators", "2024-01-06", "quoted"},
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			for way, err := range readings(t, tracked(t)+c.further) {
				for _, words := range c.says {
					assert.ErrorContains(t, prefixed(err), words, "%s: %s", way, c.reason)
				}
			}
		})
	}
}

// prefixed lets a test require that a word begins a line.
func prefixed(err error) error {
	if err == nil {
		return nil
	}
	return errLine{err}
}

type errLine struct{ error }

func (e errLine) Error() string { return "\n" + e.error.Error() }

func TestADateInAnEntryOfAConfigMapNamesItsPlace(t *testing.T) {
	quoted := `config: {dreamseed:services: {auth: {config: {CUTOVER: "2024-01-06"}}}}`
	_, err := config.FromStackFile(stackFolder(t, quoted), "test")
	assert.NotContains(t, err.Error(), "CUTOVER")

	content := "config:\n  dreamseed:services: {auth: {config: {CUTOVER: 2024-01-06}}}\n"
	for way, err := range readings(t, content) {
		assert.ErrorContains(t, err, `dreamseed:services.auth.config.CUTOVER is "2024-01-06": it must be quoted`, way)
	}
}

func TestWhatTheEngineReadsIsNoMistake(t *testing.T) {
	plain := "config:\n  environment: local\n"
	_, err := config.FromStackFile(stackFolder(t, plain), "test")
	assert.NotContains(t, err.Error(), "environment", "a key without a namespace is the project's")

	further := "secretsprovider: passphrase\nencryptionsalt: v1:x\nenvironment: [shared]\nencryptedkey: x\n"
	for way, err := range readings(t, tracked(t)+further) {
		assert.NoError(t, err, way)
	}
}

func TestKeysThatNothingReadsAreRefused(t *testing.T) {
	for _, key := range []string{
		"dreamsed:logLevel", "Dreamseed:logLevel", "kubernetes:context", "gcp:project", "aws:region",
	} {
		values := mocktest.StackConfig(t, "production")
		values[key] = "hunter2"
		assert.Equal(t, []string{key}, keysOfRefusal(t, values))
		assert.NotContains(t, refusal(t, values).Error(), "hunter2")
	}
	for _, key := range []string{"pulumi:tags", "pulumi:autonaming", "pulumi:disable-default-providers"} {
		values := mocktest.StackConfig(t, "production")
		values[key] = "{}"
		_, err := config.Load(values, nil)
		assert.NoError(t, err, "the engine knows it")
	}
}
