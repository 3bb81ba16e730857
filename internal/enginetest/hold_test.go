package enginetest

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
	// anything is what a stand may hold after a change, or after a test that failed.
	anything
)

// taken makes the stand the test's own until the test has ended, however the one before it left the stand. The test
// runs beside those of other stands.
func (s *stand) taken(t *testing.T) *stand {
	t.Helper()
	t.Parallel()
	asked := time.Now()
	s.hold.test.Lock()
	t.Logf("waited %.1fs for stand %s", time.Since(asked).Seconds(), s.stack.Name)
	t.Cleanup(func() {
		if t.Failed() {
			s.hold.content = anything
		}
		s.hold.test.Unlock()
	})
	return s
}

// asTracked takes the stand with the tracked configuration deployed. Where that is known to be so already, nothing is
// run.
func (s *stand) asTracked(t *testing.T) {
	t.Helper()
	s.taken(t).seen(t).settle(t)
}

// emptied takes the stand with nothing deployed.
func (s *stand) emptied(t *testing.T) {
	t.Helper()
	s.taken(t)
	if s.hold.content == anything {
		s.up(t, tracked) // its control plane may not even run
	}
	if s.hold.content != nothing {
		s.destroy(t)
	}
}

// seen waits until the tracked configuration was deployed for the first time, and takes nothing. On a stand that no
// test changes, this is where it stays.
func (s *stand) seen(t *testing.T) *stand {
	t.Helper()
	s.hold.first.Do(func() { s.settle(t) })
	return s
}

func (s *stand) settle(t *testing.T) {
	t.Helper()
	if s.hold.content != asItIsTracked {
		s.up(t, tracked)
	}
}

// looking are the words of kubectl that change nothing.
var looking = []string{"get", "api-resources", "config", "--dry-run=server"}

// note marks what a run of kubectl may have changed.
func (h *hold) note(words []string) {
	looks := func(word string) bool { return slices.Contains(looking, word) }
	if !slices.ContainsFunc(words, looks) {
		h.content = anything
	}
}
