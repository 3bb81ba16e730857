package watch_test

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/dreamseed/platform/internal/sandbox/watch"
)

// seen is a history of these events, one revision after the other.
func seen(events ...watch.Event) watch.History {
	for i, event := range events {
		event.Object.SetResourceVersion(fmt.Sprint(100 + i))
	}
	return watch.History{Events: events}
}

func pod(event, name, ready string) watch.Event {
	return watch.Event{Type: event, Object: &unstructured.Unstructured{Object: map[string]any{
		"kind":     "Pod",
		"metadata": map[string]any{"uid": name, "labels": map[string]any{"app.kubernetes.io/name": "auth-service"}},
		"spec":     map[string]any{"containers": []any{map[string]any{"image": "auth:" + name}}},
		"status":   map[string]any{"conditions": []any{map[string]any{"type": "Ready", "status": ready}}},
	}}}
}

func TestLowestReady(t *testing.T) {
	other := pod("ADDED", "x", "True")
	other.Object.SetLabels(map[string]string{"app.kubernetes.io/name": "user-service"})
	leaving := pod("MODIFIED", "a", "True")
	now := leaving.Object.GetCreationTimestamp()
	leaving.Object.SetDeletionTimestamp(&now)
	two := []watch.Event{pod(watch.Existing, "a", "True"), pod(watch.Existing, "b", "True")}
	cases := map[string]struct {
		reason string
		events []watch.Event
		want   int
	}{
		"nothing happens":       {reason: "what there is counts", want: 2},
		"one goes":              {reason: "it is gone", events: []watch.Event{pod("DELETED", "a", "True")}, want: 1},
		"one is replaced first": {reason: "another one was ready before", events: []watch.Event{pod("ADDED", "c", "True"), pod("DELETED", "a", "True")}, want: 2},
		"one is replaced late":  {reason: "for a moment there was one", events: []watch.Event{pod("DELETED", "a", "True"), pod("ADDED", "c", "True")}, want: 1},
		"one is not ready":      {reason: "it serves nobody", events: []watch.Event{pod("MODIFIED", "a", "False"), pod("MODIFIED", "a", "True")}, want: 1},
		"one is leaving":        {reason: "it is being taken out of rotation", events: []watch.Event{leaving}, want: 1},
		"another workload's":    {reason: "it does not make up for ours", events: []watch.Event{pod("DELETED", "a", "True"), other}, want: 1},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, c.want, seen(append(two, c.events...)...).LowestReady("auth-service"), c.reason)
		})
	}
}

func slice(event string, conditions ...map[string]any) watch.Event {
	var endpoints []any
	for _, one := range conditions {
		endpoints = append(endpoints, map[string]any{"addresses": []any{"10.0.0.1"}, "conditions": one})
	}
	return watch.Event{Type: event, Object: &unstructured.Unstructured{Object: map[string]any{
		"kind":      "EndpointSlice",
		"metadata":  map[string]any{"uid": "s", "labels": map[string]any{"kubernetes.io/service-name": "auth-service"}},
		"endpoints": endpoints,
	}}}
}

func TestAnEndpointThatServesWhileItTerminatesStillServes(t *testing.T) {
	ready := map[string]any{"ready": true, "serving": true, "terminating": false}
	leaving := map[string]any{"ready": false, "serving": true, "terminating": true}
	gone := map[string]any{"ready": false, "serving": false, "terminating": true}
	history := seen(slice(watch.Existing, ready, ready), slice("MODIFIED", leaving, gone), slice("MODIFIED", ready, ready))
	assert.Equal(t, 1, history.LowestServing("auth-service"))
	assert.Equal(t, 0, history.LowestServing("user-service"))
}

func TestWhatExistedBeforeWhat(t *testing.T) {
	job := func(status string) watch.Event {
		return watch.Event{Type: "MODIFIED", Object: &unstructured.Unstructured{Object: map[string]any{
			"kind": "Job", "metadata": map[string]any{"name": "migration", "uid": "j"},
			"status": map[string]any{"conditions": []any{map[string]any{"type": "Complete", "status": status}}},
		}}}
	}
	history := seen(pod(watch.Existing, "old", "True"), job("False"), job("True"), pod("ADDED", "new", "False"))
	assert.Equal(t, 102, history.Completed("migration"), "not when it was first seen")
	assert.Equal(t, 103, history.FirstPod("auth-service", "auth:new"))
	assert.Zero(t, history.Completed("another"))
	assert.Zero(t, history.FirstPod("auth-service", "auth:newest"))
}
