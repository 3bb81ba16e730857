package live

import (
	"encoding/json"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

type fields = map[string]any

func deployment(status fields) fields {
	return fields{
		"kind": "Deployment",
		"metadata": fields{
			"name": "auth-service", "generation": 2, "labels": fields{"app.kubernetes.io/name": "auth-service"},
		},
		"spec": fields{
			"replicas": 2,
			"template": fields{"spec": fields{"containers": []fields{{"image": "auth:2"}}}},
		},
		"status": status,
	}
}

func settled() fields {
	return fields{"observedGeneration": 2, "replicas": 2, "updatedReplicas": 2, "readyReplicas": 2}
}

func with(status fields, key string, value any) fields {
	status[key] = value
	return status
}

func TestServiceIsRolledOutWhenEveryPodRunsTheNewestReleaseAndIsReady(t *testing.T) {
	cases := map[string]struct {
		status fields
		want   bool
		reason string
	}{
		"settled":    {settled(), true, "all pods are new and ready"},
		"unobserved": {with(settled(), "observedGeneration", 1), false, "the figures are of the former release"},
		"old pods":   {with(settled(), "replicas", 3), false, "a pod of the former release is still there"},
		"few new":    {with(settled(), "updatedReplicas", 1), false, "one pod is of the former release"},
		"few ready":  {with(settled(), "readyReplicas", 1), false, "one pod is not ready"},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			services := read(t, deployment(tt.status))

			require.Len(t, services, 1)
			assert.Equal(t, tt.want, services[0].RolledOut, tt.reason)
			assert.Equal(t, "auth:2", services[0].Image)
		})
	}
}

func rollout(status fields) fields {
	o := deployment(status)
	o["kind"] = "Rollout"
	return o
}

func TestARolloutIsRolledOutWhenItsControllerSaysSoOfTheNewestGeneration(t *testing.T) {
	healthy := func() fields {
		return fields{"observedGeneration": "2", "phase": "Healthy", "replicas": 4, "readyReplicas": 4, "updatedReplicas": 2}
	}
	cases := map[string]struct {
		status fields
		want   bool
		reason string
	}{
		"healthy":    {healthy(), true, "the pods of the former release stand by for a while"},
		"unobserved": {with(healthy(), "observedGeneration", "1"), false, "the verdict is of the former release"},
		"paused":     {with(healthy(), "phase", "Paused"), false, "a person has to go on"},
		"degraded":   {with(healthy(), "phase", "Degraded"), false, "it was given up"},
		"new":        {fields{}, false, "nobody has seen it"},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			services := read(t, rollout(tt.status))

			require.Len(t, services, 1)
			assert.Equal(t, tt.want, services[0].RolledOut, tt.reason)
			assert.Equal(t, "auth:2", services[0].Image)
		})
	}
}

func TestProblemOfARolloutIsItsControllersMessageAndThatOfItsPods(t *testing.T) {
	waiting := []fields{{"state": fields{"waiting": fields{"reason": "ImagePullBackOff", "message": "no such image"}}}}
	degraded := fields{"observedGeneration": "2", "phase": "Degraded", "message": "ProgressDeadlineExceeded: timed out"}

	services := read(t, rollout(degraded), pod("containerStatuses", waiting))

	assert.Equal(t, "ProgressDeadlineExceeded: timed out; ImagePullBackOff: no such image", services[0].Problem)
}

func pod(key string, value any) fields {
	return fields{
		"kind": "Pod", "metadata": fields{"labels": fields{"app.kubernetes.io/name": "auth-service"}},
		"status": fields{key: value},
	}
}

func TestProblemOfAServiceIsWhatHoldsItUp(t *testing.T) {
	stuck := func() fields { return with(settled(), "readyReplicas", 1) }
	condition := func(kind, status string) []fields {
		return []fields{{"type": kind, "status": status, "reason": "Because", "message": "of this"}}
	}
	waiting := []fields{{"state": fields{"waiting": fields{"reason": "ImagePullBackOff", "message": "no such image"}}}}
	cases := map[string]struct {
		items  []fields
		want   string
		reason string
	}{
		"image": {
			[]fields{deployment(stuck()), pod("containerStatuses", waiting)},
			"ImagePullBackOff: no such image", "a container waits",
		},
		"no room": {
			[]fields{deployment(stuck()), pod("conditions", condition("PodScheduled", "False"))},
			"Because: of this", "no node takes the pod",
		},
		"scheduled": {
			[]fields{deployment(stuck()), pod("conditions", condition("PodScheduled", "True"))},
			"", "that is how it should be",
		},
		"refused": {
			[]fields{deployment(with(stuck(), "conditions", condition("ReplicaFailure", "True")))},
			"Because: of this", "a quota refuses pods",
		},
		"rolled out": {
			[]fields{deployment(settled()), pod("containerStatuses", waiting)},
			"", "a pod that is going does not matter any more",
		},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			services := read(t, tt.items...)

			require.Len(t, services, 1)
			assert.Equal(t, tt.want, services[0].Problem, tt.reason)
		})
	}
}

func read(t *testing.T, items ...fields) []Service {
	t.Helper()
	seen := &Environment{}
	seen.readWorkloads(parse(t, items...))
	return seen.Services
}

func parse(t *testing.T, items ...fields) []listed {
	t.Helper()
	encoded, err := json.Marshal(items)
	require.NoError(t, err)
	var all []listed
	require.NoError(t, json.Unmarshal(encoded, &all))
	return all
}

func TestProgressIsToldOfAReleaseInFlight(t *testing.T) {
	canary := func(step int) fields {
		o := rollout(fields{
			"observedGeneration": "2", "phase": "Paused", "replicas": 2, "updatedReplicas": 1, "readyReplicas": 2,
			"currentStepIndex": step,
		})
		o["spec"].(fields)["strategy"] = fields{"canary": fields{"steps": []fields{
			{"setWeight": 25}, {"pause": fields{"duration": "30s"}}, {"setWeight": 50}, {"pause": fields{"duration": "30s"}},
		}}}
		return o
	}
	const pods = "1 of 2 pods are new, 2 of all are ready"
	paused := deployment(with(settled(), "updatedReplicas", 1))
	paused["spec"].(fields)["paused"] = true
	cases := map[string]struct {
		item   fields
		want   string
		reason string
	}{
		"rolled out": {deployment(settled()), "", "nothing is in flight"},
		"deployment": {deployment(with(settled(), "updatedReplicas", 1)), pods, "one of two"},
		"not begun": {
			deployment(with(settled(), "observedGeneration", 1)), "its controller has not begun", "the figures are old",
		},
		"paused":      {paused, "", "a person stopped it: that is a problem, and no progress"},
		"first step":  {canary(0), "step 1 of 4, at 25 %; " + pods, "its weight is being set"},
		"first pause": {canary(1), "step 2 of 4, at 25 %; " + pods, "a pause keeps the weight"},
		"last pause":  {canary(3), "step 4 of 4, at 50 %; " + pods, "a pause keeps the weight"},
		"all steps":   {canary(4), "all 4 steps done, to 100 %; " + pods, "the index is behind the last one"},
	}
	for name, tt := range cases {
		t.Run(name, func(t *testing.T) {
			services := read(t, tt.item)
			require.Len(t, services, 1)
			assert.Equal(t, tt.want, services[0].Progress, tt.reason)
		})
	}
}
