package controlplane

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/sandbox/layout"
)

// certManagerKind is an abridged CRD as cert-manager publishes it.
const certManagerKind = `# {{- include "cert-manager.crd-check" . }}
# START crd {{- if or .Values.crds.enabled .Values.installCRDs }}
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: orders.acme.cert-manager.io
  # START annotations {{- if .Values.crds.keep }}
  annotations:
    helm.sh/resource-policy: keep
  # END annotations {{- end }}
  labels:
    app: '{{ template "cert-manager.name" . }}'
    app.kubernetes.io/component: "crds"
    # Generated labels {{- include "labels" . | nindent 4 }}
spec:
  group: acme.cert-manager.io
  names: {plural: orders}
  versions: [{name: v1alpha1, served: false}, {name: v1, served: true}]
# END crd {{- end }}
`

func TestNothingOfATemplateIsLeftInAManifest(t *testing.T) {
	parsed, err := parseManifests([]byte(certManagerKind + "---\n---\nkind: Service\n"))

	require.NoError(t, err)
	require.Len(t, parsed, 2, "an empty document is none")
	text, err := json.Marshal(parsed[0])
	require.NoError(t, err)
	assert.NotContains(t, string(text), "{{")
	assert.Equal(t, map[string]any{"app.kubernetes.io/component": "crds"}, parsed[0].field("metadata")["labels"])
	assert.Equal(t, "v1", servedVersion(parsed[0].field("spec")))
}

func TestEachProgramBringsItsKindsAndItsRights(t *testing.T) {
	l := sandbox(t, nil)
	p := examplePlan(t)
	require.NoError(t, p.pki.ensure(certificates, time.Now()))
	tests := map[string]struct {
		spec Spec
		want []string
	}{
		"nothing":     {Spec{}, nil},
		"one":         {Spec{Programs: []string{first}}, []string{"CustomResourceDefinition", "ClusterRole"}},
		"kinds alone": {Spec{Programs: []string{kindsAlone}}, []string{"CustomResourceDefinition"}},
		"two in one order": {Spec{Programs: []string{second, first}},
			[]string{"CustomResourceDefinition", "ClusterRole", "CustomResourceDefinition", "Namespace"}},
		"metrics": {Spec{Simulation: Simulation{Metrics: true}},
			[]string{"Service", "RoleBinding", "ClusterRoleBinding", "ClusterRole", "ClusterRoleBinding", "APIService"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			p.spec = test.spec
			manifests, err := p.manifests(l)
			require.NoError(t, err)
			var found []string
			for _, manifest := range manifests {
				found = append(found, manifest.text("kind"))
			}
			assert.Equal(t, test.want, found)
		})
	}
}

func TestNoProgramIsAnAdministrator(t *testing.T) {
	issued := map[string]certificate{}
	for _, c := range certificatesOf(examples) {
		issued[c.name] = c
	}
	for _, name := range []string{first, second, metricsServer} {
		assert.Equal(t, name, issued[name].user, "its rights are given to its name")
		assert.Empty(t, issued[name].group, name)
	}
	assert.NotContains(t, string(metricsManifests), "cluster-admin")
}

func TestAProgramWhoseModuleWasNotBuiltIsAnError(t *testing.T) {
	p := examplePlan(t)
	p.spec = Spec{Programs: []string{first}}
	_, err := p.manifests(layout.Layout{Bin: t.TempDir()})
	assert.ErrorContains(t, err, "reading what first needs")
}

// kindServer returns an API server that keeps the objects applied to it, and the number of applies.
func kindServer(t *testing.T) (api, *int) {
	t.Helper()
	applied, kept := 0, map[string]json.RawMessage{}
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch r.Method {
		case http.MethodPatch:
			applied++
			assert.Equal(t, asPatch, r.Header.Get("Content-Type"))
			assert.Equal(t, "true", r.URL.Query().Get("force"), "what somebody changed by hand is taken back")
			var body json.RawMessage
			assert.NoError(t, json.NewDecoder(r.Body).Decode(&body))
			kept[r.URL.Path] = body
		case http.MethodDelete:
			delete(kept, r.URL.Path)
		}
		body, ok := kept[r.URL.Path]
		if !ok {
			w.WriteHeader(http.StatusNotFound)
			return
		}
		_, err := w.Write(body)
		assert.NoError(t, err)
	}))
	t.Cleanup(server.Close)
	return api{server.URL, server.Client()}, &applied
}

func manifestsOf(t *testing.T, text string) []object {
	t.Helper()
	parsed, err := parseManifests([]byte(text))
	require.NoError(t, err)
	return parsed
}

func TestOnlyWhatChangedIsApplied(t *testing.T) {
	server, applied := kindServer(t)
	ctx := context.Background()

	require.NoError(t, server.applyManifests(ctx, manifestsOf(t, certManagerKind)))
	require.NoError(t, server.applyManifests(ctx, manifestsOf(t, certManagerKind)))
	assert.Equal(t, 1, *applied, "the second time it is there")

	changed := strings.Replace(certManagerKind, "helm.sh/resource-policy: keep", "a: b", 1)
	require.NoError(t, server.applyManifests(ctx, manifestsOf(t, changed)))
	assert.Equal(t, 2, *applied, "another version of the operator")
}

func TestWhatSomebodyDeletedIsAppliedAgain(t *testing.T) {
	server, applied := kindServer(t)
	ctx := context.Background()
	require.NoError(t, server.applyManifests(ctx, manifestsOf(t, certManagerKind)))
	path := kinds["CustomResourceDefinition"] + "/orders.acme.cert-manager.io"
	require.True(t, isStatus(server.do(ctx, http.MethodDelete, path, nil, nil), http.StatusNotFound))

	require.NoError(t, server.applyManifests(ctx, manifestsOf(t, certManagerKind)))

	assert.Equal(t, 2, *applied)
}

func TestAKindIsWaitedForUntilItIsServed(t *testing.T) {
	answers := map[string]string{"none of the group": "", "another kind of it": "challenges", "the kind": "orders"}
	for name, served := range answers {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				assert.Equal(t, "/apis/acme.cert-manager.io/v1", r.URL.Path)
				if served == "" {
					w.WriteHeader(http.StatusNotFound)
				}
				_, err := w.Write([]byte(`{"resources": [{"name": "` + served + `"}]}`))
				assert.NoError(t, err)
			}))
			defer server.Close()

			err := api{server.URL, server.Client()}.kindsServed(context.Background(), manifestsOf(t, certManagerKind))

			if served == "orders" {
				assert.NoError(t, err)
				return
			}
			assert.ErrorContains(t, err, "orders.acme.cert-manager.io is not served yet")
		})
	}
}

func TestWhatIsNoKindIsNotWaitedFor(t *testing.T) {
	server, _ := kindServer(t)
	assert.NoError(t, server.kindsServed(context.Background(), manifestsOf(t, "kind: Service\n")))
}

func TestAManifestOfAnUnknownKindIsAnError(t *testing.T) {
	server, _ := kindServer(t)
	err := server.applyManifests(context.Background(), manifestsOf(t, "{kind: Secret, metadata: {name: x}}"))
	assert.ErrorContains(t, err, `applying Secret x: the sandbox knows no path for the kind "Secret"`)
}

func TestTheMetricsAPIIsTakenBackOnlyWhereItIs(t *testing.T) {
	server, _ := kindServer(t)
	assert.NoError(t, server.forgetMetricsAPI(context.Background()), "it was never there")
}
