package stand

import (
	"slices"
	"sync"
	"testing"
	"time"
)

// hold is who has a stand, and what is known of what it holds.
type hold struct {
	test    sync.Mutex // held by one test from where it takes the stand to the end of its clean-up
	first   sync.Once  // the first up as tracked
	content content
}

type content int

const (
	nothing content = iota
	// asItIsTracked means that nobody changed anything since an up of the tracked configuration.
	asItIsTracked
	// asConfigured means that nobody changed anything since an up of the configuration in the stack's file.
	asConfigured
	// anything is what a stand may hold after a change, or after a test that failed.
	anything
)

// atWork bounds how many stands work at the same time. Most of a run is waiting, but with all of them at once, two
// cores keep each waiting for longer than the tests are patient.
var atWork = make(chan struct{}, 6)

// Taken makes the stand the test's own until the test has ended, however the one before it left the stand. The test
// runs beside those of other stands.
func (s *Stand) Taken(t *testing.T) *Stand {
	t.Helper()
	t.Parallel()
	asked := time.Now()
	s.hold.test.Lock()
	atWork <- struct{}{}
	t.Logf("waited %.1fs for stand %s", time.Since(asked).Seconds(), s.Stack.Name)
	t.Cleanup(func() {
		if t.Failed() {
			s.hold.content = anything
		}
		<-atWork
		s.hold.test.Unlock()
	})
	return s
}

// AsTracked takes the stand with the tracked configuration deployed. Where that is known to be so already, nothing is
// run.
func (s *Stand) AsTracked(t *testing.T) {
	t.Helper()
	s.Taken(t).Seen(t).settle(t)
}

// Deployed takes the stand with a configuration deployed that works, whichever it is: where the test before it left
// one, nothing is run. What the test changes is to be new, so that nothing of it is there already.
func (s *Stand) Deployed(t *testing.T) {
	t.Helper()
	s.Taken(t)
	if s.hold.content != asConfigured {
		s.Seen(t).settle(t)
	}
}

// Emptied takes the stand with nothing deployed.
func (s *Stand) Emptied(t *testing.T) {
	t.Helper()
	s.Taken(t)
	if s.hold.content == anything {
		s.Up(t, Tracked) // its control plane may not even run
	}
	if s.hold.content != nothing {
		s.Destroy(t)
	}
}

// Seen waits until the tracked configuration was deployed for the first time, and takes nothing. On a stand that no
// test changes, this is where it stays.
func (s *Stand) Seen(t *testing.T) *Stand {
	t.Helper()
	s.hold.first.Do(func() { s.settle(t) })
	return s
}

func (s *Stand) settle(t *testing.T) {
	t.Helper()
	if s.hold.content != asItIsTracked {
		s.Up(t, Tracked)
	}
}

// looking are the commands of kubectl that change nothing.
var looking = []string{"api-resources", "config", "get", "wait"}

// lookingByHand are the commands of pulumi that change nothing in the cluster.
var lookingByHand = []string{"config", "preview", "stack"}

// noteByHand marks what a run of pulumi may have changed.
func (h *hold) noteByHand(words []string) {
	if !slices.Contains(lookingByHand, words[0]) {
		h.content = anything
	}
}

// note marks what a run of kubectl may have changed.
func (h *hold) note(words []string) {
	if !slices.Contains(looking, words[0]) && !slices.Contains(words, "--dry-run=server") {
		h.content = anything
	}
}
