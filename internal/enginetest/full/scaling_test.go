package full

import (
	"context"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/enginetest/testbed"
	"github.com/dreamseed/platform/internal/sandbox/load"
)

const (
	scaledWorkload = "auth-service"
	// aPod is the target: a pod that is asked more brings further pods.
	aPod = 50
)

// scalesByRequests lets a Deployment and a Rollout gain a target for requests, follow them, lose sight of them, and
// lose the target again.
func scalesByRequests(t *testing.T) {
	askEach(t, aPod/10)
	keepingPods(t, func() { inTheMiddleOfACanary(t, func() { watched.Change(t, withTarget(aPod)) }) })
	for _, workload := range []string{scaledWorkload, canaryWorkload} {
		assert.Equal(t, "ScaledObject", ownerOfAutoscaler(t, workload), workload)
	}
	t.Run("requests rise", func(t *testing.T) {
		before := readyPods(t)
		askEach(t, 3*aPod)
		eventually(t, func() string {
			if now := readyPods(t); now <= before {
				return fmt.Sprintf("%d pods are ready, as before: %s", now, autoscalerOf(t, scaledWorkload))
			}
			return ""
		})
	})
	t.Run("requests fall", func(t *testing.T) {
		askEach(t, aPod/10)
		eventually(t, func() string {
			if average := averageOfRequests(t); average < 0 || average >= aPod {
				return fmt.Sprintf("the autoscaler still sees %d requests of a pod", average)
			}
			return ""
		})
		assert.Greater(t, readyPods(t), leastPods, "no pod goes before five minutes of lower load")
	})
	t.Run("Prometheus is away", func(t *testing.T) {
		before := readyPods(t)
		scalePrometheus(t, 0)
		eventually(t, func() string {
			if scaled := scaledObject(t); !fallsBack.MatchString(scaled) {
				return "KEDA does not hold the number of pods yet: " + scaled
			}
			return ""
		})
		assert.Equal(t, before, readyPods(t))
		eventually(t, func() string { // what the alert ScaledObjectFallback counts
			if failuresOfKEDA(t) == 0 {
				return "KEDA counted no failure"
			}
			return ""
		})
		scalePrometheus(t, 1)
	})
	keepingPods(t, func() { watched.Change(t, withTarget(0)) })
	for _, workload := range []string{scaledWorkload, canaryWorkload} {
		assert.Empty(t, ownerOfAutoscaler(t, workload), workload)
	}
	assert.Empty(t, watched.Kubectl(t, "get", "scaledobjects", "--namespace="+namespace, "--output=name"))
	assert.NotContains(t, watched.Kubectl(t, "get", "apiservices"), "external.metrics", "nobody answers there any more")
}

// inTheMiddleOfACanary asserts that the Rollout has its ScaledObject while its canary is between steps, and never fewer
// available pods than its minimum. The run tries the release again that failed before, and does not wait for it.
func inTheMiddleOfACanary(t *testing.T, change func()) {
	t.Helper()
	ctx, stop := context.WithCancel(t.Context())
	seen := make(chan canarySeen)
	go func() {
		all := canarySeen{least: math.MaxInt}
		for ctx.Err() == nil {
			all.look(ctx)
		}
		seen <- all
	}()
	change()
	stop()
	all := <-seen
	assert.True(t, all.scaledBetweenSteps, "its autoscaler changed in the middle of a canary: %v", all.phases)
	assert.GreaterOrEqual(t, all.least, leastPods, "available pods")
}

// canarySeen is what was seen of the Rollout during a run.
type canarySeen struct {
	scaledBetweenSteps bool
	// least is the lowest number of available pods.
	least  int
	phases map[string]int
}

func (s *canarySeen) look(ctx context.Context) {
	scaled, err := watched.TryKubectl(ctx, nil, "get", "scaledobject", canaryWorkload, "--namespace="+namespace,
		"--ignore-not-found", "--output=name")
	if err != nil {
		return
	}
	printed, err := watched.TryKubectl(ctx, nil, "get", "rollout", canaryWorkload, "--namespace="+namespace,
		"--output=jsonpath={.status.phase} {.status.availableReplicas}")
	phase, count, _ := strings.Cut(printed, " ")
	available, errCount := strconv.Atoi(count)
	if err != nil || errCount != nil {
		return
	}
	if s.phases == nil {
		s.phases = map[string]int{}
	}
	s.phases[phase]++
	s.least = min(s.least, available)
	between := phase == "Progressing" || phase == "Paused"
	s.scaledBetweenSteps = s.scaledBetweenSteps || between && len(scaled) > 0
}

// leastPods is the minimum of the service in the local stack.
const leastPods = 2

// fallsBack matches the condition of a ScaledObject whose number of pods is held.
var fallsBack = regexp.MustCompile(`"status":"True","type":"Fallback"|"type":"Fallback","status":"True"`)

// withTarget gives both services a target for requests, or takes it.
func withTarget(requestsPerSecond int) func(testbed.Configuration) {
	return func(c testbed.Configuration) {
		for _, name := range []string{"auth", "user"} {
			autoscaling, _ := testbed.Service(c, name)["autoscaling"].(map[string]any)
			autoscaling["requestsPerSecond"] = requestsPerSecond
		}
	}
}

// askEach sets the requests of each pod of the service.
func askEach(t *testing.T, each float64) {
	t.Helper()
	require.NoError(t, watched.Box.SetLoad(t.Context(), []load.Rule{
		{Labels: map[string]string{"app.kubernetes.io/name": scaledWorkload}, Load: load.Load{RequestsPerSecond: each}},
		{Load: load.Load{RequestsPerSecond: 1}},
	}))
}

// keepingPods asserts that a change takes no pod of the Deployment. The Rollout is being released in the same run.
func keepingPods(t *testing.T, change func()) {
	t.Helper()
	before := podsOf(t)
	require.NotEmpty(t, before)
	change()
	assert.Subset(t, podsOf(t), before, "no pod went")
}

// podsOf returns the names of the running pods of the Deployment.
func podsOf(t *testing.T) []string {
	t.Helper()
	printed := watched.Kubectl(t, "get", "pods", "--namespace="+namespace, "--field-selector=status.phase=Running",
		"--selector=app.kubernetes.io/name="+scaledWorkload, "--output=name")
	return strings.Fields(printed)
}

func readyPods(t *testing.T) int {
	t.Helper()
	return figureOf(t, watched.Kubectl(t, "get", "deployment", scaledWorkload, "--namespace="+namespace,
		"--output=jsonpath={.status.readyReplicas}"))
}

func figureOf(t *testing.T, text string) int {
	t.Helper()
	value, err := strconv.Atoi(strings.TrimSpace(text))
	require.NoError(t, err)
	return value
}

// ownerOfAutoscaler returns the kind that owns the only autoscaler of a workload, or "" where the program itself does.
func ownerOfAutoscaler(t *testing.T, workload string) string {
	t.Helper()
	printed := watched.Kubectl(t, "get", "hpa", "--namespace="+namespace,
		`--output=jsonpath={range .items[?(@.spec.scaleTargetRef.name=="`+workload+`")]}`+
			`{.metadata.name}/{.metadata.ownerReferences[*].kind} {end}`)
	found := strings.Fields(printed)
	require.Len(t, found, 1, "one autoscaler: %s", printed)
	name, owner, _ := strings.Cut(found[0], "/")
	assert.Equal(t, workload, name)
	return owner
}

func autoscalerOf(t *testing.T, workload string) string {
	t.Helper()
	return watched.Kubectl(t, "get", "hpa", workload, "--namespace="+namespace, "--output=jsonpath={.status}")
}

// averageOfRequests returns the requests of the average pod as the autoscaler sees them, or -1 if it sees none.
func averageOfRequests(t *testing.T) int {
	t.Helper()
	printed := watched.Kubectl(t, "get", "hpa", scaledWorkload, "--namespace="+namespace,
		`--output=jsonpath={.status.currentMetrics[?(@.type=="External")].external.current.averageValue}`)
	if printed == "" {
		return -1
	}
	if milli, is := strings.CutSuffix(printed, "m"); is {
		return figureOf(t, milli) / 1000
	}
	return figureOf(t, printed)
}

func scaledObject(t *testing.T) string {
	t.Helper()
	return watched.Kubectl(t, "get", "scaledobject", scaledWorkload, "--namespace="+namespace,
		"--output=jsonpath={.status.conditions}")
}

// scalePrometheus takes both replicas away, or brings them back.
func scalePrometheus(t *testing.T, replicas int) {
	t.Helper()
	watched.Kubectl(t, "scale", "deployment", "prometheus-a", "prometheus-b", "--namespace=dreamseed-monitoring",
		fmt.Sprintf("--replicas=%d", replicas))
}

// failuresOfKEDA returns the metric of the alert ScaledObjectFallback, as KEDA itself serves it.
func failuresOfKEDA(t *testing.T) float64 {
	t.Helper()
	content, err := os.ReadFile(watched.Stack.ControlPlane())
	require.NoError(t, err)
	var running struct{ Ports map[string]int }
	require.NoError(t, json.Unmarshal(content, &running))
	port := running.Ports["keda-metrics"]
	require.NotZero(t, port, string(content))
	sum, count, err := sumOf(t, fmt.Sprintf("http://127.0.0.1:%d/metrics", port),
		`keda_scaler_detail_errors_total\{[^}]*namespace="`+namespace+`"[^}]*scaledObject="`+scaledWorkload+`"[^}]*\}`)
	require.NoError(t, err)
	require.NotZero(t, count, "the metric with the labels of the alert")
	return sum
}
