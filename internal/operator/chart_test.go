package operator_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chart/loader"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"
	"helm.sh/helm/v3/pkg/releaseutil"

	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/internal/operator"
	"github.com/dreamseed/platform/internal/sandbox/build"
	"github.com/dreamseed/platform/internal/sandbox/layout"
)

// services is the namespace of the services.
const services = "dreamseed-production"

// kubernetes is the version that the charts are told they are installed on.
const kubernetes = "v1.35.4"

// carried is a chart in the source of its operator.
type carried struct {
	folder string
	// added are the files that the published chart has beside, by their path in it.
	added func(t *testing.T, source, version string) map[string]string
}

// charts are those that an operator's source carries, which may be some commits away from the published ones. Argo
// Rollouts and Traefik have theirs in repositories that are no Go modules: what they make of their values is not known.
var charts = map[operator.Name]carried{
	// Its Chart.yaml is a template, and its kinds lie elsewhere until a release. The published chart is signed, too.
	operator.CertManager: {"deploy/charts/cert-manager", completeCertManager},
	// Its kinds lie elsewhere until a release. The source is tagged before the number of its chart is raised, so that this
	// one takes itself for 0.19.1. It lacks a chart that it depends on, for Bitwarden, which is disabled.
	operator.ExternalSecrets: {"deploy/charts/external-secrets", completeExternalSecrets},
	// Whole. It has the number that was published last, with the controller before.
	operator.SealedSecrets: {"helm/sealed-secrets", func(*testing.T, string, string) map[string]string { return nil }},
}

// completeCertManager does as make/manifests.mk there.
func completeCertManager(t *testing.T, source, version string) map[string]string {
	t.Helper()
	description := read(t, source, "deploy/charts/cert-manager/Chart.template.yaml")
	kinds, err := filepath.Glob(filepath.Join(source, "deploy/crds/*.yaml"))
	require.NoError(t, err)
	require.NotEmpty(t, kinds)
	var contents []string
	for _, path := range kinds {
		contents = append(contents, read(t, path))
	}
	return map[string]string{
		"Chart.yaml":          strings.ReplaceAll(description, "v0.0.0", version),
		"templates/crds.yaml": strings.Join(contents, "\n---\n"),
	}
}

// completeExternalSecrets does as hack/helm.generate.sh there: each kind is a template, with the annotations that are
// asked for, and some may be left out.
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

func read(t *testing.T, path ...string) string {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(path...))
	require.NoError(t, err)
	return string(content)
}

// release is a Helm release of an operator, and what it brings.
type release struct {
	*mocktest.Resource
	// source is the version of the operator that the sandbox builds.
	source  string
	chart   *chart.Chart
	objects []object
}

// eachRelease runs the test for every operator whose chart is at hand.
func eachRelease(t *testing.T, test func(t *testing.T, r *release)) {
	t.Helper()
	for _, name := range slices.Sorted(maps.Keys(charts)) {
		t.Run(string(name), func(t *testing.T) { test(t, released(t, name)) })
	}
}

// releases holds what was rendered already. No test of this package is parallel.
var releases = map[operator.Name]*release{}

// released is the release of an operator as the program registers it, rendered. The tests share it and only read it.
func released(t *testing.T, name operator.Name) *release {
	t.Helper()
	if done, is := releases[name]; is {
		return done
	}
	built := mocktest.Run(t, func(ctx *pulumi.Context) error {
		_, err := operator.NewRelease(ctx, "release", &operator.ReleaseArgs{Operator: name, Namespace: services})
		return err
	})
	r := &release{Resource: built.Get(t, "kubernetes:helm.sh/v3:Release", "release")}
	r.chart, r.source = load(t, name)
	files, err := r.render(r.values(t))
	require.NoError(t, err)
	for _, content := range files {
		r.objects = append(r.objects, parse(t, content)...)
	}
	releases[name] = r
	return r
}

// load is the chart in the source of an operator, as it is published, and the version of the source.
func load(t *testing.T, name operator.Name) (loaded *chart.Chart, version string) {
	t.Helper()
	project, err := layout.FindProject(workingDirectory(t))
	require.NoError(t, err)
	source, version, err := build.OperatorSource(t.Context(), layout.Default(project), name)
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

func workingDirectory(t *testing.T) string {
	t.Helper()
	folder, err := os.Getwd()
	require.NoError(t, err)
	return folder
}

// values are those of the release as the provider hands them to Helm, which makes a difference for numbers.
func (r *release) values(t *testing.T) map[string]any {
	t.Helper()
	text, err := json.Marshal(r.At("values"))
	require.NoError(t, err)
	var values map[string]any
	require.NoError(t, json.Unmarshal(text, &values))
	return values
}

// render is what Helm renders with these values, after it has asked the chart's schema about them: YAML by the path of
// its template.
func (r *release) render(values map[string]any) (map[string]string, error) {
	if err := chartutil.ProcessDependenciesWithMerge(r.chart, values); err != nil {
		return nil, err
	}
	version, err := chartutil.ParseKubeVersion(kubernetes)
	if err != nil {
		return nil, err
	}
	cluster := chartutil.DefaultCapabilities.Copy()
	cluster.KubeVersion = *version
	input, err := chartutil.ToRenderValues(r.chart, values, chartutil.ReleaseOptions{
		Name: r.At("name").(string), Namespace: r.At("namespace").(string), Revision: 1, IsInstall: true,
	}, cluster)
	if err != nil {
		return nil, err
	}
	files, err := engine.Render(r.chart, input)
	maps.DeleteFunc(files, func(path, _ string) bool { return filepath.Ext(path) != ".yaml" })
	return files, err
}

// object is a Kubernetes object.
type object struct{ content map[string]any }

// parse reads what a template became the way Helm does, which is not as strict about where a document ends as YAML is.
func parse(t *testing.T, documents string) []object {
	t.Helper()
	var found []object
	for _, text := range releaseutil.SplitManifests(documents) {
		var content map[string]any
		require.NoError(t, yaml.Unmarshal([]byte(text), &content), text)
		if content != nil {
			found = append(found, object{content})
		}
	}
	return found
}

func (o object) at(path ...any) any { return mocktest.At(o.content, path...) }

func (o object) name() string { return fmt.Sprint(o.at("metadata", "name")) }

// of lists the objects of some kinds by their names, sorted.
func (r *release) of(kinds ...string) []object {
	var found []object
	for _, one := range r.objects {
		if slices.Contains(kinds, one.at("kind").(string)) {
			found = append(found, one)
		}
	}
	slices.SortFunc(found, func(a, b object) int { return strings.Compare(a.name(), b.name()) })
	return found
}
