package enginetest

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/dreamseed/platform/internal/enginetest/testbed"
)

func TestRecordOfARollingReleaseShowsThatItKeptServing(t *testing.T) {
	disrupted.AsTracked(t)

	history := disrupted.Recorded(t, func() {
		disrupted.Up(t, func(c testbed.Configuration) {
			testbed.Service(c, "user")["image"] = "dreamseed/user-service:recorded"
		})
	})

	assert.Equal(t, 2, history.LowestReady("user-service"))
	assert.Equal(t, 2, history.LowestServing("user-service"))
	assert.Len(t, history.PodsBefore("no-such-job", "user-service"), 2, "the control: pods of a new template came")
	assert.Empty(t, history.PodsBefore("no-such-job", "auth-service"), "no other service got any")
}

func TestRecordShowsAGapThatIsOverWhenItEnds(t *testing.T) {
	disrupted.AsTracked(t)

	history := disrupted.Recorded(t, func() {
		disrupted.Kubectl(t, "scale", "deployment/user-service", "--replicas=0", "--namespace", namespace)
		disrupted.Kubectl(t, "wait", "--for=delete", "pods", "--namespace", namespace, "--timeout=60s",
			"--selector", "app.kubernetes.io/name=user-service")
		// A count of 0 switches the autoscaler off, and an up does not change the count.
		disrupted.Kubectl(t, "scale", "deployment/user-service", "--replicas=2", "--namespace", namespace)
		disrupted.Kubectl(t, "rollout", "status", "deployment/user-service", "--namespace", namespace)
	})

	assert.Zero(t, history.LowestReady("user-service"))
	assert.Zero(t, history.LowestServing("user-service"))
	assert.Equal(t, 2, history.LowestReady("auth-service"), "the control: another service had no gap")
	template := disrupted.Templates(t)["user-service"]
	assert.Len(t, disrupted.ServingPods(t, "user-service", template), 2, "and a look at the end sees nothing of it")
}

func TestRecordTellsWhichPodsDidNotWaitForAJob(t *testing.T) {
	disrupted.AsTracked(t)
	release := func(tag string) {
		disrupted.Kubectl(t, "set", "image", "deployment/user-service", "*=dreamseed/user-service:"+tag,
			"--namespace", namespace)
		disrupted.Kubectl(t, "rollout", "status", "deployment/user-service", "--namespace", namespace)
	}
	migrate := func(job string) {
		disrupted.With(t, "job/"+job, migrationJob(job))
		disrupted.Kubectl(t, "wait", "--for=condition=complete", "job/"+job, "--namespace", namespace, "--timeout=60s")
	}

	patient := disrupted.Recorded(t, func() { migrate("before"); release("patient") })
	hasty := disrupted.Recorded(t, func() { release("hasty"); migrate("after") })

	assert.True(t, patient.Completed("before"))
	assert.Empty(t, patient.PodsBefore("before", "user-service"))
	assert.True(t, hasty.Completed("after"))
	assert.Len(t, hasty.PodsBefore("after", "user-service"), 2)
}

// migrationJob returns a Job that Pod Security and the quota admit.
func migrationJob(name string) string {
	return `{"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "` + name + `"}, "spec": {"template": {
		"spec": {"restartPolicy": "Never",
			"securityContext": {"runAsNonRoot": true, "runAsUser": 1000, "seccompProfile": {"type": "RuntimeDefault"}},
			"containers": [{"name": "migrate", "image": "migrate",
				"securityContext": {"allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}},
				"resources": {"requests": {"cpu": "10m", "memory": "16Mi"},
					"limits": {"cpu": "10m", "memory": "16Mi"}}}]}}}}`
}
