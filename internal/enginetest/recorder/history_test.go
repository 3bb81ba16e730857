package recorder

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
)

type fields = map[string]any

func object(kind, name string, labels fields, content fields) unstructured.Unstructured {
	o := unstructured.Unstructured{Object: content}
	o.SetKind(kind)
	o.SetName(name)
	o.SetUID(types.UID(kind + "/" + name))
	o.Object["metadata"].(fields)["labels"] = labels
	return o
}

// pod returns a pod of workload auth; its name starts with the hash of its template.
func pod(name string, status string) unstructured.Unstructured {
	return object("Pod", name, fields{"app.kubernetes.io/name": "auth", "pod-template-hash": name[:1]},
		fields{"status": conditions("Ready", status)})
}

func conditions(kind, status string) fields {
	return fields{"conditions": []any{fields{"type": kind, "status": status}}}
}

func ending(o unstructured.Unstructured) unstructured.Unstructured {
	o.Object["metadata"].(fields)["deletionTimestamp"] = "2025-01-01T00:00:00Z"
	return o
}

func labelled(o unstructured.Unstructured, key, value string) unstructured.Unstructured {
	o.Object["metadata"].(fields)["labels"].(fields)[key] = value
	return o
}

func migration(status string) unstructured.Unstructured {
	return object("Job", "migration", fields{}, fields{"status": conditions("Complete", status)})
}

// after returns a history of consecutive changes.
func after(beginning []unstructured.Unstructured, changes ...Change) History {
	for i := range changes {
		changes[i].Version = uint64(i + 1)
	}
	h := History{}
	h.add(beginning, changes)
	return h
}

func now(o unstructured.Unstructured) Change  { return Change{Object: &o} }
func gone(o unstructured.Unstructured) Change { return Change{Object: &o, Gone: true} }

func TestLowestReadyIsThatOfTheWorstMoment(t *testing.T) {
	two := []unstructured.Unstructured{pod("a1", "True"), pod("a2", "True")}
	cases := map[string]struct {
		history History
		want    int
		reason  string
	}{
		"nothing happens": {after(two), 2, "the beginning counts"},
		"not ready for a moment": {
			after(two, now(pod("a1", "False")), now(pod("a1", "True"))), 1, "that it came back does not undo the gap",
		},
		"surge": {
			after(two, now(pod("b1", "True")), gone(pod("a1", "True"))), 2, "the new pod is ready before the old one goes",
		},
		"recreate": {after(two, gone(pod("a1", "True")), now(pod("b1", "True"))), 1, "the old pod goes first"},
		"terminating": {
			after(two, now(ending(pod("a1", "True")))), 1, "a pod that is about to end gets no new requests",
		},
		"from nothing": {after(nil, now(pod("a1", "True"))), 0, "nothing was ready at the beginning"},
		"another workload": {
			after(two[:1], now(labelled(pod("b1", "True"), "app.kubernetes.io/name", "user")), gone(pod("a1", "True"))), 0,
			"its pods do not testbed in",
		},
		"pod of a Job": {
			after(two[:1], now(labelled(pod("b1", "True"), "pod-template-hash", "")), gone(pod("a1", "True"))), 0,
			"it serves nobody",
		},
		"Rollout": {
			after([]unstructured.Unstructured{
				labelled(labelled(pod("a1", "True"), "pod-template-hash", ""), "rollouts-pod-template-hash", "a"),
			}), 1, "its pods carry the hash in a label of its own",
		},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, tt.want, tt.history.LowestReady("auth"), tt.reason)
		})
	}
}

func TestChangesAreOrderedByWhatTheServerSaidNotByTheirArrival(t *testing.T) {
	h := History{}
	h.add(nil, []Change{{Version: 10, Object: &unstructured.Unstructured{}}})
	h.add(nil, []Change{{Version: 9, Object: &unstructured.Unstructured{}}})

	assert.Equal(t, uint64(9), h.Changes[0].Version)
}

func TestPodsBeforeAreThoseOfAnotherTemplateThatDidNotWaitForTheJob(t *testing.T) {
	old := []unstructured.Unstructured{pod("a1", "True")}
	cases := map[string]struct {
		history History
		want    []string
		reason  string
	}{
		"waited":    {after(old, now(migration("True")), now(pod("b1", "False"))), nil, "it came after the Job's end"},
		"too early": {after(old, now(pod("b1", "False")), now(migration("True"))), []string{"b1"}, "it came before"},
		"came and went": {
			after(old, now(pod("b1", "False")), gone(pod("b1", "False")), now(migration("True"))), []string{"b1"},
			"it existed all the same",
		},
		"old template": {after(old, now(pod("a2", "True")), now(migration("True"))), nil, "the old release may scale"},
		"not complete": {
			after(old, now(migration("False")), now(pod("b1", "False"))), []string{"b1"}, "a Job that exists is not done",
		},
		"no Job": {after(old, now(pod("b1", "False"))), []string{"b1"}, "nothing completed"},
		"complete already": {
			after(append(old, migration("True")), now(pod("b1", "False"))), nil, "there was nothing to wait for",
		},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, tt.want, tt.history.PodsBefore("migration", "auth"), tt.reason)
		})
	}
}

func TestEndedAreThePodsThatWereDeleted(t *testing.T) {
	h := after(nil, now(ending(pod("a1", "True"))), gone(pod("a2", "True")), gone(migration("True")))

	assert.Equal(t, []string{"a2"}, h.Ended())
}

func TestCompletedIsTrueOnceTheJobWas(t *testing.T) {
	complete := []unstructured.Unstructured{migration("True")}

	assert.True(t, after(complete).Completed("migration"))
	assert.True(t, after(nil, now(migration("False")), now(migration("True"))).Completed("migration"))
	assert.False(t, after(nil, now(migration("False"))).Completed("migration"))
	assert.False(t, after(complete).Completed("another"))
}

// endpoint returns an endpoint with the conditions in the order ready, serving, terminating.
func endpoint(address string, conditions ...bool) any {
	stated := fields{}
	for i, value := range conditions {
		stated[[]string{"ready", "serving", "terminating"}[i]] = value
	}
	return fields{"addresses": []any{address}, "conditions": stated}
}

func slice(name string, endpoints ...any) unstructured.Unstructured {
	return object("EndpointSlice", name, fields{"kubernetes.io/service-name": "auth"}, fields{"endpoints": endpoints})
}

func TestLowestServingIsWhatKubeProxyWouldHaveHad(t *testing.T) {
	ready, other := endpoint("10.0.0.1", true, true, false), endpoint("10.0.0.2", true, true, false)
	cases := map[string]struct {
		endpoints []unstructured.Unstructured
		want      int
		reason    string
	}{
		"two ready": {[]unstructured.Unstructured{slice("s", ready, other)}, 2, "both get traffic"},
		"two slices": {
			[]unstructured.Unstructured{slice("s", ready), slice("r", ready, other)}, 2, "an address in both is one endpoint",
		},
		"not ready": {
			[]unstructured.Unstructured{slice("s", ready, endpoint("10.0.0.2", false, false, false))}, 1, "it gets none",
		},
		"one ends": {
			[]unstructured.Unstructured{slice("s", ready, endpoint("10.0.0.2", false, true, true))}, 1,
			"while others are ready, one that ends gets none",
		},
		"all end": {
			[]unstructured.Unstructured{
				slice("s", endpoint("10.0.0.1", false, true, true), endpoint("10.0.0.2", false, true, true)),
			}, 2, "where none is ready, those that still serve get it",
		},
		"all end, none serves": {
			[]unstructured.Unstructured{slice("s", endpoint("10.0.0.1", false, false, true))}, 0, "nobody is left",
		},
		"serves, not ready, stays": {
			[]unstructured.Unstructured{slice("s", endpoint("10.0.0.1", false, true, false))}, 0,
			"one that does not end gets traffic when it is ready, and not before",
		},
		"ends, serving unstated": {
			[]unstructured.Unstructured{slice("s", fields{
				"addresses": []any{"10.0.0.1"}, "conditions": fields{"ready": false, "terminating": true},
			})}, 0, "it serves as much as it is ready",
		},
		"unstated": {[]unstructured.Unstructured{slice("s", endpoint("10.0.0.1"))}, 1, "unknown means ready"},
		"no slice": {nil, 0, "nobody is there"},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			assert.Equal(t, tt.want, after(tt.endpoints).LowestServing("auth"), tt.reason)
		})
	}
}

func TestLowestServingIsThatOfTheWorstMoment(t *testing.T) {
	full := slice("s", endpoint("10.0.0.1", true), endpoint("10.0.0.2", true))

	h := after([]unstructured.Unstructured{full}, now(slice("s")), now(full))

	assert.Zero(t, h.LowestServing("auth"))
	assert.Zero(t, after([]unstructured.Unstructured{full}, gone(full)).LowestServing("auth"))
}
