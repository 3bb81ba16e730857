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

	"github.com/dreamseed/platform/internal/operator"
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

func TestEachOperatorBringsItsKindsAndItsRights(t *testing.T) {
	l := sandbox(t, nil)
	p := examplePlan(t)
	require.NoError(t, p.pki.ensure(time.Now()))
	only := func(name operator.Name) Simulation { return Simulation{Operators: []operator.Name{name}} }
	tests := map[string]struct {
		simulation Simulation
		want       []string
	}{
		"nothing":       {Simulation{}, nil},
		"argo-rollouts": {only(operator.ArgoRollouts), []string{"CustomResourceDefinition", "ClusterRoleBinding"}},
		"cert-manager":  {only(operator.CertManager), []string{"CustomResourceDefinition"}},
		"external-secrets": {only(operator.ExternalSecrets),
			[]string{"CustomResourceDefinition", "Namespace", "ClusterRole", "ClusterRoleBinding"}},
		"sealed-secrets": {only(operator.SealedSecrets), []string{"CustomResourceDefinition",
			"Namespace", "Role", "RoleBinding", "ClusterRole", "ClusterRoleBinding"}},
		"traefik": {only(operator.Traefik),
			[]string{"CustomResourceDefinition", "Namespace", "Service", "IngressClass", "ClusterRole", "ClusterRoleBinding"}},
		"metrics": {Simulation{Metrics: true},
			[]string{"Service", "RoleBinding", "ClusterRoleBinding", "ClusterRole", "ClusterRoleBinding", "APIService"}},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			p.simulation = test.simulation
			manifests, err := p.manifests(l)
			require.NoError(t, err)
			var found []string
			for _, manifest := range manifests {
				_, err := manifest.path()
				require.NoError(t, err)
				found = append(found, manifest.text("kind"))
			}
			assert.Equal(t, test.want, found)
		})
	}
}

func TestNoOperatorIsAnAdministrator(t *testing.T) {
	for _, c := range certificates {
		for _, name := range everything.beside() {
			if c.name == name {
				assert.Empty(t, c.group, name)
			}
		}
	}
	files, err := ownManifests.ReadDir("manifests")
	require.NoError(t, err)
	for _, file := range files {
		data, err := ownManifests.ReadFile("manifests/" + file.Name())
		require.NoError(t, err)
		assert.NotContains(t, string(data), "cluster-admin", file.Name())
	}
}

func TestAnOperatorThatWasNotBuiltIsAnError(t *testing.T) {
	p := examplePlan(t)
	p.simulation = Simulation{Operators: []operator.Name{"absent"}}
	_, err := p.manifests(sandbox(t, nil))
	assert.ErrorContains(t, err, "reading what absent needs")
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
