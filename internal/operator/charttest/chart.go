package charttest

import (
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chart/loader"

	"github.com/dreamseed/platform/internal/operator"
	"github.com/dreamseed/platform/internal/sandbox/layout"
	"github.com/dreamseed/platform/internal/sandbox/operators"
)

// carried is a chart in the source of its operator.
type carried struct {
	folder string
	// added returns the additional files of the published chart, by their path in it.
	added func(t *testing.T, source, version string) map[string]string
}

// charts are the charts in the operators' sources, which may be some commits away from the published ones.
var charts = map[operator.Name]carried{
	// The chart has no version until a release. The published chart is also signed.
	operator.CertManager: {"deploy/charts/cert-manager", numberCertManager},
	// The kinds are in another folder until a release. The source is tagged before the version of its chart is raised, so
	// this chart claims to be 0.20.3. It lacks a chart that it depends on, for Bitwarden, which is disabled.
	operator.ExternalSecrets: {"deploy/charts/external-secrets", completeExternalSecrets},
	// The chart is complete. It has the version that was published last, with the previous controller.
	operator.SealedSecrets: {"helm/sealed-secrets", func(*testing.T, string, string) map[string]string { return nil }},
}

// numberCertManager sets the chart's version to that of the release, as make/manifests.mk there does.
func numberCertManager(t *testing.T, source, version string) map[string]string {
	t.Helper()
	description := read(t, source, "deploy/charts/cert-manager/Chart.yaml")
	require.Contains(t, description, "v0.0.0")
	return map[string]string{"Chart.yaml": strings.ReplaceAll(description, "v0.0.0", version)}
}

// completeExternalSecrets adds the kinds as hack/helm.generate.sh there does: each is a template, with the requested
// annotations, and some may be left out.
func completeExternalSecrets(t *testing.T, source, _ string) map[string]string {
	t.Helper()
	files := map[string]string{}
	for _, text := range strings.Split(read(t, source, "deploy/crds/bundle.yaml"), "\n---\n") {
		var kind struct {
			Spec struct {
				Names struct{ Kind, Singular string }
			}
		}
		require.NoError(t, yaml.Unmarshal([]byte(text), &kind))
		names := kind.Spec.Names
		wanted := ".Values.installCRDs"
		if strings.Contains(names.Kind, "Cluster") || strings.Contains(names.Kind, "PushSecret") {
			wanted = "and .Values.installCRDs .Values.crds.create" + names.Kind
		}
		const annotations = "\n  annotations:\n"
		text = strings.Replace(text, annotations, annotations+
			"    {{- with .Values.crds.annotations }}\n    {{- toYaml . | nindent 4 }}\n    {{- end }}\n", 1)
		files["templates/crds/"+names.Singular+".yaml"] = "{{- if " + wanted + " }}\n" + text + "\n{{- end }}\n"
	}
	return files
}

// Rendered returns the operators whose charts are rendered, sorted.
func Rendered() []operator.Name { return slices.Sorted(maps.Keys(charts)) }

// load returns the chart in the source of an operator, as it is published, and the version of the source.
func load(t *testing.T, name operator.Name) (loaded *chart.Chart, version string) {
	t.Helper()
	source, version, err := operators.Source(t.Context(), Project(t), name)
	require.NoError(t, err)
	folder := t.TempDir()
	require.NoError(t, os.CopyFS(folder, os.DirFS(filepath.Join(source, charts[name].folder))))
	for path, content := range charts[name].added(t, source, version) {
		require.NoError(t, os.WriteFile(filepath.Join(folder, path), []byte(content), 0o600))
	}
	loaded, err = loader.LoadDir(folder)
	require.NoError(t, err)
	return loaded, version
}

// Project returns the checkout of this repository.
func Project(t *testing.T) layout.Layout {
	t.Helper()
	folder, err := os.Getwd()
	require.NoError(t, err)
	root, err := layout.FindProject(folder)
	require.NoError(t, err)
	return layout.Default(root)
}

func read(t *testing.T, path ...string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(path...))
	require.NoError(t, err)
	return string(content)
}
