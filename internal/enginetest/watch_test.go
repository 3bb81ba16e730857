package enginetest

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"

	"github.com/dreamseed/platform/internal/enginetest/recorder"
)

// client is how the sandbox's administrator reaches its API server.
func (s *stand) client(t *testing.T) *rest.Config {
	t.Helper()
	config, err := clientcmd.BuildConfigFromFlags("", s.stack.Kubeconfig())
	require.NoError(t, err)
	config.QPS = -1 // no limit: a test asks one API server on loopback
	return config
}

// recorded is what happened in the namespace of the services while something was done. Where a test fails, its log has
// the changes.
func (s *stand) recorded(t *testing.T, do func()) recorder.History {
	t.Helper()
	return s.recordedIn(t, s.namespace(), do)
}

// recordedIn is recorded for another namespace.
func (s *stand) recordedIn(t *testing.T, namespace string, do func()) recorder.History {
	t.Helper()
	r, err := recorder.Start(context.WithoutCancel(t.Context()), s.client(t), namespace)
	require.NoError(t, err)
	done := false
	defer func() {
		if !done { // the test failed in between
			_, _ = r.Stop(context.WithoutCancel(t.Context()))
		}
	}()
	do()
	history, err := r.Stop(t.Context())
	done = true
	require.NoError(t, err)
	t.Cleanup(func() {
		if t.Failed() {
			for _, change := range history.Changes {
				t.Log(change)
			}
		}
	})
	return history
}

func TestRecordOfARollingReleaseShowsThatItKeptServing(t *testing.T) {
	disrupted.asTracked(t)

	history := disrupted.recorded(t, func() {
		disrupted.up(t, func(c configuration) { service(c, "user")["image"] = "dreamseed/user-service:recorded" })
	})

	assert.Equal(t, 2, history.LowestReady("user-service"))
	assert.Equal(t, 2, history.LowestServing("user-service"))
	assert.Len(t, history.PodsBefore("no-such-job", "user-service"), 2, "the control: pods of a new template came")
	assert.Empty(t, history.PodsBefore("no-such-job", "auth-service"), "no other service got any")
}

func TestRecordShowsAGapThatIsOverWhenItEnds(t *testing.T) {
	disrupted.asTracked(t)

	history := disrupted.recorded(t, func() {
		disrupted.kubectl(t, "scale", "deployment/user-service", "--replicas=0", "--namespace", namespace)
		disrupted.kubectl(t, "wait", "--for=delete", "pods", "--namespace", namespace, "--timeout=60s",
			"--selector", "app.kubernetes.io/name=user-service")
		// A count of 0 switches the autoscaler off, and an up leaves the count alone.
		disrupted.kubectl(t, "scale", "deployment/user-service", "--replicas=2", "--namespace", namespace)
		disrupted.kubectl(t, "rollout", "status", "deployment/user-service", "--namespace", namespace)
	})

	assert.Zero(t, history.LowestReady("user-service"))
	assert.Zero(t, history.LowestServing("user-service"))
	assert.Equal(t, 2, history.LowestReady("auth-service"), "the control: another service had no gap")
	template := disrupted.templates(t)["user-service"]
	assert.Len(t, disrupted.servingPods(t, "user-service", template), 2, "and a look at the end sees nothing of it")
}

func TestRecordTellsWhichPodsDidNotWaitForAJob(t *testing.T) {
	disrupted.asTracked(t)
	release := func(tag string) {
		disrupted.kubectl(t, "set", "image", "deployment/user-service", "*=dreamseed/user-service:"+tag,
			"--namespace", namespace)
		disrupted.kubectl(t, "rollout", "status", "deployment/user-service", "--namespace", namespace)
	}
	migrate := func(job string) {
		disrupted.with(t, "job/"+job, migrationJob(job))
		disrupted.kubectl(t, "wait", "--for=condition=complete", "job/"+job, "--namespace", namespace, "--timeout=60s")
	}

	patient := disrupted.recorded(t, func() { migrate("before"); release("patient") })
	hasty := disrupted.recorded(t, func() { release("hasty"); migrate("after") })

	assert.True(t, patient.Completed("before"))
	assert.Empty(t, patient.PodsBefore("before", "user-service"))
	assert.True(t, hasty.Completed("after"))
	assert.Len(t, hasty.PodsBefore("after", "user-service"), 2)
}

// migrationJob is a Job that Pod Security and the quota admit.
func migrationJob(name string) string {
	return `{"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "` + name + `"}, "spec": {"template": {
		"spec": {"restartPolicy": "Never",
			"securityContext": {"runAsNonRoot": true, "runAsUser": 1000, "seccompProfile": {"type": "RuntimeDefault"}},
			"containers": [{"name": "migrate", "image": "migrate",
				"securityContext": {"allowPrivilegeEscalation": false, "capabilities": {"drop": ["ALL"]}},
				"resources": {"requests": {"cpu": "10m", "memory": "16Mi"},
					"limits": {"cpu": "10m", "memory": "16Mi"}}}]}}}}`
}
