package controlplane

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"

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
	assert.Equal(t, map[string]string{"app.kubernetes.io/component": "crds"}, parsed[0].GetLabels())
	assert.Equal(t, "v1", servedVersion(parsed[0]))
}

func TestEachProgramBringsItsKindsAndItsRights(t *testing.T) {
	l := sandbox(t, nil)
	p := examplePlan(t)
	require.NoError(t, p.pki.ensure(certificates, time.Now()))
	tests := map[string]struct {
		spec Spec
		want []string
	}{
		"nothing":      {Spec{}, nil},
		"one":          {Spec{Programs: []string{first}}, []string{"CustomResourceDefinition", "ClusterRole"}},
		"kinds alone":  {Spec{Programs: []string{kindsAlone}}, []string{"CustomResourceDefinition"}},
		"rights alone": {Spec{Programs: []string{rightsAlone}}, []string{"Role"}},
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
				found = append(found, manifest.GetKind())
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

// serverOfKinds returns an API server that keeps the objects applied to it, and the number of applies.
func serverOfKinds(t *testing.T) (*administrator, *int) {
	t.Helper()
	applied, kept := 0, map[string]json.RawMessage{}
	return serverFor(t, func(w http.ResponseWriter, r *http.Request) {
		switch r.Method {
		case http.MethodPatch:
			applied++
			assert.Equal(t, "application/apply-patch+yaml", r.Header.Get("Content-Type"))
			assert.Equal(t, "true", r.URL.Query().Get("force"), "what somebody changed by hand is taken back")
			var body json.RawMessage
			assert.NoError(t, json.NewDecoder(r.Body).Decode(&body))
			kept[r.URL.Path] = body
		case http.MethodGet:
			assert.Contains(t, r.Header.Get("Accept"), "as=PartialObjectMetadata", "a CRD is large")
		case http.MethodDelete:
			delete(kept, r.URL.Path)
		}
		body, ok := kept[r.URL.Path]
		if !ok {
			refuse(t, w, http.StatusNotFound, metav1.StatusReasonNotFound, "not found")
			return
		}
		respond(t, w, http.StatusOK, body)
	}), &applied
}

func manifestsOf(t *testing.T, text string) []*unstructured.Unstructured {
	t.Helper()
	parsed, err := parseManifests([]byte(text))
	require.NoError(t, err)
	return parsed
}

func TestOnlyWhatChangedIsApplied(t *testing.T) {
	server, applied := serverOfKinds(t)

	require.NoError(t, server.applyManifests(t.Context(), manifestsOf(t, certManagerKind)))
	require.NoError(t, server.applyManifests(t.Context(), manifestsOf(t, certManagerKind)))
	assert.Equal(t, 1, *applied, "the second time it is there")

	changed := strings.Replace(certManagerKind, "helm.sh/resource-policy: keep", "a: b", 1)
	require.NoError(t, server.applyManifests(t.Context(), manifestsOf(t, changed)))
	assert.Equal(t, 2, *applied, "another version of the operator")
}

func TestWhatSomebodyDeletedIsAppliedAgain(t *testing.T) {
	server, applied := serverOfKinds(t)
	require.NoError(t, server.applyManifests(t.Context(), manifestsOf(t, certManagerKind)))
	require.True(t, apierrors.IsNotFound(server.objects.Resource(definitions).
		Delete(t.Context(), "orders.acme.cert-manager.io", metav1.DeleteOptions{})))

	require.NoError(t, server.applyManifests(t.Context(), manifestsOf(t, certManagerKind)))

	assert.Equal(t, 2, *applied)
}

var definitions = schema.GroupVersionResource{
	Group: "apiextensions.k8s.io", Version: "v1", Resource: "customresourcedefinitions",
}

// The rule by which the path of an object follows from its kind.
func TestEveryManifestHasThePathThatKubernetesGivesItsKind(t *testing.T) {
	tests := map[string]struct{ version, kind, namespace, path string }{
		"core":     {"v1", "Namespace", "", "/api/v1/namespaces/x"},
		"within":   {"v1", "Service", "shop", "/api/v1/namespaces/shop/services/x"},
		"es":       {"networking.k8s.io/v1", "IngressClass", "", "/apis/networking.k8s.io/v1/ingressclasses/x"},
		"cluster":  {"rbac.authorization.k8s.io/v1", "ClusterRole", "", "/apis/rbac.authorization.k8s.io/v1/clusterroles/x"},
		"capitals": {"apiregistration.k8s.io/v1", "APIService", "", "/apis/apiregistration.k8s.io/v1/apiservices/x"},
		"both": {
			"rbac.authorization.k8s.io/v1", "RoleBinding", "shop",
			"/apis/rbac.authorization.k8s.io/v1/namespaces/shop/rolebindings/x",
		},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			manifest := &unstructured.Unstructured{}
			manifest.SetAPIVersion(test.version)
			manifest.SetKind(test.kind)
			manifest.SetNamespace(test.namespace)
			manifest.SetName("x")
			var asked []string
			server := serverFor(t, func(w http.ResponseWriter, r *http.Request) {
				asked = append(asked, r.URL.Path)
				respond(t, w, http.StatusOK, manifest)
			})
			require.NoError(t, server.applyManifests(t.Context(), []*unstructured.Unstructured{manifest}))
			assert.Equal(t, []string{test.path, test.path}, asked)
		})
	}
}

func TestAKindIsWaitedForUntilItIsServed(t *testing.T) {
	answers := map[string]string{"none of the group": "", "another kind of it": "challenges", "the kind": "orders"}
	for name, served := range answers {
		t.Run(name, func(t *testing.T) {
			server := serverFor(t, func(w http.ResponseWriter, r *http.Request) {
				assert.Equal(t, "/apis/acme.cert-manager.io/v1", r.URL.Path)
				if served == "" {
					http.NotFound(w, r) // as an API server does for an unknown group
					return
				}
				respond(t, w, http.StatusOK, metav1.APIResourceList{APIResources: []metav1.APIResource{{Name: served}}})
			})

			err := server.kindsServed(t.Context(), manifestsOf(t, certManagerKind))

			if served == "orders" {
				assert.NoError(t, err)
				return
			}
			assert.ErrorContains(t, err, "orders.acme.cert-manager.io is not served yet")
		})
	}
}

func TestWhatIsNoKindIsNotWaitedFor(t *testing.T) {
	server, _ := serverOfKinds(t)
	assert.NoError(t, server.kindsServed(t.Context(), manifestsOf(t, "kind: Service\n")))
}

func TestAnAggregatedAPIIsTakenBackOnlyWhereItIs(t *testing.T) {
	server, _ := serverOfKinds(t)
	assert.NoError(t, server.forget(t.Context(), metricsAPI), "it was never there")
}
