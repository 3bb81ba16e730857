package build

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/mod/modfile"
)

// A package is compiled once for all modules that use it, if they use it and all that it imports in the same version.
// With versions of their own, a first build compiles some 1,500 packages more.
func TestModulesThatAreBuiltTogetherAgreeOnVersions(t *testing.T) {
	const staging = "v0.0.0" // what k8s.io/kubernetes writes for modules that its replace list then names
	agreed := map[string]string{}
	for _, folder := range []string{rootModule, pulumiModule, kubernetesModule} {
		for _, required := range requirements(t, folder) {
			module, version := required.Mod.Path, required.Mod.Version
			if version == staging {
				continue
			}
			if agreed[module] == "" {
				agreed[module] = version
			}
			assert.Equal(t, agreed[module], version, "%s in %s: run go get %s@%s there, or raise the others",
				module, folder, module, agreed[module])
		}
	}
}

func requirements(t *testing.T, folder string) []*modfile.Require {
	t.Helper()
	path := filepath.Join("..", "..", "..", folder, "go.mod")
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	parsed, err := modfile.Parse(path, content, nil)
	require.NoError(t, err)
	require.NotEmpty(t, parsed.Require)
	return parsed.Require
}
