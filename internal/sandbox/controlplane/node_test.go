package controlplane

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
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
	status := spotNode.shape(object{}).field("status")
	assert.Equal(t, map[string]string{
		"cpu": "4", "memory": "16Gi", "ephemeral-storage": "100Gi", "pods": "110",
	}, status["capacity"])
	assert.Equal(t, status["capacity"], status["allocatable"])
}

func TestANodeSaysWhereItsUsageIs(t *testing.T) {
	annotations := spotNode.shape(object{}).field("metadata").field("annotations")
	assert.Equal(t, "/metrics/nodes/spot-0/metrics/resource", annotations.text(usageAnnotation), "kwok's path for it")
}

func TestAChangedNodeKeepsWhatTheSystemHasSet(t *testing.T) {
	live := decode(t, `{
		"metadata": {"name": "spot-0", "resourceVersion": "7", "labels": {"old": "label"}},
		"spec": {"podCIDR": "10.0.0.0/24", "taints": [
			{"key": "node.kubernetes.io/not-ready", "effect": "NoSchedule"}, {"key": "old", "effect": "NoSchedule"}]},
		"status": {"conditions": [{"type": "Ready", "status": "True"}]}}`)

	changed := roundTrip(t, spotNode.shape(live))

	assert.Equal(t, "7", changed.field("metadata").text("resourceVersion"), "two writers must not overwrite each other")
	assert.NotContains(t, changed.field("metadata").field("labels"), "old")
	assert.Equal(t, "10.0.0.0/24", changed.field("spec").text("podCIDR"))
	assert.Len(t, changed.field("status").list("conditions"), 1)
	assert.Equal(t, []any{
		map[string]any{"key": "node.kubernetes.io/not-ready", "effect": "NoSchedule"},
		map[string]any{"key": "dreamseed.ai/spot", "value": "true", "effect": "NoSchedule"},
	}, changed.field("spec").list("taints"), "only the node lifecycle controller takes its own taints away")
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

// fakeAPI answers like an API server that has these nodes, and records the requests that change something.
func fakeAPI(t *testing.T, nodes ...object) (api, *[]string) {
	t.Helper()
	var changes []string
	conflicts := map[string]bool{}
	handler := func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet {
			changes = append(changes, r.Method+" "+strings.TrimPrefix(r.URL.Path, "/api/v1/"))
		}
		if r.Method == http.MethodPut && !conflicts[r.URL.Path] { // one conflict per path
			conflicts[r.URL.Path] = true
			w.WriteHeader(http.StatusConflict)
			return
		}
		name := strings.TrimPrefix(r.URL.Path, nodesPath+"/")
		for _, node := range nodes {
			if r.Method == http.MethodGet && node.field("metadata").text("name") == name {
				assert.NoError(t, json.NewEncoder(w).Encode(node))
				return
			}
		}
		if r.Method == http.MethodGet {
			assert.Equal(t, "labelSelector="+sandboxLabel, r.URL.RawQuery, "nodes of others are none of our business")
		}
		assert.NoError(t, json.NewEncoder(w).Encode(map[string]any{"items": nodes}))
	}
	server := httptest.NewServer(http.HandlerFunc(handler))
	t.Cleanup(server.Close)
	return api{url: server.URL, http: server.Client()}, &changes
}

func TestNodesAreCreatedChangedAndDeleted(t *testing.T) {
	same, changed, gone := Node{Name: "same", CPU: "1"}, Node{Name: "changed", CPU: "1"}, Node{Name: "gone"}
	live := []object{
		roundTrip(t, same.shape(object{})), roundTrip(t, changed.shape(object{})), roundTrip(t, gone.shape(object{})),
	}
	server, changes := fakeAPI(t, live...)
	changed.CPU = "2"

	require.NoError(t, server.applyNodes(context.Background(), []Node{{Name: "new"}, same, changed}))

	assert.Equal(t, []string{
		"POST nodes",
		"PUT nodes/changed/status", "PUT nodes/changed/status", "PUT nodes/changed", "PUT nodes/changed",
		"DELETE nodes/gone",
	}, *changes, "each change is tried again after a conflict")
}

func TestANodeOfAnOlderSandboxLearnsWhereItsUsageIs(t *testing.T) {
	old := roundTrip(t, spotNode.shape(object{}))
	delete(old.field("metadata").field("annotations"), usageAnnotation)
	server, changes := fakeAPI(t, old)

	require.NoError(t, server.applyNodes(context.Background(), []Node{spotNode}))

	assert.Contains(t, *changes, "PUT nodes/spot-0")
}

func TestARefusedNodeIsNamedWithTheReason(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			w.WriteHeader(http.StatusUnprocessableEntity)
			_, err := w.Write([]byte(`{"kind": "Status", "message": "cpu: Invalid value"}`))
			assert.NoError(t, err)
			return
		}
		_, err := w.Write([]byte(`{}`))
		assert.NoError(t, err)
	}))
	defer server.Close()
	err := api{server.URL, server.Client()}.applyNodes(context.Background(), []Node{spotNode})
	assert.EqualError(t, err, "simulating node spot-0: answered 422: cpu: Invalid value")
}

func decode(t *testing.T, text string) object {
	t.Helper()
	o := object{}
	require.NoError(t, json.Unmarshal([]byte(text), &o))
	return o
}

func roundTrip(t *testing.T, o object) object {
	t.Helper()
	data, err := json.Marshal(o)
	require.NoError(t, err)
	return decode(t, string(data))
}
