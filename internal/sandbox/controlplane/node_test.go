package controlplane

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"runtime"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/rest"

	"github.com/dreamseed/platform/internal/mocktest"
)

var spotNode = Node{
	Name: "spot-0", Zone: "europe-west1-b", Region: "europe-west1", CPU: "4", Memory: "16Gi",
	Labels: map[string]string{"dreamseed.ai/pool": "spot", "cloud.google.com/gke-spot": "true"},
	Taints: []Taint{{Key: "dreamseed.ai/spot", Value: "true", Effect: "NoSchedule"}},
}

func TestANodeSaysWhereItIsAndWhatItIsFor(t *testing.T) {
	assert.Equal(t, map[string]string{
		"dreamseed.ai/sandbox":          "true",
		"dreamseed.ai/pool":             "spot",
		"kubernetes.io/hostname":        "spot-0",
		"kubernetes.io/os":              "linux",
		"kubernetes.io/arch":            runtime.GOARCH,
		"topology.kubernetes.io/zone":   "europe-west1-b",
		"topology.kubernetes.io/region": "europe-west1",
		"cloud.google.com/gke-spot":     "true",
	}, spotNode.labels())
	assert.NotContains(t, Node{Name: "plain"}.labels(), "topology.kubernetes.io/zone", "an empty zone would be a zone")
}

func TestANodeHasTheCapacityThatItWasGiven(t *testing.T) {
	for _, field := range []string{"capacity", "allocatable"} {
		assert.Equal(t, map[string]any{
			"cpu": "4", "memory": "16Gi", "ephemeral-storage": "100Gi", "pods": "110",
		}, mocktest.At(created(t, spotNode).Object, "status", field), field)
	}
}

func TestANodeSaysWhereItsUsageIs(t *testing.T) {
	annotations := created(t, spotNode).GetAnnotations()
	assert.Equal(t, "/metrics/nodes/spot-0/metrics/resource", annotations[usageAnnotation], "kwok's path for it")
}

func TestAChangedNodeKeepsWhatTheSystemHasSet(t *testing.T) {
	live := decode(t, `{
		"metadata": {"name": "spot-0", "resourceVersion": "7", "labels": {"old": "label"}},
		"spec": {"podCIDR": "10.0.0.0/24", "taints": [
			{"key": "node.kubernetes.io/not-ready", "effect": "NoSchedule"}, {"key": "old", "effect": "NoSchedule"}]},
		"status": {"conditions": [{"type": "Ready", "status": "True"}]}}`)

	changed, err := spotNode.shape(live)
	require.NoError(t, err)

	assert.Equal(t, "7", changed.GetResourceVersion(), "two writers must not overwrite each other")
	assert.NotContains(t, changed.GetLabels(), "old")
	assert.Equal(t, "10.0.0.0/24", mocktest.At(changed.Object, "spec", "podCIDR"))
	assert.Len(t, mocktest.At(changed.Object, "status", "conditions"), 1)
	assert.Equal(t, []any{
		map[string]any{"key": "node.kubernetes.io/not-ready", "effect": "NoSchedule"},
		map[string]any{"key": "dreamseed.ai/spot", "value": "true", "effect": "NoSchedule"},
	}, taintsOf(changed), "only the node lifecycle controller takes its own taints away")
}

func TestANodeIsReadyWhenPodsCanComeOntoIt(t *testing.T) {
	tests := map[string]struct {
		reason, node string
		ready        bool
	}{
		"new":     {"nobody has reported anything", `{}`, false},
		"unknown": {"its kubelet is silent", `{"status": {"conditions": [{"type": "Ready", "status": "Unknown"}]}}`, false},
		"tainted": {"the taint of a new node keeps pods off", `{"spec": {"taints": [{"key": "node.kubernetes.io/not-ready"}]},
			"status": {"conditions": [{"type": "Ready", "status": "True"}]}}`, false},
		"spot": {"a taint of its pool belongs to it", `{"spec": {"taints": [{"key": "dreamseed.ai/spot"}]},
			"status": {"conditions": [{"type": "Ready", "status": "True"}]}}`, true},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, test.ready, ready(decode(t, test.node)), test.reason)
		})
	}
}

// serverFor returns a client of an API server that answers with this handler.
func serverFor(t *testing.T, answer http.HandlerFunc) *administrator {
	t.Helper()
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	made, err := newAdministrator(&rest.Config{Host: server.URL, QPS: -1})
	require.NoError(t, err)
	return made
}

// respond writes an object of the API.
func respond(t *testing.T, w http.ResponseWriter, code int, object any) {
	t.Helper()
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(code)
	assert.NoError(t, json.NewEncoder(w).Encode(object))
}

// refuse writes the API server's refusal.
func refuse(t *testing.T, w http.ResponseWriter, code int, reason metav1.StatusReason, message string) {
	t.Helper()
	respond(t, w, code, metav1.Status{
		TypeMeta: metav1.TypeMeta{Kind: "Status", APIVersion: "v1"},
		Status:   metav1.StatusFailure, Code: int32(code), Reason: reason, Message: message,
	})
}

const nodesPath = "/api/v1/nodes"

// serverWith answers like an API server that has these nodes, and records the requests that change something.
func serverWith(t *testing.T, nodes ...*unstructured.Unstructured) (*administrator, *[]string) {
	t.Helper()
	var changes []string
	conflicts := map[string]bool{}
	return serverFor(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet {
			changes = append(changes, r.Method+" "+strings.TrimPrefix(r.URL.Path, "/api/v1/"))
		}
		if r.Method == http.MethodPut && !conflicts[r.URL.Path] { // one conflict per path
			conflicts[r.URL.Path] = true
			refuse(t, w, http.StatusConflict, metav1.StatusReasonConflict, "it was changed meanwhile")
			return
		}
		if r.URL.Path != nodesPath {
			at := slices.IndexFunc(nodes, func(node *unstructured.Unstructured) bool {
				return strings.HasPrefix(r.URL.Path+"/", nodesPath+"/"+node.GetName()+"/")
			})
			respond(t, w, http.StatusOK, nodes[at])
			return
		}
		if r.Method == http.MethodGet {
			assert.Equal(t, "labelSelector="+url.QueryEscape(sandboxLabel), r.URL.RawQuery,
				"nodes of others are none of our business")
			respond(t, w, http.StatusOK, map[string]any{"apiVersion": "v1", "kind": "NodeList", "items": nodes})
			return
		}
		respond(t, w, http.StatusCreated, created(t, Node{Name: "new"}))
	}), &changes
}

func TestNodesAreCreatedChangedAndDeleted(t *testing.T) {
	same, changed, gone := Node{Name: "same", CPU: "1"}, Node{Name: "changed", CPU: "1"}, Node{Name: "gone"}
	server, changes := serverWith(t, created(t, same), created(t, changed), created(t, gone))
	changed.CPU = "2"

	require.NoError(t, server.applyNodes(t.Context(), []Node{{Name: "new"}, same, changed}))

	assert.Equal(t, []string{
		"POST nodes",
		"PUT nodes/changed/status", "PUT nodes/changed/status", "PUT nodes/changed", "PUT nodes/changed",
		"DELETE nodes/gone",
	}, *changes, "each change is tried again after a conflict")
}

func TestANodeOfAnOlderSandboxLearnsWhereItsUsageIs(t *testing.T) {
	old := created(t, spotNode)
	annotations := old.GetAnnotations()
	delete(annotations, usageAnnotation)
	old.SetAnnotations(annotations)
	server, changes := serverWith(t, old)

	require.NoError(t, server.applyNodes(t.Context(), []Node{spotNode}))

	assert.Contains(t, *changes, "PUT nodes/spot-0")
}

func TestARefusedNodeIsNamedWithTheReason(t *testing.T) {
	server := serverFor(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			refuse(t, w, http.StatusUnprocessableEntity, metav1.StatusReasonInvalid, "cpu: Invalid value")
			return
		}
		respond(t, w, http.StatusOK, map[string]any{"apiVersion": "v1", "kind": "NodeList", "items": []any{}})
	})
	err := server.applyNodes(t.Context(), []Node{spotNode})
	assert.EqualError(t, err, "simulating node spot-0: cpu: Invalid value")
}

func decode(t *testing.T, text string) *unstructured.Unstructured {
	t.Helper()
	decoded := &unstructured.Unstructured{}
	require.NoError(t, json.Unmarshal([]byte(text), &decoded.Object))
	return decoded
}

// created returns the object of a new node.
func created(t *testing.T, n Node) *unstructured.Unstructured {
	t.Helper()
	shaped, err := n.shape(&unstructured.Unstructured{})
	require.NoError(t, err)
	return shaped
}
