package monitoring_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/mod/modfile"

	"github.com/dreamseed/platform/internal/sandbox/components"
	"github.com/dreamseed/platform/internal/sandbox/monitoring"
)

const project = "../../.."

// pinned returns the versions of the modules that the programs are built from.
func pinned(t *testing.T) map[string]string {
	t.Helper()
	path := filepath.Join(project, components.OperatorsModule, "go.mod")
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	parsed, err := modfile.Parse(path, content, nil)
	require.NoError(t, err)
	versions := map[string]string{}
	for _, required := range parsed.Require {
		versions[required.Mod.Path] = required.Mod.Version
	}
	return versions
}

func TestEveryProgramOfMonitoringIsBuilt(t *testing.T) {
	var names []string
	for _, c := range monitoring.Components() {
		names = append(names, c.Name)
	}
	assert.Equal(t, []string{
		"prometheus", "promtool", "alertmanager", "amtool", "kube-state-metrics", "node_exporter",
	}, names)
}

func TestEveryProgramIsPinnedAndReportsItsVersion(t *testing.T) {
	versions := pinned(t)
	all := monitoring.Components()
	require.NotEmpty(t, all)
	for _, c := range all {
		assert.NotEmpty(t, versions[c.Version.Module], c.Name)
		assert.Equal(t, c.Source.Module, c.Version.Module, "%s is built from what is pinned", c.Name)
		assert.Equal(t, []string{"github.com/prometheus/common/version.Version={version}"}, c.Variables, c.Name)
	}
}

func TestPrometheusFindsTheTargetsOfKubernetesOnly(t *testing.T) {
	at := slices.IndexFunc(monitoring.Components(), func(c components.Component) bool { return c.Name == "prometheus" })
	require.GreaterOrEqual(t, at, 0)
	assert.Equal(t, []string{"remove_all_sd", "enable_kubernetes_sd"}, monitoring.Components()[at].Tags)
}

// What promtool accepts, Prometheus has to accept: both are compiled from the same source.
func TestAToolIsBuiltFromTheSourceOfItsServer(t *testing.T) {
	byName := map[string]components.Component{}
	for _, c := range monitoring.Components() {
		byName[c.Name] = c
	}
	for tool, server := range map[string]string{"promtool": "prometheus", "amtool": "alertmanager"} {
		require.NotEmpty(t, byName[tool].Source.Module)
		assert.Equal(t, byName[server].Source, byName[tool].Source)
		assert.Equal(t, byName[server].Tags, byName[tool].Tags)
	}
}

func TestThePageOfVersionsHasEveryProgram(t *testing.T) {
	page, err := os.ReadFile(filepath.Join(project, "docs/versions.md"))
	require.NoError(t, err)
	all := monitoring.Components()
	require.NotEmpty(t, all)
	for _, c := range all {
		assert.Contains(t, string(page), "`tools/operators/go.mod`: `"+c.Version.Module+"`", c.Name)
	}
}

func TestTheProgramsOfTheLogsArePinnedWhereTheyAreBuilt(t *testing.T) {
	page, err := os.ReadFile(filepath.Join(project, "docs/versions.md"))
	require.NoError(t, err)
	var names []string
	for _, c := range monitoring.Logs() {
		names = append(names, c.Name)
		assert.Equal(t, c.Module, c.Version.Folder, c.Name)
		assert.Contains(t, string(page), "`"+c.Module+"/go.mod`: `"+c.Version.Module+"`", c.Name)
	}
	assert.Equal(t, []string{"victoria-logs", "collector", "crilogger"}, names)
}

// A component of another version might not know a field of the configuration, or mean something else by it. One module
// has no later version to be had.
func TestThePartsOfTheCollectorAreOfOneVersion(t *testing.T) {
	path := filepath.Join(project, "tools/logs/go.mod")
	content, err := os.ReadFile(path)
	require.NoError(t, err)
	parsed, err := modfile.Parse(path, content, nil)
	require.NoError(t, err)
	others := map[string]string{}
	of := 0
	for _, required := range parsed.Require {
		module, version := required.Mod.Path, required.Mod.Version
		if required.Indirect || !strings.Contains(module, "open") || strings.HasPrefix(version, "v1.") {
			continue
		}
		if of++; version != "v0.165.0" {
			others[module] = version
		}
	}
	assert.Equal(t, map[string]string{
		"github.com/open-telemetry/opentelemetry-collector-contrib/processor/k8sattributesprocessor": "v0.160.0",
	}, others)
	assert.Greater(t, of, 5)
}
