package full

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"k8s.io/apimachinery/pkg/types"

	"github.com/dreamseed/platform/internal/enginetest/recorder"
	"github.com/dreamseed/platform/internal/enginetest/testbed"
	"github.com/dreamseed/platform/services/catalogue"
)

// release is a configuration of the releasing testbed: the service auth with an image and a strategy.
type release struct {
	strategy catalogue.Strategy
	image    string
	// prometheus is asked by a canary's analysis.
	prometheus *prometheus
}

// deadline is short, because bad releases wait for all of it. A canary's steps take two seconds of it.
const deadline = 8

func (r release) configure(c testbed.Configuration) {
	c["dreamseed:rolloutDeadlineSeconds"] = deadline
	c["dreamseed:monitoring"] = map[string]any{"prometheus": "present", "url": r.prometheus.url}
	auth := testbed.Service(c, "auth")
	auth["image"] = "dreamseed/auth-service:" + r.image
	auth["release"] = map[string]any{
		"strategy": string(r.strategy),
		"canary":   map[string]any{"weights": []int{50, 75}, "stepSeconds": 1},
	}
}

func (r release) with(image string) release {
	r.image = image
	return r
}

// floor and pods are the figures of auth in the local environment.
const (
	floor = 1
	pods  = 2
)

const ofAuth = "app.kubernetes.io/name=auth-service"

// Each strategy takes over from the previous one while the service runs, and the first from the last.
func TestReleasesByEveryStrategy(t *testing.T) {
	releasing.Taken(t)
	judge := newPrometheus(t)
	before := release{strategy: catalogue.Rolling, image: "v0", prometheus: judge}
	releasing.Up(t, before.configure)
	for number, strategy := range []catalogue.Strategy{catalogue.BlueGreen, catalogue.Canary, catalogue.Rolling} {
		t.Run(string(strategy), func(t *testing.T) {
			running := release{strategy: strategy, image: before.image, prometheus: judge}
			t.Run("switch", func(t *testing.T) { switches(t, running) })
			better := running.with(fmt.Sprintf("v%d", number+1))
			t.Run("good release", func(t *testing.T) { releases(t, better) })
			bad := running.with(fmt.Sprintf("never-ready-%d", number))
			t.Run("bad release", func(t *testing.T) { failsToRelease(t, better, bad) })
			t.Run("return", func(t *testing.T) { returns(t, better) })
			before = better
		})
	}
}

// switches asserts that a running service changes its strategy without falling below its floor.
func switches(t *testing.T, to release) {
	t.Helper()
	seen := releasing.Recorded(t, func() { releasing.Up(t, to.configure) })

	assert.GreaterOrEqual(t, seen.LowestReady("auth-service"), pods)
	assert.GreaterOrEqual(t, seen.LowestServing("auth-service"), floor)
	assert.Zero(t, added(seen, "Job"), "the version is the same")
	kind := "rollouts.argoproj.io"
	if to.strategy == catalogue.Rolling {
		kind = "deployments"
	}
	assert.Len(t, releasing.List(t, kind, "--namespace", namespace, "--selector", ofAuth), 1)
	assert.Len(t, stayingPods(t, releasing, "auth-service"), pods, "the pods of the former strategy are gone")
	assert.Zero(t, releasing.Preview(t, testbed.WithLiveObjects).Changes())
}

// releases asserts that every user gets the new version, without a gap in the service.
func releases(t *testing.T, next release) {
	t.Helper()
	seen := releasing.Recorded(t, func() { releasing.Up(t, next.configure) })

	assert.GreaterOrEqual(t, seen.LowestReady("auth-service"), pods)
	assert.GreaterOrEqual(t, seen.LowestServing("auth-service"), floor)
	assert.Equal(t, []string{"dreamseed/auth-service:" + next.image}, servedImages(t, releasing, "auth-service"))
	assert.Zero(t, releasing.Preview(t, testbed.WithLiveObjects).Changes())
}

// failsToRelease asserts that a version that never becomes ready fails the run, without an effect on users.
func failsToRelease(t *testing.T, running, next release) {
	t.Helper()
	var shown string
	var err error
	seen := releasing.Recorded(t, func() { _, shown, err = releasing.TryUp(t, next.configure) })

	require.Error(t, err, shown)
	require.ErrorContains(t, err, "auth-service")
	assert.True(t, testbed.Tried(t, seen, "auth-service", "dreamseed/auth-service:"+next.image), "the control")
	assert.GreaterOrEqual(t, seen.LowestReady("auth-service"), pods)
	assert.GreaterOrEqual(t, seen.LowestServing("auth-service"), floor)
	assert.Equal(t, []string{"dreamseed/auth-service:" + running.image}, servedImages(t, releasing, "auth-service"))
}

// returns asserts that the previous file restores the previous version, and waits for no migration.
func returns(t *testing.T, to release) {
	t.Helper()
	seen := releasing.Recorded(t, func() { releasing.Up(t, to.configure) })

	assert.GreaterOrEqual(t, seen.LowestReady("auth-service"), pods)
	assert.Zero(t, added(seen, "Job"), "no migration runs")
	assert.Equal(t, []string{"dreamseed/auth-service:" + to.image}, servedImages(t, releasing, "auth-service"))
	assert.Zero(t, releasing.Preview(t, testbed.WithLiveObjects).Changes())
}

// added counts the objects of a kind that did not exist before.
func added(seen recorder.History, kind string) int {
	objects := map[types.UID]bool{}
	for _, change := range seen.Changes {
		if change.Object.GetKind() == kind {
			objects[change.Object.GetUID()] = true
		}
	}
	for _, before := range seen.Beginning {
		delete(objects, before.GetUID())
	}
	return len(objects)
}

// stayingPods returns the pods of a workload that are not terminating.
func stayingPods(t *testing.T, on *testbed.Testbed, workload string) []testbed.Object {
	t.Helper()
	var staying []testbed.Object
	for _, pod := range on.Each(t, "pods", "--namespace", namespace, "--selector", "app.kubernetes.io/name="+workload) {
		if pod.Metadata.DeletionTime == "" {
			staying = append(staying, pod)
		}
	}
	return staying
}

// servedImages returns the images of the pods that may receive a request to a workload.
func servedImages(t *testing.T, on *testbed.Testbed, workload string) []string {
	t.Helper()
	ready := map[string]bool{}
	for _, slice := range on.Each(t, "endpointslices", "--namespace", namespace,
		"--selector", "kubernetes.io/service-name="+workload) {
		for _, endpoint := range slice.Endpoints {
			if endpoint.Conditions.Ready {
				ready[endpoint.TargetRef.Name] = true
			}
		}
	}
	require.NotEmpty(t, ready)
	images := map[string]bool{}
	for _, pod := range stayingPods(t, on, workload) {
		if ready[pod.Metadata.Name] {
			images[strings.Join(pod.Images(), " ")] = true
		}
	}
	var served []string
	for image := range images {
		served = append(served, image)
	}
	return served
}
