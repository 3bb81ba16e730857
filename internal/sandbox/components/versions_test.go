package components

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A row of docs/versions.md ends in the file that pins its version and, if that is a go.mod with more than one version,
// the modules.
var (
	pinnedRow = regexp.MustCompile("(?m)^\\| ([^|]+) \\| ([^|]+) \\| `(\\S*go\\.mod)`([^|]*)\\|")
	quoted    = regexp.MustCompile("`([^`]+)`")
)

// stated returns the versions on the page, by the folder of the go.mod and the module. The version of Go has no module.
func stated(t *testing.T) map[Requirement]string {
	t.Helper()
	page, err := os.ReadFile(filepath.Join(root(t), "docs", "versions.md"))
	require.NoError(t, err)
	versions := map[Requirement]string{}
	for _, row := range pinnedRow.FindAllStringSubmatch(string(page), -1) {
		folder := filepath.Dir(row[3])
		modules := quoted.FindAllStringSubmatch(row[4], -1)
		if len(modules) == 0 {
			versions[Requirement{Folder: folder}] = row[2]
		}
		for _, module := range modules {
			versions[Requirement{folder, module[1]}] = row[2]
		}
	}
	require.NotEmpty(t, versions)
	return versions
}

func TestThePageOfVersionsStatesWhatIsPinned(t *testing.T) {
	for pin, version := range stated(t) {
		if pin.Module == "" {
			assert.Equal(t, goMod(t, filepath.Join(root(t), pin.Folder)).Go.Version, version, "Go")
			continue
		}
		assert.Equal(t, requirements(t, pin.Folder)[pin.Module], version, "%s in %s", pin.Module, pin.Folder)
	}
}

// The page must list everything that a sandbox builds or a check runs, and the Kubernetes and Pulumi modules that the
// program is compiled with.
func TestThePageOfVersionsLacksNothing(t *testing.T) {
	want := []Requirement{
		{Folder: rootModule},
		{kubernetesModule, "go.etcd.io/etcd/server/v3"}, {kubernetesModule, "sigs.k8s.io/kwok"},
		{pulumiModule, providerModule},
	}
	for _, c := range slices.Concat(Always(), Metrics(), Judges()) {
		if c.Version.Module != "" {
			want = append(want, c.Version)
		}
	}
	for _, required := range goMod(t, root(t)).Require {
		module := required.Mod.Path
		if !required.Indirect && (ofKubernetes(module) || strings.HasPrefix(module, "github.com/pulumi/")) {
			want = append(want, Requirement{rootModule, module})
		}
	}
	for _, folder := range []string{"tools/check", "tools/actionlint"} {
		for _, tool := range goMod(t, filepath.Join(root(t), folder)).Tool {
			module, _, _ := strings.Cut(tool.Path, "/cmd/")
			want = append(want, Requirement{folder, module})
		}
	}
	page := stated(t)
	for _, pin := range want {
		assert.Contains(t, page, pin)
	}
}

func TestTheReadmeAsksForTheGoThatIsNeeded(t *testing.T) {
	readme, err := os.ReadFile(filepath.Join(root(t), "README.md"))
	require.NoError(t, err)
	assert.Contains(t, string(readme), "You need Go "+goMod(t, root(t)).Go.Version+" or later")
}

// ofKubernetes reports whether a module is released together with a Kubernetes version.
func ofKubernetes(module string) bool {
	return strings.HasPrefix(module, "k8s.io/") || strings.HasPrefix(module, "sigs.k8s.io/") ||
		strings.HasPrefix(module, "helm.sh/")
}
