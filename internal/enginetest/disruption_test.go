package enginetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/dreamseed/platform/internal/enginetest/recorder"
	"github.com/dreamseed/platform/internal/enginetest/testbed"
	"github.com/dreamseed/platform/services/catalogue"
)

// floors returns the floors of the local stack's services.
func floors() map[string]int {
	promised := map[string]int{}
	for _, name := range catalogue.Names() {
		service, _ := catalogue.Lookup(name)
		promised[service.Workload()] = 1
	}
	promised["analytics-service"] = 0
	return promised
}

func assertFloorsHeld(t *testing.T, seen recorder.History) {
	t.Helper()
	for workload, floor := range floors() {
		assert.GreaterOrEqual(t, seen.LowestReady(workload), floor, workload)
	}
}

func TestDrainOfEveryNodeKeepsEveryServiceAboveItsFloor(t *testing.T) {
	disrupted.AsTracked(t)
	zones := disrupted.zones(t)

	seen := disrupted.Recorded(t, func() {
		for _, zone := range []string{"local-a", "local-b", "local-c"} {
			for _, node := range zones[zone] {
				assert.True(t, disrupted.drain(t, node, time.Minute).finished, node)
				disrupted.uncordon(t, node)
				disrupted.allReady(t)
			}
		}
	})

	assert.NotEmpty(t, seen.Ended(), "the control: pods were evicted")
	assertFloorsHeld(t, seen)
}

func TestDrainIsHeldUpByAFloorThatLeavesNoPodToEvict(t *testing.T) {
	disrupted.AsTracked(t)
	budget := func(minAvailable string) {
		disrupted.Kubectl(t, "patch", "pdb", "user-service", "--namespace", namespace, "--type=merge",
			"--patch", `{"spec": {"minAvailable": `+minAvailable+`}}`)
	}
	budget("2")
	node := disrupted.aNodeOf(t, disrupted.Namespace(), "user-service")

	held := disrupted.drain(t, node, 5*time.Second)

	assert.False(t, held.finished)
	assert.Equal(t, []string{"user-service"}, held.refused)
	budget("1")
	assert.True(t, disrupted.drain(t, node, time.Minute).finished, "the budget was what held it up")
}

func TestLossOfAZoneKeepsEveryServiceAboveItsFloor(t *testing.T) {
	disrupted.AsTracked(t)
	before := disrupted.zones(t)
	var lost []string

	seen := disrupted.Recorded(t, func() {
		lost = disrupted.loseZone(t, "local-a")
		disrupted.allReady(t)
	})

	assert.Equal(t, before["local-a"], lost)
	assert.NotEmpty(t, seen.Ended(), "the control: pods ran there")
	assertFloorsHeld(t, seen)

	summary := disrupted.Up(t, testbed.Tracked)

	assert.Zero(t, summary.Changes(), "the nodes are no part of the stack: %+v", summary.Steps)
	assert.Equal(t, before, disrupted.zones(t))
}

// allReady waits until every service has all of its pods again.
func (s *subject) allReady(t *testing.T) {
	t.Helper()
	require.EventuallyWithT(t, func(collect *assert.CollectT) {
		status, err := s.Box.Status(t.Context())
		require.NoError(collect, err)
		for _, service := range status.Services {
			assert.True(collect, service.RolledOut, "%+v", service)
		}
	}, time.Minute, 200*time.Millisecond)
}
