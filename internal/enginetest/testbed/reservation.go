package testbed

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

// reservation is the lock of a testbed, with the known state of its content.
type reservation struct {
	test    sync.Mutex // held by one test from taking the testbed to the end of its clean-up
	first   sync.Once  // the first up of the tracked configuration
	content content
}

type content int

const (
	nothing content = iota
	// asItIsTracked means that nobody changed anything since an up of the tracked configuration.
	asItIsTracked
	// asConfigured means that nobody changed anything since an up of the configuration in the stack's file.
	asConfigured
	// anything is the content after a change, or after a test that failed.
	anything
)

// atWork limits how many testbeds work at the same time. A run mostly waits, but with all of them at once on two cores,
// each waits longer than the tests' deadlines allow.
var atWork = make(chan struct{}, 6)

// Taken reserves the testbed until the test has ended, whatever state the previous test left. The test runs
// in parallel with those of other testbeds.
func (s *Testbed) Taken(t *testing.T) *Testbed {
	t.Helper()
	t.Parallel()
	asked := time.Now()
	s.hold.test.Lock()
	atWork <- struct{}{}
	t.Logf("waited %.1fs for testbed %s", time.Since(asked).Seconds(), s.Stack.Name)
	t.Cleanup(func() {
		if t.Failed() {
			s.hold.content = anything
		}
		<-atWork
		s.hold.test.Unlock()
	})
	return s
}

// Lent marks the content as unknown: somebody else deploys to the testbed until the test ends.
func (s *Testbed) Lent() { s.hold.content = anything }

// Closed stops the testbed's control plane when the test has ended. It is for the last test of a testbed, so that the
// others have the machine for themselves.
func (s *Testbed) Closed(t *testing.T) {
	t.Helper()
	t.Cleanup(func() { assert.NoError(t, s.Box.Down(context.WithoutCancel(t.Context()))) })
}

// AsTracked takes the testbed with the tracked configuration deployed. It runs nothing if that is known to be so
// already.
func (s *Testbed) AsTracked(t *testing.T) {
	t.Helper()
	s.Taken(t).Seen(t).settle(t)
}

// Deployed takes the testbed with any working configuration deployed. It runs nothing if the previous test left one.
// The test should make a change that no earlier test made.
func (s *Testbed) Deployed(t *testing.T) {
	t.Helper()
	s.Taken(t)
	if s.hold.content != asConfigured {
		s.Seen(t).settle(t)
	}
}

// Emptied takes the testbed with nothing deployed.
func (s *Testbed) Emptied(t *testing.T) {
	t.Helper()
	s.Taken(t)
	if s.hold.content == anything {
		s.Up(t, Tracked) // its control plane may not even run
	}
	if s.hold.content != nothing {
		s.Destroy(t)
	}
}

// Seen waits until the tracked configuration was deployed for the first time, and reserves nothing. A testbed that no
// test changes stays in that state.
func (s *Testbed) Seen(t *testing.T) *Testbed {
	t.Helper()
	s.hold.first.Do(func() { s.settle(t) })
	return s
}

func (s *Testbed) settle(t *testing.T) {
	t.Helper()
	if s.hold.content != asItIsTracked {
		s.Up(t, Tracked)
	}
}

// looking are the kubectl commands that change nothing.
var looking = []string{"api-resources", "config", "get", "wait"}

// lookingByHand are the pulumi commands that change nothing in the cluster.
var lookingByHand = []string{"config", "preview", "stack"}

// noteByHand marks the content as unknown after a pulumi command that may have changed it.
func (h *reservation) noteByHand(words []string) {
	if !slices.Contains(lookingByHand, words[0]) {
		h.content = anything
	}
}

// note marks the content as unknown after a kubectl command that may have changed it.
func (h *reservation) note(words []string) {
	if !slices.Contains(looking, words[0]) && !slices.Contains(words, "--dry-run=server") {
		h.content = anything
	}
}
