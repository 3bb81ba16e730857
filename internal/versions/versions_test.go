package versions_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/data/kafka"
	"github.com/dreamseed/platform/internal/operator"
	"github.com/dreamseed/platform/internal/versions"
)

const project = "../.."

// pinned returns the pins of a kind, of which there must be some.
func pinned(t *testing.T, project string, kind versions.Kind) []versions.Pin {
	t.Helper()
	all, err := versions.Collect(project)
	require.NoError(t, err)
	found := slices.DeleteFunc(all, func(one versions.Pin) bool { return one.Kind != kind })
	require.NotEmpty(t, found, kind)
	return found
}

// The go command is the judge: it knows the replace list, too.
func TestModulesAreThoseThatTheGoCommandBuilds(t *testing.T) {
	command := exec.Command("go", "list", "-m", "-f", //nolint:noctx // it ends by itself
		"{{if not (or .Main .Indirect)}}{{.Path}} {{with .Replace}}{{.Version}}{{else}}{{.Version}}{{end}}{{end}}", "all")
	command.Dir = project
	printed, err := command.Output()
	require.NoError(t, err)
	var want []string
	for line := range strings.Lines(string(printed)) {
		if line = strings.TrimSpace(line); line != "" {
			want = append(want, line)
		}
	}
	var listed []string
	for _, one := range pinned(t, project, versions.Module) {
		if one.Where == "go.mod" {
			listed = append(listed, one.Name+" "+one.Version)
		}
	}
	assert.ElementsMatch(t, want, listed)
}

func TestModulesOfToolsAreListedWithTheirFile(t *testing.T) {
	files := map[string]bool{}
	for _, one := range pinned(t, project, versions.Module) {
		files[one.Where] = true
		if one.Where == "tools/check/go.mod" {
			assert.Contains(t, []string{
				"github.com/golangci/golangci-lint/v2", "github.com/zegl/kube-score", "gotest.tools/gotestsum",
			}, one.Name, "only what is run")
		}
	}
	for _, file := range []string{"go.mod", "tools/check/go.mod", "tools/kubernetes/go.mod", "tools/operators/go.mod"} {
		assert.True(t, files[file], file)
	}
}

func TestImagesOfEveryStackAreListed(t *testing.T) {
	images := pinned(t, project, versions.Image)
	placeholder := "sha256:44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"
	for _, want := range []versions.Pin{
		{Name: "auth-service", Version: placeholder, Where: "Pulumi.production.yaml services.auth.image"},
		{Name: "auth-service", Version: placeholder, Where: "Pulumi.staging.yaml services.auth.image"},
		{Name: "dreamseed/auth-service", Version: "dev", Where: "Pulumi.local.yaml services.auth.image"},
	} {
		want.Kind = versions.Image
		assert.Contains(t, images, want)
	}
	for _, one := range images {
		assert.NotEmpty(t, one.Version, "%s is not pinned", one.Name)
	}
}

// The page has a row for each of them, which ends in the file that pins it.
func TestImagesOfDataStoresAreListedAndStated(t *testing.T) {
	page, err := os.ReadFile(filepath.Join(project, "docs", "versions.md"))
	require.NoError(t, err)
	listed := map[string]int{}
	for _, one := range pinned(t, project, versions.Image) {
		if strings.HasPrefix(one.Where, "data/") {
			listed[one.Where]++
			assert.Contains(t, string(page), " | "+one.Version+" | `"+one.Where+"/", one.Name)
		}
	}
	assert.Equal(t, map[string]int{"data/postgres": 2, "data/redis": 2, "data/objects": 1}, listed)
	assert.Contains(t, string(page), "| Kafka | "+kafka.Version+" | `data/kafka/")
}

// docs/versions.md has what people look up, and a test of its own compares it with the same files.
func TestWhatThePageStatesIsListed(t *testing.T) {
	page, err := os.ReadFile(filepath.Join(project, "docs", "versions.md"))
	require.NoError(t, err)
	for _, kind := range []versions.Kind{versions.Go, versions.Kubernetes, versions.Chart} {
		for _, one := range pinned(t, project, kind) {
			if kind != versions.Go || one.Where == "go.mod" {
				assert.Contains(t, string(page), one.Version, "%s in %s", one.Name, one.Where)
			}
		}
	}
	assert.Len(t, pinned(t, project, versions.Chart), len(operator.Names()))
}

// copied returns a project with the tracked stacks and modules.
func copied(t *testing.T) string {
	t.Helper()
	folder := t.TempDir()
	for _, file := range []string{"Pulumi.yaml", "Pulumi.local.yaml", "go.mod"} {
		content, err := os.ReadFile(filepath.Join(project, file))
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(filepath.Join(folder, file), content, 0o600))
	}
	return folder
}

func TestActionsAreListedByWhatRuns(t *testing.T) {
	folder := copied(t)
	write := func(path, content string) {
		require.NoError(t, os.MkdirAll(filepath.Dir(filepath.Join(folder, path)), 0o700))
		require.NoError(t, os.WriteFile(filepath.Join(folder, path), []byte(content), 0o600))
	}
	write(".github/workflows/checks.yml", `on: push
jobs:
  check:
    runs-on: ubuntu-24.04
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
      - uses: ./.github/actions/setup
      - run: "echo uses: nothing@v1"
  elsewhere:
    uses: octo-org/workflows/.github/workflows/scan.yml@v1
`)
	write(".github/actions/setup/action.yaml", `runs:
  using: composite
  steps:
    - {uses: actions/setup-go@b7ad1dad31e06c5925ef5d2fc7ad053ef454303e}
`)
	assert.Equal(t, []versions.Pin{
		{
			Kind: versions.Action, Name: "actions/setup-go", Commit: "b7ad1dad31e06c5925ef5d2fc7ad053ef454303e",
			Where: ".github/actions/setup/action.yaml",
		},
		{
			Kind: versions.Action, Name: "actions/checkout", Version: "v7.0.1",
			Commit: "3d3c42e5aac5ba805825da76410c181273ba90b1", Where: ".github/workflows/checks.yml",
		},
		{
			Kind: versions.Action, Name: "octo-org/workflows/.github/workflows/scan.yml", Version: "v1",
			Where: ".github/workflows/checks.yml",
		},
	}, pinned(t, folder, versions.Action))
}

func TestAWrongFileIsNamed(t *testing.T) {
	cases := map[string]struct{ reason, file, content, says string }{
		"workflow": {"no action in it can be seen", ".github/workflows/checks.yml", "on: [", "checks.yml"},
		"go.mod":   {"no module in it can be seen", "tools/check/go.mod", "modul x", "tools/check/go.mod"},
		"stack": {
			"pulumi refuses it, too", "Pulumi.local.yaml", "config: {dreamseed:environment: prod}", "dreamseed:environment",
		},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			folder := copied(t)
			path := filepath.Join(folder, c.file)
			require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o700))
			require.NoError(t, os.WriteFile(path, []byte(c.content), 0o600))
			_, err := versions.Collect(folder)
			require.ErrorContains(t, err, c.says, c.reason)
		})
	}
}
