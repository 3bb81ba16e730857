package components

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/mod/modfile"

	"github.com/dreamseed/platform/internal/sandbox/layout"
)

// Modules share a compiled package only if they use it and all its imports in the same version. With different
// versions, a first build compiles some 1,500 packages more.
func TestModulesThatAreBuiltTogetherAgreeOnVersions(t *testing.T) {
	for name, folders := range map[string][]string{
		"every sandbox": {kubernetesModule, pulumiModule, rootModule},
		// Its library of controllers is another one than the provider's.
		"the operator of PostgreSQL": {kubernetesModule, rootModule, "tools/postgres"},
	} {
		t.Run(name, func(t *testing.T) { agreeOnVersions(t, folders) })
	}
}

func agreeOnVersions(t *testing.T, folders []string) {
	t.Helper()
	agreed := map[string]string{}
	shared := 0
	for _, folder := range folders {
		for module, version := range requirements(t, folder) {
			if agreed[module] == "" {
				agreed[module] = version
				continue
			}
			shared++
			assert.Equal(t, agreed[module], version, "%s in %s: run go get %s@%s there, or raise the others",
				module, folder, module, agreed[module])
		}
	}
	assert.Greater(t, shared, 100, "modules that were compared")
}

// Kubernetes keeps the Go behaviour that its authors build it with. Such a setting is only read from the main module,
// which is not theirs here.
func TestKubernetesIsBuiltWithItsOwnSettingsOfGo(t *testing.T) {
	source, err := (&builder{layout: layout.Default(root(t)), goCommand: "go"}).
		moduleFolder(t.Context(), kubernetesModule, "k8s.io/kubernetes")
	require.NoError(t, err)
	theirs := goMod(t, source).Godebug
	require.NotEmpty(t, theirs)
	assert.Equal(t, settings(theirs), settings(goMod(t, filepath.Join(root(t), kubernetesModule)).Godebug))
}

func settings(lines []*modfile.Godebug) map[string]string {
	found := map[string]string{}
	for _, line := range lines {
		found[line.Key] = line.Value
	}
	return found
}

// requirements returns the modules that a module of this repository lists, with their selected versions.
func requirements(t *testing.T, folder string) map[string]string {
	t.Helper()
	file := goMod(t, filepath.Join(root(t), folder))
	require.NotEmpty(t, file.Require)
	versions := map[string]string{}
	for _, required := range file.Require {
		versions[required.Mod.Path] = required.Mod.Version
	}
	for _, replaced := range file.Replace {
		if versions[replaced.Old.Path] != "" && replaced.New.Path == replaced.Old.Path {
			versions[replaced.Old.Path] = replaced.New.Version
		}
	}
	return versions
}

func goMod(t *testing.T, folder string) *modfile.File {
	t.Helper()
	path := filepath.Join(folder, "go.mod")
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	parsed, err := modfile.Parse(path, content, nil)
	require.NoError(t, err)
	return parsed
}
