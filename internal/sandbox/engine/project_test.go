package engine

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

func (f fixture) decode(path string) map[string]any {
	f.t.Helper()
	var content map[string]any
	require.NoError(f.t, yaml.Unmarshal([]byte(f.read(path)), &content))
	return content
}

func (f fixture) prepare(overrides map[string]string) error {
	return f.Prepare(f.t.Context(), Project{Program: f.program(), Overrides: overrides})
}

func TestTheWorkProjectStartsTheBuiltProgram(t *testing.T) {
	f := newFixture(t, "")
	f.write(f.layout.Binary("pulumi-resource-kubernetes"), "")

	require.NoError(t, f.prepare(nil))

	project := f.decode(filepath.Join(f.stack.Project(), "Pulumi.yaml"))
	assert.Equal(t, map[string]any{"name": "go", "options": map[string]any{"binary": f.program()}}, project["runtime"])
	assert.Equal(t, map[string]any{
		"providers": []any{map[string]any{"name": "kubernetes", "path": f.layout.Bin}},
	}, project["plugins"])
	assert.Contains(t, project["config"], "dreamseed:environment")
	for _, elsewhere := range []string{"main", "stackConfigDir", "backend"} {
		assert.NotContains(t, project, elsewhere)
	}
}

func TestOverridesHoldInTheSandboxOnly(t *testing.T) {
	f := newFixture(t, "")

	require.NoError(t, f.prepare(map[string]string{
		"dreamseed:cluster.context":        "sandbox",
		"dreamseed:cluster.kubeconfigPath": "/kubeconfig",
		"dreamseed:environment":            "12",
	}))

	assert.Equal(t, map[string]any{
		"dreamseed:cluster":     map[string]any{"builder": "existing", "context": "sandbox", "kubeconfigPath": "/kubeconfig"},
		"dreamseed:environment": "12",
	}, f.decode(f.stackConfig())["config"])
	assert.Equal(t, trackedStack, f.read(filepath.Join(f.layout.Project, "Pulumi.local.yaml")))
	assert.Equal(t, trackedProject, f.read(filepath.Join(f.layout.Project, "Pulumi.yaml")))
}

func TestTheWorkCopyKeepsItsSaltAndFollowsTheTrackedFile(t *testing.T) {
	f := newFixture(t, "")
	require.NoError(t, f.prepare(nil))
	f.write(f.stackConfig(), f.read(f.stackConfig())+"encryptionsalt: v1:salt\n")
	tracked := filepath.Join(f.layout.Project, "Pulumi.local.yaml")
	f.write(tracked, "encryptionsalt: v1:other\nconfig:\n  dreamseed:new: {n: 1}\n")

	require.NoError(t, f.prepare(nil))

	assert.Equal(t, map[string]any{
		"encryptionsalt": "v1:salt",
		"config":         map[string]any{"dreamseed:new": map[string]any{"n": 1}},
	}, f.decode(f.stackConfig()))
}

func TestValuesThatTheSandboxCannotDecryptAreNamed(t *testing.T) {
	f := newFixture(t, "")
	f.write(filepath.Join(f.layout.Project, "Pulumi.local.yaml"), `encryptionsalt: v1:other
config:
  dreamseed:password:
    secure: v1:abc
  dreamseed:nested:
    key:
      secure: v1:def
  dreamseed:replaced:
    secure: v1:ghi
`)

	err := f.prepare(map[string]string{"dreamseed:replaced": "sandbox"})

	require.ErrorContains(t, err, "dreamseed:nested, dreamseed:password")
	require.ErrorContains(t, err, filepath.Join(f.layout.Project, "Pulumi.local.yaml"))
	assert.NotContains(t, err.Error(), "replaced")
	assert.Empty(t, f.called())
}

func TestWhatPrepareNeedsIsNamedWhenItIsMissing(t *testing.T) {
	for reason, c := range map[string]struct {
		remove string
		want   string
	}{
		"a stack without configuration is a misspelt one": {"project/Pulumi.local.yaml", "stack local has no configuration"},
		"the project file":     {"project/Pulumi.yaml", "reading the project"},
		"the program is built": {"bin/program", "finding the program to run"},
	} {
		t.Run(reason, func(t *testing.T) {
			f := newFixture(t, "")
			require.NoError(t, os.Remove(filepath.Join(filepath.Dir(f.layout.Bin), c.remove)))

			assert.ErrorContains(t, f.prepare(nil), c.want)
		})
	}
}

func TestTheStackIsCreatedOnce(t *testing.T) {
	f := newFixture(t, "")
	require.NoError(t, f.prepare(nil))
	require.Len(t, f.called(), 1)
	assert.Contains(t, f.called()[0], "stack init --secrets-provider passphrase --stack local")

	f.write(f.checkpoint("dreamseed"), "{}")
	require.NoError(t, f.prepare(nil))
	assert.Len(t, f.called(), 1)
}

func TestThePassphraseIsPrivateAndKept(t *testing.T) {
	f := newFixture(t, "")
	require.NoError(t, f.prepare(nil))
	first := f.read(f.stack.Passphrase())
	require.NoError(t, f.prepare(nil))

	assert.Equal(t, first, f.read(f.stack.Passphrase()))
	assert.GreaterOrEqual(t, len(first), 26, "128 bits of randomness")
	project := filepath.Join(f.stack.Project(), "Pulumi.yaml")
	for _, private := range []string{f.stack.Passphrase(), f.stackConfig(), project} {
		info, err := os.Stat(private)
		require.NoError(t, err)
		assert.Equal(t, os.FileMode(0o600), info.Mode().Perm(), private)
	}
}
