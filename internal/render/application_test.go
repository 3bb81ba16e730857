package render_test

import (
	"encoding/json"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"sigs.k8s.io/yaml"

	"github.com/dreamseed/platform/internal/mocktest"
	"github.com/dreamseed/platform/internal/operator"
	"github.com/dreamseed/platform/internal/operator/charttest"
	"github.com/dreamseed/platform/internal/render"
)

// releaseOf returns the resource of an operator's release, with the inputs that the program registers.
func releaseOf(t *testing.T, name operator.Name) apitype.ResourceV3 {
	t.Helper()
	registered := charttest.Registered(t, name)
	kept, err := json.Marshal(registered.Inputs) // as a state keeps them
	require.NoError(t, err)
	one := apitype.ResourceV3{
		URN:  "urn:pulumi:test::dreamseed::kubernetes:helm.sh/v3:Release::release",
		Type: "kubernetes:helm.sh/v3:Release", Custom: true,
	}
	require.NoError(t, json.Unmarshal(kept, &one.Inputs))
	return one
}

func aRelease(t *testing.T) apitype.ResourceV3 {
	t.Helper()
	return releaseOf(t, operator.Traefik)
}

// applicationOf returns the Application that is rendered for an operator's release.
func applicationOf(t *testing.T, name operator.Name) map[string]any {
	t.Helper()
	r := rendered(t, releaseOf(t, name))
	assert.Equal(t, 1, r.Releases)
	file := "releases/01-application-argocd-dreamseed-test-" + string(name) + ".yaml"
	require.Contains(t, r.Files, file)
	return parse(t, r.Files[file])
}

func TestAReleaseBecomesAnApplicationOfItsChart(t *testing.T) {
	app := applicationOf(t, operator.ArgoRollouts)

	values := mocktest.At(app, "spec", "source", "helm", "valuesObject")
	assert.Equal(t, true, mocktest.At(values, "controller", "pdb", "enabled"))
	delete(mocktest.At(app, "spec", "source", "helm").(map[string]any), "valuesObject")
	assert.Equal(t, parse(t, `
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata: {name: dreamseed-test-argo-rollouts, namespace: argocd}
spec:
  project: default
  source:
    repoURL: https://argoproj.github.io/argo-helm
    chart: argo-rollouts
    targetRevision: 2.43.5
    helm: {releaseName: argo-rollouts}
  destination: {server: https://kubernetes.default.svc, namespace: argo-rollouts}
  syncPolicy: {automated: {}, syncOptions: [ServerSideApply=true], retry: {limit: 5}}
`), app)
}

// Helm judges: what Argo CD renders from the file is what the release consists of.
func TestHelmMakesTheSameOfTheApplicationAsOfTheRelease(t *testing.T) {
	charttest.Each(t, func(t *testing.T, r *charttest.Release) {
		app := applicationOf(t, operator.Name(r.Chart.Name()))
		assert.Equal(t, r.At("name"), mocktest.At(app, "spec", "source", "helm", "releaseName"))
		assert.Equal(t, r.At("namespace"), mocktest.At(app, "spec", "destination", "namespace"))

		values, _ := mocktest.At(app, "spec", "source", "helm", "valuesObject").(map[string]any)
		ofApplication, err := r.Render(values)
		require.NoError(t, err)
		ofRelease, err := r.Render(r.Values(t))
		require.NoError(t, err)
		require.NotEmpty(t, ofRelease)
		assert.Equal(t, ofRelease, ofApplication)

		ofNothing, err := r.Render(map[string]any{})
		assert.False(t, err == nil && assert.ObjectsAreEqual(ofRelease, ofNothing), "the control: values matter")
	})
}

func TestTheEnvironmentIsAnApplicationThatWaitsForAPerson(t *testing.T) {
	r, err := render.Render("test", stateOf(aNamespace(t)),
		&render.Source{Repository: "https://github.com/e/p.git", Path: "manifests/test", Revision: "main"})
	require.NoError(t, err)

	assert.Equal(t, parse(t, `
apiVersion: argoproj.io/v1alpha1
kind: Application
metadata:
  name: dreamseed-test
  namespace: argocd
  annotations: {argocd.argoproj.io/compare-options: ServerSideDiff=true}
spec:
  project: default
  source: {repoURL: https://github.com/e/p.git, path: manifests/test, targetRevision: main}
  destination: {server: https://kubernetes.default.svc}
  syncPolicy:
    syncOptions: [ServerSideApply=true, ApplyOutOfSyncOnly=true, PruneLast=true]
    retry: {limit: 5}
`), parse(t, r.Files["application.yaml"]))
	var k struct{ Resources []string }
	require.NoError(t, yaml.Unmarshal([]byte(r.Files["kustomization.yaml"]), &k))
	assert.Equal(t, []string{"objects/00-namespace-shop.yaml"}, k.Resources, "it does not deploy itself")
}

func TestWithoutARepositoryThereIsNoApplicationOfTheEnvironment(t *testing.T) {
	assert.NotContains(t, rendered(t, aNamespace(t)).Files, "application.yaml")
}
