package full

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/apitype"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

const (
	mergePatch = "application/merge-patch+json"
	jsonPatch  = "application/json-patch+json"
	applyPatch = "application/apply-patch+yaml"
)

// example is an object of the program, one for each kind.
type example struct {
	urn        resource.URN
	kind       schema.GroupVersionKind
	collection string
	name       string
	// inputs are what the program asks for.
	inputs map[string]any
}

// path returns the path of the object, or of another one beside it.
func (e example) path(name string) string { return e.collection + "/" + name }

// isExempt reports whether no admission policy covers the kind.
func (e example) isExempt() bool { return e.kind.Group == "admissionregistration.k8s.io" }

// examples returns an object of each kind that the state of the read-only testbed has.
func examples(t *testing.T) []example {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(local.Stack.State(), ".pulumi/stacks/dreamseed", local.Stack.Name+".json"))
	require.NoError(t, err)
	var state struct {
		Checkpoint struct {
			Latest apitype.DeploymentV3 `json:"latest"`
		} `json:"checkpoint"`
	}
	require.NoError(t, json.Unmarshal(content, &state))
	var found []example
	seen := map[schema.GroupVersionKind]bool{}
	for _, one := range state.Checkpoint.Latest.Resources {
		version, isObject := one.Inputs["apiVersion"].(string)
		kind, _ := one.Inputs["kind"].(string)
		of := schema.FromAPIVersionAndKind(version, kind)
		if !isObject || seen[of] {
			continue
		}
		seen[of] = true
		metadata := one.Inputs["metadata"].(map[string]any)
		namespace, _ := metadata["namespace"].(string)
		found = append(found, example{
			urn: one.URN, kind: of, collection: collectionOf(of, namespace), name: metadata["name"].(string),
			inputs: one.Inputs,
		})
	}
	require.NotEmpty(t, found)
	return found
}

func collectionOf(kind schema.GroupVersionKind, namespace string) string {
	path := "/apis/" + kind.GroupVersion().String()
	if kind.Group == "" {
		path = "/api/" + kind.Version
	}
	if namespace != "" {
		path += "/namespaces/" + namespace
	}
	if kind.Kind == "Elasticsearch" { // the guess knows no plural of this ending
		return path + "/elasticsearches"
	}
	plural, _ := meta.UnsafeGuessKindToResource(kind)
	return path + "/" + plural.Resource
}

// tried are the ways of a preview.
func (e example) tried(t *testing.T) map[string]request {
	t.Helper()
	beside := e.another(t)
	head := fmt.Sprintf(`{"apiVersion": %q, "kind": %q, "metadata": {"name": %q, "labels": {"attempt": "apply"}}}`,
		e.kind.GroupVersion(), e.kind.Kind, e.name)
	const asManager = "?fieldManager=attempt"
	return map[string]request{
		"create":        {method: http.MethodPost, path: e.collection, body: beside},
		"apply":         {method: http.MethodPatch, path: e.path(e.name) + asManager, body: head, mediaType: applyPatch},
		"apply another": {method: http.MethodPatch, path: e.path(invented) + asManager, body: beside, mediaType: applyPatch},
		"merge patch": {
			method: http.MethodPatch, path: e.path(e.name), mediaType: mergePatch,
			body: `{"metadata": {"labels": {"attempt": "patch"}}}`,
		},
		"JSON patch": {
			method: http.MethodPatch, path: e.path(e.name), mediaType: jsonPatch,
			body: `[{"op": "add", "path": "/metadata/labels/attempt", "value": "patch"}]`,
		},
	}
}

// changed are the further ways to change an object.
func (e example) changed(t *testing.T, administrator *caller) map[string]request {
	t.Helper()
	object := administrator.object(t, e.path(e.name))
	object["metadata"].(map[string]any)["labels"].(map[string]any)["attempt"] = "update"
	updated, err := json.Marshal(object)
	require.NoError(t, err)
	ways := map[string]request{
		"update": {method: http.MethodPut, path: e.path(e.name), body: string(updated)},
		"delete": {method: http.MethodDelete, path: e.path(e.name)},
	}
	if e.kind.Kind != "Namespace" { // https://kubernetes.io/docs/reference/kubernetes-api/cluster-resources/namespace-v1
		ways["delete collection"] = request{
			method: http.MethodDelete, path: e.collection + "?fieldSelector=metadata.name%3D" + e.name,
		}
	}
	return ways
}

const (
	// invented is the name of objects that only attempts ask for.
	invented = "preview-attempt"
	// beyond is the namespace of what attempts aim at.
	beyond = "preview-attempts"
)

// another returns the same object under another name.
func (e example) another(t *testing.T) string {
	t.Helper()
	copied, metadata := maps.Clone(e.inputs), maps.Clone(e.inputs["metadata"].(map[string]any))
	metadata["name"] = invented
	copied["metadata"] = metadata
	encoded, err := json.Marshal(copied)
	require.NoError(t, err)
	return string(encoded)
}

// targets are the objects that attempts aim at, in order.
func targets(t *testing.T) []request {
	t.Helper()
	const pods = `"containers": [{"name": "target", "image": "target"}]`
	return []request{
		post("/api/v1/namespaces", objectNamed("v1", "Namespace", beyond, "")),
		post(inside("v1", "serviceaccounts"), objectNamed("v1", "ServiceAccount", "target", "")),
		post(inside("v1", "secrets"), objectNamed("v1", "Secret", "target", "")),
		post(inside("v1", "services"), objectNamed("v1", "Service", "target", `"spec": {"ports": [{"port": 80}]}`)),
		post(inside("v1", "pods"), objectNamed("v1", "Pod", "target", `"spec": {`+pods+`}`)),
		post(inside("apps/v1", "deployments"), objectNamed("apps/v1", "Deployment", "target", `"spec": {
			"replicas": 0, "selector": {"matchLabels": {"app": "target"}},
			"template": {"metadata": {"labels": {"app": "target"}}, "spec": {`+pods+`}}}`)),
		post(certificates, certificateRequest(t, "preview-attempts-target")),
	}
}

// left are the objects that attempts may leave.
var left = []string{
	"/api/v1/namespaces/" + beyond, "/api/v1/namespaces/" + beyond + "-2",
	certificates + "/preview-attempts-target", certificates + "/preview-attempts",
	bindings + "/" + beyond, bindings + "/" + rights,
	"/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations/" + beyond,
	"/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies/" + beyond,
}

// rights is the name of a binding that makes the preview identity an administrator.
const rights = beyond + "-rights"

const (
	certificates = "/apis/certificates.k8s.io/v1/certificatesigningrequests"
	bindings     = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings"
)

// further are attempts with subresources, with credentials, and with kinds that the program has nothing of.
func further(t *testing.T, node string) map[string]request {
	t.Helper()
	pod := inside("v1", "pods") + "/target"
	deployment := inside("apps/v1", "deployments") + "/target"
	return map[string]request{
		"scale":                  patched(deployment+"/scale", `{"spec": {"replicas": 1}}`),
		"status of a Deployment": patched(deployment+"/status", `{"status": {"observedGeneration": 99}}`),
		"status of a Pod":        patched(pod+"/status", `{"status": {"message": "attempt"}}`),
		"status of a Namespace": patched("/api/v1/namespaces/"+beyond+"/status",
			`{"status": {"phase": "Active"}}`),
		"an ephemeral container": patched(pod+"/ephemeralcontainers",
			`{"spec": {"ephemeralContainers": [{"name": "a", "image": "a"}]}}`),
		"a node": patched("/api/v1/nodes/"+node,
			`{"metadata": {"labels": {"attempt": "patch"}}}`),
		"status of a node": patched("/api/v1/nodes/"+node+"/status",
			`{"metadata": {"labels": {"attempt": "status"}}}`),
		"a Secret":      post(inside("v1", "secrets"), objectNamed("v1", "Secret", "attempt", "")),
		"another value": patched(inside("v1", "secrets")+"/target", `{"stringData": {"a": "b"}}`),
		"a Pod": post(inside("v1", "pods"),
			objectNamed("v1", "Pod", "attempt", `"spec": {"containers": [{"name": "a", "image": "a"}]}`)),
		"a binding to a node": post(pod+"/binding",
			objectNamed("v1", "Binding", "target", `"target": {"kind": "Node", "name": "`+node+`"}`)),
		"an eviction": post(pod+"/eviction", objectNamed("policy/v1", "Eviction", "target", "")),
		"a token": post(inside("v1", "serviceaccounts")+"/target/token",
			objectNamed("authentication.k8s.io/v1", "TokenRequest", "target", "")),
		"a Lease": post(inside("coordination.k8s.io/v1", "leases"),
			objectNamed("coordination.k8s.io/v1", "Lease", "attempt", "")),
		"a namespace":   post("/api/v1/namespaces", objectNamed("v1", "Namespace", beyond+"-2", "")),
		"a certificate": post(certificates, certificateRequest(t, "preview-attempts")),
		"approval": patched(certificates+"/preview-attempts-target/approval",
			`{"status": {"conditions": [{"type": "Approved", "status": "True", "reason": "a", "message": "a"}]}}`),
		"a webhook": post("/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations",
			objectNamed("admissionregistration.k8s.io/v1", "MutatingWebhookConfiguration", beyond, "")),
		"every right for somebody": post(bindings, bindingOf(beyond, "mallory")),
		"a role beyond its own rights": post(inside("rbac.authorization.k8s.io/v1", "roles"),
			objectNamed("rbac.authorization.k8s.io/v1", "Role", "attempt",
				`"rules": [{"apiGroups": [""], "resources": ["secrets"], "verbs": ["*"]}]`)),
	}
}

// connecting are attempts to get through to a pod or a node. The administrator makes none of them: the API server would
// look for simulated pods in the network.
func connecting(node string) map[string]request {
	pod := inside("v1", "pods") + "/target"
	return map[string]request{
		"exec":                {method: http.MethodPost, path: pod + "/exec?command=id&stdout=true"},
		"exec by a WebSocket": {method: http.MethodGet, path: pod + "/exec?command=id&stdout=true"},
		"attach":              {method: http.MethodPost, path: pod + "/attach?stdout=true"},
		"port forwarding":     {method: http.MethodPost, path: pod + "/portforward?ports=80"},
		"proxy to a Pod":      {method: http.MethodGet, path: pod + "/proxy/"},
		"proxy to a Service":  {method: http.MethodGet, path: inside("v1", "services") + "/target/proxy/"},
		"proxy to a node":     {method: http.MethodGet, path: "/api/v1/nodes/" + node + "/proxy/pods"},
	}
}

func patched(path, body string) request {
	return request{method: http.MethodPatch, path: path, body: body, mediaType: mergePatch}
}

func post(path, body string) request { return request{method: http.MethodPost, path: path, body: body} }

// inside returns the path of a collection in the namespace of the attempts.
func inside(version, resource string) string {
	if strings.Contains(version, "/") {
		return "/apis/" + version + "/namespaces/" + beyond + "/" + resource
	}
	return "/api/" + version + "/namespaces/" + beyond + "/" + resource
}

// objectNamed returns an object with these further fields.
func objectNamed(version, kind, name, fields string) string {
	if fields != "" {
		fields = ", " + fields
	}
	return fmt.Sprintf(`{"apiVersion": %q, "kind": %q, "metadata": {"name": %q}%s}`, version, kind, name, fields)
}

// bindingOf makes a user an administrator.
func bindingOf(name, user string) string {
	return objectNamed("rbac.authorization.k8s.io/v1", "ClusterRoleBinding", name, fmt.Sprintf(
		`"roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin"},
		"subjects": [{"apiGroup": "rbac.authorization.k8s.io", "kind": "User", "name": %q}]`, user))
}

func certificateRequest(t *testing.T, name string) string {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	require.NoError(t, err)
	der, err := x509.CreateCertificateRequest(rand.Reader, &x509.CertificateRequest{}, key)
	require.NoError(t, err)
	encoded := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE REQUEST", Bytes: der})
	return objectNamed("certificates.k8s.io/v1", "CertificateSigningRequest", name, fmt.Sprintf(
		`"spec": {"signerName": "example.org/attempt", "usages": ["client auth"], "request": %q}`,
		base64.StdEncoding.EncodeToString(encoded)))
}
