// Package charttest shows tests the objects that an operator's release brings into a cluster: Helm's output for charts
// in the operators' sources, and known facts about the others.
package charttest

import (
	"encoding/json"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
	"helm.sh/helm/v3/pkg/chart"
	"helm.sh/helm/v3/pkg/chartutil"
	"helm.sh/helm/v3/pkg/engine"
	"helm.sh/helm/v3/pkg/releaseutil"
	corev1 "k8s.io/api/core/v1"

	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/internal/operator"
)

// The cluster, as releases are configured for it.
const (
	// Services is the namespace of the services.
	Services = "dreamseed-production"
	// IngressClass is the class that Traefik serves.
	IngressClass = "traefik"
	// kubernetes is the Kubernetes version that the charts are rendered for.
	kubernetes = "v1.35.4"
)

// installed are all operators, as an environment installs them.
var installed = []operator.Operator{
	operator.NewArgoRollouts(operator.ArgoRolloutsArgs{}),
	operator.NewCertManager(operator.CertManagerArgs{ControllerNamespace: string(operator.Traefik)}),
	operator.NewCloudNativePG(operator.CloudNativePGArgs{Namespace: Services}),
	operator.NewECK(operator.ECKArgs{Namespace: Services}),
	operator.NewExternalSecrets(operator.ExternalSecretsArgs{Namespace: Services}),
	operator.NewKEDA(operator.KEDAArgs{Namespace: Services}),
	operator.NewSealedSecrets(operator.SealedSecretsArgs{Namespaces: []string{Services}}),
	operator.NewStrimzi(operator.StrimziArgs{Namespace: Services}),
	operator.NewTraefik(operator.TraefikArgs{
		Namespaces: []string{Services}, IngressClass: IngressClass, CertificateChecker: string(operator.CertManager),
		ServiceAnnotations: pulumi.ToStringMap(map[string]string{"example.com/load-balancer": "public"}),
	}),
}

// Operator returns an operator as an environment installs it.
func Operator(t *testing.T, name operator.Name) operator.Operator {
	t.Helper()
	at := slices.IndexFunc(installed, func(one operator.Operator) bool { return one.Name == name })
	require.GreaterOrEqual(t, at, 0, "%s is not listed", name)
	return installed[at]
}

// Registered returns the Helm release of an operator as the program registers it.
func Registered(t *testing.T, name operator.Name) *mocktest.Resource {
	t.Helper()
	built := mocktest.Run(t, func(ctx *pulumi.Context) error {
		_, err := operator.NewRelease(ctx, "release", Operator(t, name))
		return err
	})
	return built.Get(t, "kubernetes:helm.sh/v3:Release", "release")
}

// Values returns the values of a registered release as the provider passes them to Helm, which matters for numbers.
func Values(t *testing.T, release *mocktest.Resource) map[string]any {
	t.Helper()
	text, err := json.Marshal(release.At("values"))
	require.NoError(t, err)
	var values map[string]any
	require.NoError(t, json.Unmarshal(text, &values))
	return values
}

// Release is a Helm release of an operator with its objects.
type Release struct {
	*mocktest.Resource
	// Source is the version of the operator that the sandbox builds.
	Source string
	// Chart is the chart in that source.
	Chart *chart.Chart
	// Objects are the objects that Helm renders.
	Objects []Object
}

// Each runs the test for every operator whose chart is rendered.
func Each(t *testing.T, test func(t *testing.T, r *Release)) {
	t.Helper()
	for _, name := range Rendered() {
		t.Run(string(name), func(t *testing.T) { test(t, Get(t, name)) })
	}
}

// releases caches the rendered releases. Tests that render do not run in parallel.
var releases = map[operator.Name]*Release{}

// Get returns the release of an operator whose chart is rendered. Tests share it and only read it.
func Get(t *testing.T, name operator.Name) *Release {
	t.Helper()
	if done, is := releases[name]; is {
		return done
	}
	r := &Release{Resource: Registered(t, name)}
	r.Chart, r.Source = load(t, name)
	files, err := r.Render(r.Values(t))
	require.NoError(t, err)
	for _, content := range files {
		r.Objects = append(r.Objects, parse(t, content)...)
	}
	releases[name] = r
	return r
}

// Values returns a copy of the release's values.
func (r *Release) Values(t *testing.T) map[string]any {
	t.Helper()
	return Values(t, r.Resource)
}

// Render returns Helm's output for these values, after checking them against the chart's schema: YAML by the path of
// its template.
func (r *Release) Render(values map[string]any) (map[string]string, error) {
	if err := chartutil.ProcessDependenciesWithMerge(r.Chart, values); err != nil {
		return nil, err
	}
	version, err := chartutil.ParseKubeVersion(kubernetes)
	if err != nil {
		return nil, err
	}
	cluster := chartutil.DefaultCapabilities.Copy()
	cluster.KubeVersion = *version
	input, err := chartutil.ToRenderValues(r.Chart, values, chartutil.ReleaseOptions{
		Name: r.At("name").(string), Namespace: r.At("namespace").(string), Revision: 1, IsInstall: true,
	}, cluster)
	if err != nil {
		return nil, err
	}
	files, err := engine.Render(r.Chart, input)
	maps.DeleteFunc(files, func(path, _ string) bool { return filepath.Ext(path) != ".yaml" })
	return files, err
}

// Object is a Kubernetes object.
type Object struct{ content map[string]any }

// parse splits a rendered template the way Helm does, which is less strict about the end of a document than YAML.
func parse(t *testing.T, documents string) []Object {
	t.Helper()
	var found []Object
	for _, text := range releaseutil.SplitManifests(documents) {
		var content map[string]any
		require.NoError(t, yaml.Unmarshal([]byte(text), &content), text)
		if content != nil {
			found = append(found, Object{content})
		}
	}
	return found
}

// At returns the value at a path of the object.
func (o Object) At(path ...any) any { return mocktest.At(o.content, path...) }

// Name returns the name of the object.
func (o Object) Name() string { return fmt.Sprint(o.At("metadata", "name")) }

// Of returns the objects of some kinds, sorted by name.
func (r *Release) Of(kinds ...string) []Object {
	var found []Object
	for _, one := range r.Objects {
		if slices.Contains(kinds, one.At("kind").(string)) {
			found = append(found, one)
		}
	}
	slices.SortFunc(found, func(a, b Object) int { return strings.Compare(a.Name(), b.Name()) })
	return found
}

// Pods returns the pod templates of the release by the names of their workloads.
func (r *Release) Pods(t *testing.T) map[string]corev1.PodTemplateSpec {
	t.Helper()
	pods := map[string]corev1.PodTemplateSpec{}
	for _, one := range r.Of("Deployment", "Job") {
		pod := decode(t, one.At("spec", "template"))
		require.Empty(t, pod.Spec.InitContainers, "no test looks at them")
		pods[one.Name()] = pod
	}
	require.NotEmpty(t, pods)
	require.Empty(t, r.Of("Pod", "StatefulSet", "DaemonSet", "ReplicaSet", "CronJob"), "no test looks at them")
	return pods
}

// decode decodes the template of a pod, which must not have a field that Kubernetes does not know.
func decode(t *testing.T, template any) corev1.PodTemplateSpec {
	t.Helper()
	text, err := json.Marshal(template)
	require.NoError(t, err)
	decoder := json.NewDecoder(strings.NewReader(string(text)))
	decoder.DisallowUnknownFields()
	var pod corev1.PodTemplateSpec
	require.NoError(t, decoder.Decode(&pod), string(text))
	return pod
}

// Pods returns the pod templates of any operator's release, by the names of their workloads.
func Pods(t *testing.T, name operator.Name) map[string]corev1.PodTemplateSpec {
	t.Helper()
	if known, is := facts[name]; is {
		return map[string]corev1.PodTemplateSpec{string(name): known.Pod(t, Values(t, Registered(t, name)))}
	}
	return Get(t, name).Pods(t)
}
